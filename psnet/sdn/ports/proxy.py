"""Containers behind a virtual machine's interface: the proxy on the Hyper-V host, the plug-in of HNS in the machine.

As microsoft/SDN Containers/ConfigureMCNP.ps1 and InstallPrivateCloudPlugin.ps1 do it. The proxy's values, its firewall
rules and the agent's restart are made from outside. The plug-in's key belongs to the system: that script takes its
ownership and says that this is for tests and later builds register the plug-in themselves; psnet looks and says so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.planning import Change
from psnet.powershell import Templates
from psnet.resources import FieldChange
from psnet.sdn.checks.finding import finding
from psnet.sdn.ports.plan import PROXY
from psnet.sdn.state import ProxyState
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.resources import Finding
    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState

KIND: Final = PROXY
_AGENT: Final = "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\NcHostAgent\\Parameters"
_SERVICE: Final = f"{_AGENT}\\Plugins\\Vnet\\ProxiedServices\\c79d8d8d-bbb4-42ea-8a8f-a492efc40a94"
_METADATA: Final = f"{_AGENT}\\Plugins\\Vnet\\InfraServices\\MetadataServer"
_PORT: Final = 6642
#: key, value, type, data
VALUES: Final[tuple[tuple[str, str, str, Any], ...]] = (
    (_SERVICE, "ServerAddress", "String", "localhost"),
    (_SERVICE, "ServiceName", "String", "mds"),
    (_SERVICE, "ServerPort", "DWord", _PORT),
    (_SERVICE, "ProxyListeningPort", "DWord", _PORT),
    (_SERVICE, "ProxyListeningAddress", "String", "0.0.0.0"),  # noqa: S104 - Microsoft's value, on the host
    (_SERVICE, "ProxyProtocol", "String", "HttpUriPrefix"),
    (_METADATA, "Port", "DWord", _PORT),
    (_METADATA, "ProxyPort", "DWord", _PORT),
    (_METADATA, "IP", "String", "169.254.169.254"),
    (_METADATA, "MAC", "String", "22-22-22-22-22-22"),
    (
        f"{_AGENT}\\Plugins\\Vnet\\NdResponder",
        "MetadataServer",
        "MultiString",
        ["169.254.169.254", "22-22-22-22-22-22"],
    ),
    (_AGENT, "MetadataServerPort", "DWord", _PORT),
)
RULES: Final = (("psnet-container-proxy-in", "Inbound"), ("psnet-container-proxy-out", "Outbound"))
PLUGIN: Final = (
    "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\hns\\Parameters\\Plugins\\D5AAF7C4-1B3E-4b49-9CF9-9263FAB9DC6D"
)
_SOURCE: Final = "microsoft/SDN Containers/README.md"


def _hosts(sdn: Sdn) -> dict[str, str]:
    """Return (host -> kind) of every host that containers need prepared."""
    found: dict[str, str] = {}
    for _, item in sdn.attached():
        if item.containers is not None:
            found[item.host] = "proxy"
            found.setdefault(item.containers, "plugin")
    return found


def proxy_script(template: str) -> str:
    """Return a script about the proxy or the plug-in by its template's name."""
    using = Templates()
    values = [{"key": key, "name": name, "type": kind, "data": data} for key, name, kind, data in VALUES]
    rules = [{"name": name, "direction": direction} for name, direction in RULES]
    functions = [using.render(f"lib/{name}.ps1.j2") for name in ("property", "change")]
    given = {"values": values, "rules": rules, "port": str(_PORT), "plugin": PLUGIN, "functions": functions}
    return str(using.render(f"sdn/{template}.ps1.j2", **given))


def observe_proxies(sdn: Sdn) -> tuple[ProxyState, ...]:
    """Return how the hosts of containers are prepared, as far as a session can be opened to them."""
    found = []
    for host, kind in _hosts(sdn).items():
        opener = sdn.openers.get(host)
        if opener is None:
            continue
        session = opener()
        try:
            output = session.run(proxy_script(f"container_{kind}"), reading=True)
        finally:
            session.close()
        if output.failed or output.stopped:
            raise script_error(output, host, "reading how the host is prepared for containers")
        try:
            missing = tuple(map(str, json.loads("".join(output.lines()))["missing"]))
        except (ValueError, KeyError, TypeError) as error:
            said = f"what the host answered is no state: {answer_fault(error)}"
            raise HostError(said, host=host, step="reading") from error
        found.append(ProxyState(host=host, kind="proxy" if kind == "proxy" else "plugin", missing=missing))
    return tuple(found)


def proxy_changes(sdn: Sdn, state: ControllerState, count: int, backend: str) -> tuple[Change, ...]:
    """Return a change for each Hyper-V host whose proxy is not as containers need it."""
    made: list[Change] = []
    for host, kind in _hosts(sdn).items():
        found = state.proxy("proxy", host) if kind == "proxy" else None
        if found is not None and found.missing:
            fields = tuple(FieldChange(field=name, old=None, new="as containers need it") for name in found.missing)
            made.append(
                Change(
                    id=str(count + len(made) + 1),
                    operation="update",
                    kind=KIND,
                    name=host,
                    title=f"{host}, for containers behind its machines",
                    backend=backend,
                    fields=fields,
                    reason="NcHostAgent is restarted: it pushes the policy of the host's ports again",
                    create={"path": found.path, "host": host},
                )
            )
    return tuple(made)


def check_proxies(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Say what cannot be done from outside: the plug-in of HNS in the container host."""
    for nic, item in sdn.attached():
        found = state.proxy("plugin", item.containers) if item.containers else None
        if found is not None and found.missing:
            yield finding(
                nic,
                "container-plugin",
                f"{item.containers} has no private cloud plug-in: HNS asks no controller for containers' addresses",
                "run microsoft/SDN Containers/InstallPrivateCloudPlugin.ps1 there: psnet takes no ownership of the key",
                severity="warning",
                source=_SOURCE,
            )


def apply_proxies(sdn: Sdn, changes: Sequence[Change]) -> list[str]:
    """Prepare the Hyper-V hosts; return the lines of JSON that say how each step went."""
    lines: list[str] = []
    for change in changes:
        host = str((change.create or {})["host"])
        session = sdn.openers[host]()
        try:
            output = session.run(proxy_script("container_proxy_apply"))
        finally:
            session.close()
        told = [line for line in output.lines() if '"step"' in line]
        lines += [line.replace('"proxy.make"', f'"{change.id}.make"') for line in told]
        if not told:
            said = script_error(output, host, "preparing the host for containers").message
            lines.append(json.dumps({"step": f"{change.id}.make", "status": "failed", "message": said}))
    return lines
