"""How long what psnet runs takes on a real Windows: seconds a call, and more for each object that is there.

Each row names a public measurement, or says ``guess``. Where a measurement gives the time of several calls, it is
divided; the figures are of cold and small machines, so a warm server is quicker.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cost(NamedTuple):
    """One row: ``seconds`` for a call and ``each`` more for every object of the kind ``per`` on the host."""

    command: str
    seconds: float
    per: str
    each: float
    source: str

    def of(self, counts: Mapping[str, int]) -> float:
        """Return the seconds of one call on a host with so many objects of each kind."""
        return self.seconds + self.each * counts.get(self.per, 0)


_RULES: Final = "PS2-Servers pull request 83 (two queries by name over 1,091 rules: 48.1 s)"
_ALL_RULES: Final = "PS2-Servers pull request 83 (one wildcard over 1,091 rules: 69.2 s)"
_CIM: Final = "winfetch pull request 25 (100 ms without -Property)"
_LISTS: Final = "kubernetes pull request 109124 (2,000 balancers made in 10 minutes on 2022, 110 on 2019)"
_GET_ENDPOINTS: Final = "kubernetes issue 130963 (some thirty endpoints asked and compared in 7 ms)"
_GUESS: Final = "guess"

#: Command, seconds, kind of object, seconds each, source. Calls of HNS are ``HNS METHOD /path/``.
_TABLE: Final = (
    Cost("a session", 0.8, "", 0, _GUESS),
    Cost("a first use of a CIM module", 0.3, "", 0, _GUESS),
    Cost("an object read", 0, "objects", 0.001, _GUESS),
    Cost("Add-Type", 1.0, "", 0, _GUESS),
    Cost("Get-CimInstance", 0.1, "", 0, _CIM),
    Cost("Get-CimInstance -Property", 0.01, "", 0, "winfetch pull request 25 (2 to 10 ms with -Property)"),
    Cost("Get-Command", 0.05, "", 0, _GUESS),
    Cost("Get-Culture", 0.001, "", 0, _GUESS),
    Cost("Get-Service", 0.02, "", 0, _GUESS),
    Cost("Get-Process", 0.05, "processes", 0.0002, _GUESS),
    Cost("Get-ItemProperty", 0.01, "rules", 0.00005, _GUESS),
    Cost("Get-NetRoute", 0.1, "", 0, _GUESS),
    Cost("Get-NetTCPConnection", 0.1, "connections", 0.0005, _GUESS),
    Cost("Get-NetUDPEndpoint", 0.1, "connections", 0.0005, _GUESS),
    Cost("Get-NetAdapter", 0.2, "adapters", 0.005, _GUESS),
    Cost("Get-NetIPAddress", 0.1, "adapters", 0.002, _GUESS),
    Cost("Get-VMSwitch", 0.3, "switches", 0.02, _GUESS),
    Cost("Get-ScheduledTask", 0.5, "", 0, _GUESS),
    Cost("Get-ContainerNetwork", 0.2, "networks", 0.01, _GUESS),
    Cost("Get-NetNat", 0.1, "nats", 0.01, _GUESS),
    Cost("Get-NetNatExternalAddress", 0.1, "nats", 0.01, _GUESS),
    Cost("Get-NetNatStaticMapping", 0.1, "mappings", 0.002, _GUESS),
    Cost("Get-NetFirewallRule -Name", 0.0, "rules", 0.022, _RULES),
    Cost("Get-NetFirewallRule", 0.0, "rules", 0.063, _ALL_RULES),
    Cost("Set-NetFirewallRule -Name", 0.2, "rules", 0.022, _RULES),
    Cost("Remove-NetFirewallRule -Name", 0.2, "rules", 0.022, _RULES),
    *(
        Cost(f"Get-NetFirewall{kind}Filter", 0.0, "rules", 0.022, "guess, as a query of rules")
        for kind in ("Port", "Address", "Application", "Service", "Interface", "InterfaceType", "Security")
    ),
    *(
        Cost(f"{verb}-NetFirewallRule", 0.2, "", 0, _GUESS)
        for verb in ("New", "Set", "Remove", "Enable", "Disable", "Rename", "Copy")
    ),
    *(Cost(f"{verb}-NetNatStaticMapping", 0.1, "", 0, _GUESS) for verb in ("Add", "Remove")),
    *(Cost(f"{verb}-NetNatExternalAddress", 0.1, "", 0, _GUESS) for verb in ("Add", "Remove")),
    *(Cost(f"{verb}-NetNat", 1.0, "", 0, _GUESS) for verb in ("New", "Set", "Remove")),
    *(Cost(f"{verb}-ContainerNetwork", 5.0, "", 0, _GUESS) for verb in ("New", "Remove")),
    *(Cost(f"{verb}-VMSwitch", 5.0, "", 0, _GUESS) for verb in ("New", "Set", "Remove")),
    *(Cost(f"{verb}-NetIPAddress", 0.3, "", 0, _GUESS) for verb in ("New", "Remove")),
    *(Cost(f"{verb}-ScheduledTask", 0.3, "", 0, _GUESS) for verb in ("Register", "Unregister", "Start")),
    Cost("HNS GET /networks/", 0.01, "networks", 0.001, _GUESS),
    Cost("HNS GET /endpoints/", 0.001, "endpoints", 0.0002, _GET_ENDPOINTS),
    Cost("HNS GET /policylists/", 0.001, "policy lists", 0.0002, "guess, as endpoints"),
    Cost("HNS GET", 0.005, "", 0, _GUESS),
    Cost("HNS POST /networks/", 5.0, "", 0, _GUESS),
    Cost("HNS POST /endpoints/", 0.3, "", 0, _GUESS),
    Cost("HNS POST /policylists/", 0.3, "", 0, _LISTS),
    Cost("HNS POST /policylists/ before 20348", 3.3, "", 0, _LISTS),
    Cost("HNS POST", 0.1, "", 0, _GUESS),
    Cost("HNS DELETE", 0.3, "", 0, _GUESS),
    Cost("docker", 0.2, "", 0, _GUESS),
    Cost("netsh", 0.1, "", 0, _GUESS),
    Cost("ctr", 0.2, "", 0, _GUESS),
    Cost("crictl", 0.2, "", 0, _GUESS),
    Cost("nerdctl", 0.3, "", 0, _GUESS),
)
_NEW_BALANCERS: Final = 20348


@cache
def costs() -> dict[str, Cost]:
    """Return the table by command."""
    return {row.command.lower(): row for row in _TABLE}


def cost_of(command: str) -> Cost | None:
    """Return the row of a cmdlet or program; None for what takes next to no time."""
    return costs().get(command.lower())


def cmdlet_cost(command: str, parameters: frozenset[str]) -> Cost | None:
    """Return the row of a cmdlet's call with these parameters: one may have a row of its own."""
    own = next((row for each in sorted(parameters) if (row := cost_of(f"{command} -{each}")) is not None), None)
    return own or cost_of(command)


def hns_cost(method: str, path: str, build: int) -> Cost:
    """Return the row of a call of HNS."""
    key = f"HNS {method.upper()} {path}"
    older = cost_of(f"{key} before {_NEW_BALANCERS}") if build < _NEW_BALANCERS else None
    found = older or cost_of(key) or cost_of(f"HNS {method.upper()}")
    assert found is not None  # noqa: S101 - the table has a row for each method
    return found
