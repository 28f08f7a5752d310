"""Console programs that a host has: netsh, and docker where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.native_command import Program, ProgramResult
from psnet.lab.host.docker_cli import run_docker

if TYPE_CHECKING:
    from psnet.lab.host.model import LabHost

_EXCLUDED: Final = (
    ["interface", "ipv4", "show", "excludedportrange"],
    ["int", "ipv4", "show", "excludedportrange"],
)


def programs_of(*, docker: bool) -> dict[str, Program]:
    """Return programs by name without .exe."""
    found = {"netsh": Program("C:\\Windows\\system32\\netsh.exe", _netsh)}
    if docker:
        found["docker"] = Program("C:\\Program Files\\Docker\\docker.exe", run_docker)
    return found


def _netsh(host: LabHost, words: list[str], lines: list[str]) -> ProgramResult:
    """Show the reserved port ranges; every other use of netsh is unknown here."""
    lowered = [word.lower() for word in words]
    protocol = lowered[4].removeprefix("protocol=") if len(lowered) == 5 else ""
    if lowered[:4] not in _EXCLUDED or protocol not in ("tcp", "udp") or lines:
        raise UnsupportedError(f"netsh {' '.join(words)}")
    ranges = [
        f"{first:>10}{last:>12}      " for kind, first, last in sorted(host.nat.excluded) if kind.lower() == protocol
    ]
    head = ["", f"Protocol {protocol} Port Exclusion Ranges", ""]
    head += ["Start Port    End Port      ", "----------    --------      "]
    return ProgramResult(0, [*head, *ranges, "", "* - Administered port exclusions.", ""])
