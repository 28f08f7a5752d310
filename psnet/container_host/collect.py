"""What a support case needs of a host, read part by part: one that cannot be read is named, and the rest goes on."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet.errors import HostError, SessionLostError, UnreachableError
from psnet.powershell import Templates
from psnet.recording.support_case import without_secrets
from psnet.resources.firewall_rule import PSNET_GROUP
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.transport import Session

#: Parts, which are files of the archive, in the order in which they are read.
_TABLES: Final = (
    *("system", "computer", "updates", "services", "adapters", "adapter-bindings", "addresses", "interfaces", "routes"),
    *("dns-servers", "neighbours", "switches", "switch-extensions", "host-ports", "hns-version", "hns-networks"),
    *("hns-endpoints", "hns-policylists", "hns-namespaces", "nats", "nat-mappings", "nat-addresses", "listeners"),
    *("firewall-profiles", "firewall-rules", "connection-profiles", "tasks", "cni", "psnet-ledger"),
)
_TEXTS: Final = ("excluded-ports", "portproxy", "docker-networks")
_LOGS: Final[Mapping[str, str]] = {
    "events-hns": "Microsoft-Windows-Host-Network-Service-Admin",
    "events-vmswitch": "Microsoft-Windows-Hyper-V-VmSwitch-Operational",
    "events-firewall": "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    "events-system": "System",
}
_LIBRARIES: Final = ("plain", "hns", "property")
_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "cni": ("containerd", "cni_setting", "cni_read", "folder", "ledger"),
    "psnet-ledger": ("folder", "ledger"),
}
#: Bounds: characters of a part, events of a log, seconds and bytes of a trace, bytes of each packet, bytes of a host.
PART: Final = 1_000_000
_EVENTS: Final = 300
SECONDS: Final = 120
TRACE: Final = 16_000_000
_PACKET: Final = 128
HOST: Final = 32_000_000


@dataclass(frozen=True, slots=True)
class CollectedHost:
    """The files of one host, what could not be read and why, and how many secrets of each kind were taken out."""

    host: str
    files: dict[str, bytes] = field(repr=False)
    unread: dict[str, str] = field(default_factory=dict)
    taken_out: dict[str, int] = field(default_factory=dict)


def collect_scripts(trace: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield the file and the script of each part; ``trace`` asks for a recording of so many seconds."""
    using = Templates()
    for part in (*_TABLES, *_TEXTS, *_LOGS):
        names = (*_LIBRARIES, *_MORE.get(part, ()))
        script = using.render(
            "collect.ps1.j2",
            part=part,
            functions=[using.render(f"lib/{name}.ps1.j2") for name in names],
            group=PSNET_GROUP,
            log=_LOGS.get(part),
            most=_EVENTS,
        )
        yield f"{part}.{'txt' if part in _TEXTS else 'json'}", str(script)
    if trace is not None:
        script = using.render(
            "trace.ps1.j2",
            functions=[using.render(f"lib/{name}.ps1.j2") for name in ("folder", "netsh")],
            packet=f"packettruncatebytes={_PACKET}",
            size=f"maxsize={TRACE // 1_000_000}",
            seconds=trace,
            most=TRACE + 1_000_000,
        )
        yield "trace.etl", str(script)


def collect_host(session: Session, host: str, trace: int | None = None) -> CollectedHost:
    """Read the parts of a host, redacted; what a trace recorded is bytes and stays as it is.

    Raises HostError when the host cannot be reached or its session ends before anything was read.
    """
    files: dict[str, bytes] = {}
    unread: dict[str, str] = {}
    counts: Counter[str] = Counter()
    lost = ""
    for name, script in collect_scripts(trace):
        if lost:
            unread[name] = lost
            continue
        try:
            lines = _run(session, host, script)
            made, taken = _file(name, lines)
        except (HostError, binascii.Error) as error:
            gone = isinstance(error, SessionLostError | UnreachableError)
            if gone and not files:
                raise
            unread[name] = without_secrets(getattr(error, "message", str(error)))[0]
            lost = unread[name] if gone else ""
            continue
        if sum(map(len, files.values())) + len(made) > HOST:
            unread[name] = f"the host's files have reached {HOST} bytes"
            continue
        files[name] = made
        counts += taken
    return CollectedHost(host, files, unread, dict(counts))


def _run(session: Session, host: str, script: str) -> list[str]:
    output = session.run(script, reading=True)
    if output.failed:
        raise script_error(output, host, "collecting")
    return output.lines()


def _file(name: str, lines: list[str]) -> tuple[bytes, Counter[str]]:
    if name.endswith(".etl"):
        return b"".join(base64.b64decode(line, validate=True) for line in lines), Counter()
    text = "\n".join(lines)
    cut = f"\n... cut at {PART} of {len(text)} characters" if len(text) > PART else ""
    clean, taken = without_secrets(text)
    return (clean[:PART] + cut + "\n").encode(), taken
