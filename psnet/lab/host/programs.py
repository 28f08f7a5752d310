"""Console programs that a host has: netsh, hostname and whoami, and docker where it is installed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.lab.contract.programs import Program, ProgramResult
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host.containerd import FOLDER, NERDCTL
from psnet.lab.host.containerd_cli import run_crictl, run_ctr, run_nerdctl
from psnet.lab.host.docker_cli import run_docker
from psnet.lab.host.listeners import run_portproxy

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_SPECIAL: Final = re.compile(r"[&|<>%^()@]")
_EXIT: Final = re.compile(r"(?:/b\s*)?(?P<code>-?\d{1,9})?", re.IGNORECASE)
_GRANT: Final = re.compile(r"\*S-1-5-[\d-]+:(?:\([A-Z]+\))*[FMRXW]+")
_OWNER: Final = re.compile(r"\*S-1-\d+(-\d+)+")
_SIDS: Final = {"S-1-5-18": "SY", "S-1-5-32-544": "BA"}
_EXCLUDED: Final = (
    ["interface", "ipv4", "show", "excludedportrange"],
    ["int", "ipv4", "show", "excludedportrange"],
)


def programs_of(*, docker: bool, containerd: bool = False) -> dict[str, Program]:
    """Return programs by name without .exe."""
    found = {
        "netsh": Program("C:\\Windows\\system32\\netsh.exe", _netsh),
        "icacls": Program("C:\\Windows\\system32\\icacls.exe", _icacls),
        "cmd": Program("C:\\Windows\\system32\\cmd.exe", _cmd),
        "hostname": Program("C:\\Windows\\system32\\HOSTNAME.EXE", _hostname),
        "whoami": Program("C:\\Windows\\system32\\whoami.exe", _whoami),
    }
    if docker:
        found["docker"] = Program("C:\\Program Files\\Docker\\docker.exe", run_docker)
    if containerd:
        # rule: containerd-path
        found["ctr"] = Program(f"{FOLDER}\\ctr.exe", run_ctr, on_path=False)
        found["nerdctl"] = Program(f"{NERDCTL}\\nerdctl.exe", run_nerdctl, on_path=False)
        found["crictl"] = Program(f"{FOLDER}\\crictl.exe", run_crictl, on_path=False)
    return found


def _hostname(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Print the name of the computer. Source: Microsoft Learn, hostname."""
    if words or lines:
        raise UnsupportedError(f"hostname {' '.join(words)}")
    return ProgramResult(0, [host.name.upper()])


def _whoami(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Print the account, domain and name in small letters. Source: Microsoft Learn, whoami."""
    if words or lines:
        raise UnsupportedError(f"whoami {' '.join(words)}")
    return ProgramResult(0, [f"{host.name[:15]}\\{current().user_name}".lower()])


def _cmd(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Do ``cmd /c exit N`` and ``cmd /c echo TEXT``; any other command line is refused."""
    _ = host
    text = " ".join(words[1:]).strip()
    plain = words[:1] and words[0].lower() == "/c" and not lines and not _SPECIAL.search(text)
    verb, _, rest = text.partition(" ")
    code = _EXIT.fullmatch(rest.strip())
    if plain and verb.lower() == "exit" and code is not None:
        return ProgramResult(int(code["code"] or 0))
    if plain and verb.lower() == "echo" and rest.strip().lower() not in {"", "on", "off", "/?"}:
        return ProgramResult(0, [rest])
    raise UnsupportedError(f"cmd {' '.join(words)}")


def _icacls(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Replace the permissions of one file or folder, inherit them again, or give it to another owner."""
    switches = {word.lower() for word in words[1:]}
    if words and not lines and "/reset" in switches and switches <= {"/reset", "/t", "/c", "/q"}:
        return _reset(host, words[0], below="/t" in switches)
    if len(words) == 3 and words[1].lower() == "/setowner" and _OWNER.fullmatch(words[2]) and not lines:
        return _set_owner(host, words[0], words[2].removeprefix("*"))
    known = [word for word in words[1:] if word.lower() in ("/inheritance:r", "/grant:r", "/q")]
    grants = [word for word in words[1:] if _GRANT.fullmatch(word)]
    if not words or len(known) + len(grants) != len(words) - 1 or not grants or lines:
        raise UnsupportedError(f"icacls {' '.join(words)}")
    entry = host.files.find(words[0])
    if entry is None:
        return ProgramResult(2, [f"{words[0]}: The system cannot find the file specified."])
    entry.dacl = "P" + "".join(_entry_of(grant) for grant in grants)
    return ProgramResult(
        0, [f"processed file: {words[0]}", "Successfully processed 1 files; Failed processing 0 files"]
    )


def _set_owner(host: Host, path: str, owner: str) -> ProgramResult:
    entry = host.files.find(path)
    if entry is None:
        return ProgramResult(2, [f"{path}: The system cannot find the file specified."])
    entry.owner = owner
    return ProgramResult(0, [f"processed file: {path}", "Successfully processed 1 files; Failed processing 0 files"])


def _entry_of(grant: str) -> str:
    """Return a grant of icacls, such as ``*S-1-5-18:(OI)(CI)F``, as SDDL has it."""
    who, _, rights = grant.removeprefix("*").partition(":")
    words = re.findall(r"[A-Z]+", rights)
    flags, right = "".join(words[:-1]), words[-1]
    return f"(A;{flags};{'FA' if right == 'F' else right};;;{_SIDS.get(who, who)})"


def _reset(host: Host, path: str, *, below: bool) -> ProgramResult:
    entry = host.files.find(path)
    if entry is None:
        return ProgramResult(2, [f"{path}: The system cannot find the file specified."])
    waiting, count = [entry], 0
    while waiting:
        found = waiting.pop()
        count += 1
        found.dacl = ""
        waiting += (found.children or {}).values() if below else ()
    return ProgramResult(0, [f"Successfully processed {count} files; Failed processing 0 files"])


def _exclude(host: Host, words: list[str]) -> ProgramResult:
    """Reserve a range of ports, as nodes of Kubernetes do for NodePorts; written with the names of the parameters."""
    given = {name.lower(): value.lower() for name, _, value in (word.partition("=") for word in words[4:])}
    first, count = given.get("startport", ""), given.get("numberofports", "")
    known = set(given) <= {"protocol", "startport", "numberofports", "store"}
    if not known or given.get("protocol") not in ("tcp", "udp") or not first.isdigit() or not count.isdigit():
        raise UnsupportedError(f"netsh {' '.join(words)}")
    start, end = int(first), int(first) + int(count) - 1
    kind = given["protocol"].upper()
    if end > 65535 or any(one == kind and low <= end and start <= high for one, low, high in host.nat.excluded):
        raise UnsupportedError(f"netsh {' '.join(words)}: a range that cannot be reserved")
    host.nat.excluded.append((kind, start, end))
    return ProgramResult(0, ["Ok.", ""])


def _dynamic_ports(words: list[str], protocol: str) -> ProgramResult:
    """Show the range from which ports are given out, which nothing here changes."""
    if protocol not in ("tcp", "udp"):
        raise UnsupportedError(f"netsh {' '.join(words)}")
    # rule: dynamic-ports
    title = f"Protocol {protocol} Dynamic Port Range"
    rows = ["Start Port      : 49152", "Number of Ports : 16384"]
    return ProgramResult(0, ["", title, "-" * 33, *rows, ""])


def _netsh(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Show the reserved port ranges, or forward ports; every other use of netsh is unknown here."""
    lowered = [word.lower() for word in words]
    if lowered[:2] == ["interface", "portproxy"] and not lines:
        return run_portproxy(host, words[2:])
    if lowered[:1] in (["int"], ["interface"]) and lowered[1:4] == ["ipv4", "add", "excludedportrange"] and not lines:
        return _exclude(host, words)
    protocol = lowered[4].removeprefix("protocol=") if len(lowered) == 5 else ""
    if lowered[:1] in (["int"], ["interface"]) and lowered[1:4] == ["ipv4", "show", "dynamicport"] and not lines:
        return _dynamic_ports(words, protocol)
    if lowered[:4] not in _EXCLUDED or protocol not in ("tcp", "udp") or lines:
        raise UnsupportedError(f"netsh {' '.join(words)}")
    ranges = [
        f"{first:>10}{last:>12}      " for kind, first, last in sorted(host.nat.excluded) if kind.lower() == protocol
    ]
    head = ["", f"Protocol {protocol} Port Exclusion Ranges", ""]
    head += ["Start Port    End Port      ", "----------    --------      "]
    return ProgramResult(0, [*head, *ranges, "", "* - Administered port exclusions.", ""])
