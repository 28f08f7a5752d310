"""docker run, stop and rm: containers made and taken away as the Docker Engine of a host does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.errors import LabError
from psnet.lab.contract.programs import ProgramResult
from psnet.lab.host.docker import Docker, DockerError
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.run_command import RunRefusedError, RunRequest, read_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.host.model import Host

_FAILED: Final = 125


def run_container(host: Host, engine: Docker, words: Sequence[str]) -> ProgramResult:
    """Run docker run --detach: the answer is the container's id, or the daemon's refusal."""
    try:
        request = read_run("docker", words)
        return ProgramResult(0, [_made(host, engine, request)])
    except RunRefusedError as error:
        return ProgramResult(_FAILED, error=[f"docker: {error}.", "See 'docker run --help'."])
    except DockerError as error:
        return ProgramResult(
            _FAILED, error=[f"docker: Error response from daemon: {error}.", "See 'docker run --help'."]
        )


def _made(host: Host, engine: Docker, request: RunRequest) -> str:
    record = engine.find(request.network)
    network = next((item for item in host.hns.networks if record is not None and item.id == record.hns), None)
    if network is None:
        raise DockerError(f"network {request.network} not found")  # rule: docker-run-network
    name = request.name or f"container{len(engine.containers) + 1}"
    if name.lower() in engine.containers:
        # rule: docker-run-name
        raise DockerError(f'Conflict. The container name "/{name}" is already in use')
    try:
        made = host.run_container(
            name,
            network.name,
            isolation=request.isolation,
            ports=request.ports,
            address=request.address,
            image=request.image,
        )
    except (HnsError, HostRefusal, LabError) as error:
        code = f" (0x{error.code:x})" if isinstance(error, HnsError) else ""
        raise DockerError(
            f"hnsCall failed in Win32: {str(error).rstrip('. ')}.{code}"
        ) from None  # rule: docker-hns-refusal
    return made.id


def stop_containers(host: Host, engine: Docker, names: Sequence[str], *, remove: bool, force: bool) -> ProgramResult:
    """Run docker stop or docker rm: what is gone is told by its name."""
    done, errors = [], []
    for name in names:
        known = engine.containers.get(name.lower())
        running = name.lower() in host.containers
        if known is None:
            errors.append(f"Error response from daemon: No such container: {name}")  # rule: docker-no-container
            continue
        if remove and running and not force:
            # rule: docker-rm-running
            errors.append(f'Error response from daemon: cannot remove container "/{name}": container is running')
            continue
        if running:
            host.stop_container(name)
        if remove:
            del engine.containers[name.lower()]
        done.append(name)
    return ProgramResult(1 if errors else 0, done, errors)
