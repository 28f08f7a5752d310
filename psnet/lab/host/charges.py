"""Charge a host's clock with the time that its answers would take on a real Windows, by the table of costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from psnet.powershell.facts.costs import Cost, cmdlet_cost, cost_of, hns_cost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.host.model import Host

_LISTED: Final = {"/networks/": "networks", "/endpoints/": "endpoints", "/policylists/": "policy lists"}


class Charges:
    """Seconds by what took them. The clock of a host moves by each."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.seconds: dict[str, float] = {}
        self.calls: Counter[str] = Counter()

    @property
    def total(self) -> float:
        """All seconds charged."""
        return sum(self.seconds.values(), 0.0)

    def counts(self) -> dict[str, int]:
        """Return how many objects of each kind the host has."""
        host = self._host
        return {
            "rules": len(host.firewall.rules),
            "mappings": len(host.nat.mappings),
            "nats": len(host.nat.nats),
            "networks": len(host.hns.networks),
            "endpoints": len(host.hns.endpoints),
            "policy lists": len(host.hns.lists),
            "adapters": len(host.links.adapters),
            "switches": len(host.links.switches),
        }

    def cmdlet(self, command: str, parameters: Iterable[str]) -> None:
        """Charge the call of a cmdlet."""
        self._charge(cmdlet_cost(command, frozenset(parameters)))

    def program(self, name: str) -> None:
        """Charge the start of a program."""
        self._charge(cost_of(name.lower().removesuffix(".exe")))

    def first_use(self) -> None:
        """Charge the load of a CIM module."""
        self._charge(cost_of("a first use of a CIM module"))

    def read(self, count: int = 1) -> None:
        """Charge objects that a script reads."""
        row = cost_of("an object read")
        if row is not None and count:
            self._add(row.command, row.each * count)

    def hns(self, method: str, path: str) -> None:
        """Charge a call of HNS."""
        self._charge(hns_cost(method, path, self._host.os.build))
        if method.upper() == "GET":
            self.read(self.counts().get(_LISTED.get(path, ""), 1))

    def _charge(self, row: Cost | None) -> None:
        if row is not None:
            self._add(row.command, row.of(self.counts()))

    def _add(self, label: str, seconds: float) -> None:
        self.seconds[label] = self.seconds.get(label, 0) + seconds
        self.calls[label] += 1
        self._host.clock.advance(seconds)
