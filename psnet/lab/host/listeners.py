"""What listens on a host's ports, and what netsh interface portproxy forwards."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Final

from psnet.lab.contract.programs import ProgramResult
from psnet.lab.dotnet.errors import UnsupportedError

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_FAMILY: Final = "v4tov4"
_LISTEN: Final = ("listenport", "listenaddress")
_CONNECT: Final = ("connectport", "connectaddress")


@dataclass(slots=True)
class Listener:
    """A port that a process of the host listens on."""

    protocol: str
    address: str
    port: int
    process: int = 4


@dataclass(slots=True)
class PortProxy:
    """A TCP port that the IP Helper service forwards."""

    listen_address: str
    listen_port: int
    connect_address: str
    connect_port: int


def default_listeners() -> list[Listener]:
    """Return what every host of the lab listens on: http.sys for WinRM, as process 4."""
    return [Listener("TCP", "::", 5985), Listener("TCP", "::", 47001)]


def run_portproxy(host: Host, words: list[str]) -> ProgramResult:
    """Run netsh interface portproxy: show, add, delete of v4tov4; every other use is unknown here."""
    verb = words[0].lower() if words else ""
    if len(words) < 2 or words[1].lower() != _FAMILY:
        raise UnsupportedError(f"netsh interface portproxy {' '.join(words)}")
    if verb == "show" and len(words) == 2:
        return ProgramResult(0, _shown(host))
    given = dict(word.lower().split("=", 1) for word in words[2:] if "=" in word)
    known = _LISTEN if verb == "delete" else (*_LISTEN, *_CONNECT)
    if verb not in ("add", "delete") or len(given) != len(words) - 2 or given.keys() - set(known):
        raise UnsupportedError(f"netsh interface portproxy {' '.join(words)}")
    address = given.get("listenaddress", "*")
    if not given.get("listenport", "").isdigit():
        return ProgramResult(1, ["One or more essential parameters were not entered.", ""])
    port = int(given["listenport"])
    found = next(
        (item for item in host.nat.proxies if (item.listen_address, item.listen_port) == (address, port)), None
    )
    if verb == "delete":
        if found is None:
            # rule: portproxy-not-found
            return ProgramResult(1, ["The system cannot find the file specified.", ""])
        host.nat.proxies.remove(found)
        return ProgramResult(0, [""])
    return _add(host, given, (address, port), found)


def _add(host: Host, given: dict[str, str], listen: tuple[str, int], found: PortProxy | None) -> ProgramResult:
    # rule: portproxy-busy
    target = given.get("connectaddress", "127.0.0.1")
    try:
        IPv4Address(target)
    except AddressValueError:
        raise UnsupportedError(f"netsh interface portproxy add with connectaddress={target}") from None
    if found is not None:
        host.nat.proxies.remove(found)
    host.nat.proxies.append(PortProxy(*listen, target, int(given.get("connectport", listen[1]))))
    return ProgramResult(0, [""])


def _shown(host: Host) -> list[str]:
    rows = [
        f"{item.listen_address:<15} {item.listen_port:<11} {item.connect_address:<15} {item.connect_port}"
        for item in host.nat.proxies
    ]
    head = ["", "Listen on ipv4:             Connect to ipv4:", "", "Address         Port        Address         Port"]
    return [*head, "--------------- ----------  --------------- ----------", *rows, ""] if rows else [""]


def all_listeners(host: Host) -> list[Listener]:
    """Return what listens: the processes' own ports, and those of portproxy, which the IP Helper service holds."""
    proxied = [] if not host.services.running("iphlpsvc") else host.nat.proxies  # rule: portproxy-service
    any_address = "0.0.0.0"  # noqa: S104 - what Windows shows for every address
    return [
        *host.nat.listeners,
        *(
            Listener("TCP", any_address if item.listen_address == "*" else item.listen_address, item.listen_port, 1084)
            for item in proxied
        ),
    ]
