"""ctr.exe, nerdctl.exe and crictl.exe: listings, one container in full, and nerdctl's run and rm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.contract.programs import ProgramResult
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host.containerd import KUBERNETES, Containerd, Task
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.run_command import RunRefusedError, read_run

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_PIPE: Final = "npipe:////./pipe/containerd-containerd"
_HYPERVISOR: Final = "runhcs-wcow-hypervisor"


def _running(host: Host, program: str) -> tuple[Containerd, ProgramResult | None]:
    if host.containerd is None:
        raise UnsupportedError(program)
    if host.services.running("containerd"):
        return host.containerd, None
    # rule: containerd-not-running
    text = "open \\\\.\\pipe\\containerd-containerd: The system cannot find the file specified."
    return host.containerd, ProgramResult(
        1, error=[f'{program}: failed to dial "//./pipe/containerd-containerd": {text}']
    )


def _option(words: list[str], *names: str) -> tuple[str | None, list[str]]:
    """Return the value of an option and the words without it."""
    for place, word in enumerate(words):
        if word in names and place + 1 < len(words):
            return words[place + 1], [*words[:place], *words[place + 2 :]]
        head, equals, value = word.partition("=")
        if equals and head in names:
            return value, [*words[:place], *words[place + 1 :]]
    return None, words


def run_ctr(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Run ctr: namespaces ls -q, tasks ls -q, containers info ID."""
    engine, failed = _running(host, "ctr")
    space, rest = _option(words, "-n", "--namespace")
    space = space or "default"
    mine = [item for item in engine.tasks.values() if item.space == space]  # rule: ctr-namespace
    # rule: ctr-listings
    if lines or rest[:2] not in (["namespaces", "ls"], ["tasks", "ls"], ["containers", "info"]):
        raise UnsupportedError(f"ctr {' '.join(words)}")
    if failed is not None:
        return failed
    if rest == ["namespaces", "ls", "-q"]:
        return ProgramResult(0, sorted({item.space for item in engine.tasks.values()}))
    if rest == ["tasks", "ls", "-q"]:
        return ProgramResult(0, sorted(item.id for item in mine))
    if rest[:2] == ["containers", "info"] and len(rest) == 3:
        found = next((item for item in mine if item.id == rest[2]), None)
        if found is None:
            return ProgramResult(1, error=[f'ctr: container "{rest[2]}" in namespace "{space}": not found'])
        return ProgramResult(0, json.dumps(record(found), indent=4).split("\n"))
    raise UnsupportedError(f"ctr {' '.join(words)}")


def record(task: Task) -> dict[str, Any]:
    """Return containerd's record of a container with its OCI spec."""
    # rule: containerd-record
    windows: dict[str, Any] = {"layerFolders": [], "network": {"networkNamespace": task.netns}}
    if task.isolation == "hyperv":
        windows["hyperv"] = {}
    annotations = {"io.kubernetes.cri.sandbox-id": task.sandbox} if task.sandbox else {}
    return {
        "ID": task.id,
        "Labels": task.labels,
        "Image": task.image,
        "Runtime": {"Name": "io.containerd.runhcs.v1", "Options": None},
        "SnapshotKey": task.id,
        "Snapshotter": "windows",
        "Spec": {"ociVersion": "1.1.0", "hostname": task.name, "annotations": annotations, "windows": windows},
    }


def run_nerdctl(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Run nerdctl: inspect --mode native ID..., which needs a container or more; run --detach; rm."""
    engine, failed = _running(host, "nerdctl")
    space, rest = _option(words, "-n", "--namespace") if words[:1] != ["run"] else (None, words)
    if rest[:1] in (["run"], ["rm"]) and not lines:
        return failed or (_run if rest[0] == "run" else _remove)(engine, space or "default", rest[1:])
    mode, rest = _option(rest, "--mode")
    if lines or rest[:1] != ["inspect"] or mode != "native" or any(word.startswith("-") for word in rest):
        raise UnsupportedError(f"nerdctl {' '.join(words)}")
    if failed is not None:
        return failed
    # rule: nerdctl-inspect-native
    mine = {item.id: item for item in engine.tasks.values() if item.space == (space or "default")}
    found = [{**record(mine[name]), "Process": {"Pid": 4242}} for name in rest[1:] if name in mine]
    missing = [f"no such object: {name}" for name in rest[1:] if name not in mine]
    return ProgramResult(1 if missing else 0, json.dumps(found, indent=4).split("\n"), missing)


def _run(engine: Containerd, space: str, words: list[str]) -> ProgramResult:
    try:
        request = read_run("nerdctl", words)
        if request.address is not None:
            raise RunRefusedError("--ip is not supported on Windows")  # rule: nerdctl-flags-refused
        made = engine.run(
            request.name or f"container{len(engine.tasks) + 1}",
            network=request.network,
            space=space,
            image=request.image,
            isolation=request.isolation,
            ports=request.ports,
            labels=request.labels,
        )
    except (RunRefusedError, LabError, HnsError) as error:
        return ProgramResult(1, error=[f'time="2026-11-30T00:00:00Z" level=fatal msg={json.dumps(str(error))}'])
    return ProgramResult(0, [made.id])


def _remove(engine: Containerd, space: str, words: list[str]) -> ProgramResult:
    names = [word for word in words if word not in ("-f", "--force")]
    force = len(names) < len(words)
    done, errors = [], []
    for name in names:
        found = next((item for item in engine.tasks.values() if item.space == space and item.name == name), None)
        if found is None:
            errors.append(f"no such container: {name}")
        elif not force:
            errors.append(
                f"container {name} is in running status: stop it or force removal"
            )  # rule: nerdctl-rm-running
        else:
            engine.stop(name)
            done.append(name)
    shown = [f'time="2026-11-30T00:00:00Z" level=fatal msg={json.dumps(each)}' for each in errors]
    return ProgramResult(1 if errors else 0, done, shown)


def run_crictl(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Run crictl: pods -o json, ps -o json."""
    engine, failed = _running(host, "crictl")
    endpoint, rest = _option(words, "--runtime-endpoint", "-r")
    output, rest = _option(rest, "-o", "--output")
    if lines or rest not in (["pods"], ["ps"]) or output != "json" or endpoint != _PIPE:
        raise UnsupportedError(f"crictl {' '.join(words)}")
    if failed is not None:
        return failed
    mine = [item for item in engine.tasks.values() if item.space == KUBERNETES]
    # rule: crictl-listings
    if rest == ["pods"]:
        shown = {"items": [_pod(item) for item in mine if item.is_sandbox]}
    else:
        shown = {"containers": [_container(item) for item in mine if not item.is_sandbox]}
    return ProgramResult(0, json.dumps(shown, indent=2).split("\n"))


def _pod(task: Task) -> dict[str, Any]:
    labels = {key: value for key, value in task.labels.items() if not key.startswith("io.cri-containerd.")}
    return {
        "id": task.id,
        "metadata": {
            "name": task.name,
            "uid": labels["io.kubernetes.pod.uid"],
            "namespace": labels["io.kubernetes.pod.namespace"],
            "attempt": task.attempt,
        },
        "state": "SANDBOX_READY",
        "createdAt": "1736942400000000000",
        "labels": labels,
        "annotations": {},
        "runtimeHandler": _HYPERVISOR if task.isolation == "hyperv" else "",
    }


def _container(task: Task) -> dict[str, Any]:
    labels = {key: value for key, value in task.labels.items() if not key.startswith("io.cri-containerd.")}
    ports = [{"hostPort": outer, "containerPort": inner, "protocol": word.upper()} for outer, inner, word in task.ports]
    said = {"io.kubernetes.container.ports": json.dumps(ports, separators=(",", ":"))} if ports else {}
    return {
        "id": task.id,
        "podSandboxId": task.sandbox,
        "metadata": {"name": task.name, "attempt": task.attempt},
        "image": {"image": task.image, "annotations": {}},
        "imageRef": task.image,
        "state": "CONTAINER_RUNNING",
        "createdAt": "1736942400000000000",
        "labels": labels,
        "annotations": said,
    }
