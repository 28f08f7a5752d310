"""The containers of a host, from what their runtimes say of them and what HNS says of their endpoints."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCKER_PORT: Final = re.compile(r"(?:(\S+):)?(\d+)(?:-(\d+))?->(\d+)(?:-\d+)?/(tcp|udp)")
_CNI_NAME: Final = re.compile(r"[0-9a-f]{64}_.+|[0-9a-f]{8}-\S+")
_ANY: Final = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 - what runtimes write for every address
_PREFIX: Final = 8


def join_containers(data: dict[str, Any]) -> None:
    """Turn what runtimes said into containers with their endpoints, and mark what others made."""
    said: list[dict[str, Any]] = list(data.get("containers") or ())
    endpoints: list[dict[str, Any]] = data["endpoints"]
    pods = {item["id"]: item for item in said if item.get("sandbox") == item["id"]}
    data["containers"] = [_container(item, pods, endpoints) for item in said if item["id"] not in pods]
    _mark(data, {item["id"] for item in said if item["runtime"] == "docker"})


def _container(
    item: dict[str, Any], pods: dict[str, dict[str, Any]], endpoints: list[dict[str, Any]]
) -> dict[str, Any]:
    pod = pods.get(item.get("sandbox") or "")
    own = {str(key): str(value) for key, value in (item.get("labels") or {}).items()}
    # A pod's labels stand at its sandbox.
    labels = {**{key: str(value) for key, value in ((pod or {}).get("labels") or {}).items()}, **own}
    found = list(_endpoints_of(item, pod, endpoints))
    made: dict[str, Any] = {
        "id": item["id"],
        "runtime": _runtime(item, labels),
        "name": item.get("name")
        or labels.get("io.kubernetes.container.name")
        or labels.get("nerdctl/name")
        or item["id"],
        "image": item.get("image") or "",
        "isolation": "hyperv" if item.get("hyperv") or any(_machine(each) for each in found) else "process",
        "pod": labels.get("io.kubernetes.pod.name"),
        "pod_namespace": labels.get("io.kubernetes.pod.namespace"),
        "namespace": item.get("namespace") or ("k8s.io" if item["runtime"] == "kubelet" else None),
        "labels": {key: value for key, value in _labels(item, labels) if not _internal(key)},
        "endpoints": [each["id"] for each in found],
        "addresses": [each["address"] for each in found if each.get("address")],
        "ports": list(_ports(item, labels)),
    }
    return made


def _runtime(item: dict[str, Any], labels: dict[str, str]) -> str:
    if item["runtime"] == "containerd":
        if "io.kubernetes.pod.name" in labels:
            return "kubelet"
        return "nerdctl" if "nerdctl/name" in labels else "containerd"
    return str(item["runtime"])


def _internal(key: str) -> bool:
    return key.startswith(("nerdctl/", "io.kubernetes.", "io.cri-containerd"))


def _labels(item: dict[str, Any], labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from labels.items()
    for pair in (item.get("said_labels") or "").split(","):
        key, _, value = pair.partition("=")
        if key:
            yield key, value


def _machine(endpoint: dict[str, Any]) -> bool:
    return bool(endpoint.get("virtual_machine")) or endpoint.get("kind") == "synthetic VM NIC"


def _endpoints_of(
    item: dict[str, Any], pod: dict[str, Any] | None, endpoints: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield a container's endpoints: by its network namespace, by its id or its pod's, or by a name of CNI.

    Source: reference cni.md, Containers and their endpoints on the host.
    """
    netns = str(item.get("netns") or (pod or {}).get("netns") or "").lower()
    ids = {item["id"], *([item["sandbox"]] if item.get("sandbox") else [])}
    for endpoint in endpoints:
        if endpoint.get("remote"):
            continue
        name = str(endpoint["name"])
        if (
            (netns and str(endpoint.get("namespace") or "").lower() == netns)
            or ids & set(endpoint["containers"])
            or any(name.startswith((f"{each}_", f"{each[:_PREFIX]}-")) for each in ids)
        ):
            yield endpoint


def _ports(item: dict[str, Any], labels: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what is published: docker's words, nerdctl's label, the kubelet's annotation."""
    said = str(item.get("said_ports") or labels.get("nerdctl/ports") or "")
    if not said.startswith("["):
        seen: set[tuple[str, int, int]] = set()
        for address, first, last, inner, word in _DOCKER_PORT.findall(said):
            for offset in range(int(last or first) - int(first) + 1):
                key = (word.upper(), int(first) + offset, int(inner) + offset)
                if key not in seen:
                    seen.add(key)
                    yield _port(*key, address)
        return
    try:
        listed = json.loads(said)
    except ValueError:
        return
    for entry in listed:
        low = {str(key).lower(): value for key, value in entry.items()}
        if low.get("hostport"):
            word = str(low.get("protocol") or "tcp").upper()
            yield _port(word, int(low["hostport"]), int(low["containerport"]), str(low.get("hostip") or ""))


def _port(protocol: str, outer: int, inner: int, address: str) -> dict[str, Any]:
    plain = "" if address in _ANY else address
    return {"protocol": protocol, "external_port": outer, "internal_port": inner, "address": plain}


def _named_by_cni(endpoint: dict[str, Any]) -> bool:
    """Say whether a plug-in made it by its name: a container's id before it, or flannel's for the host."""
    name = str(endpoint["name"])
    return bool(_CNI_NAME.fullmatch(name)) or name == f"{endpoint['network']}_ep"


def _mark(data: dict[str, Any], docker: set[str]) -> None:
    """Say whose endpoints and policy lists are: docker's, CNI's or kube-proxy's; the rest is nobody's that is known."""
    mine = {key.partition("/")[2].lower() for key in data["ledger"] if key.startswith("endpoint/")}
    owners: dict[str, str] = {}
    for endpoint in data["endpoints"]:
        name = str(endpoint["name"])
        space = endpoint.get("namespace")
        if endpoint.get("remote") and name.lower() not in mine:
            endpoint["owner"] = "kube-proxy"
        elif docker & set(endpoint["containers"]):
            endpoint["owner"] = "docker"
        elif (space and space.strip("0-")) or (name.lower() not in mine and _named_by_cni(endpoint)):
            endpoint["owner"] = "CNI"
        if endpoint.get("owner"):
            owners[endpoint["id"].lower()] = endpoint["owner"]
    fronts = {
        (vip, entry.get("external_port"))
        for key, entry in data["ledger"].items()
        if key.startswith("load_balancer/")
        for vip in entry.get("vips") or ()
    }
    for item in data["policy_lists"]:
        own = any(
            (vip, policy.get("ExternalPort")) in fronts
            for policy in item["policies"]
            for vip in policy.get("VIPs") or ()
        )
        members = {owners.get(each.lower()) for each in item["endpoints"]}
        if not own and members and members <= {"kube-proxy", "CNI"}:
            item["owner"] = "kube-proxy"
