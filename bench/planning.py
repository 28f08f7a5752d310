"""How long planning takes as sites and fleets grow; no host is asked."""

from __future__ import annotations

import time
from typing import Any

from psnet.planning import plan
from psnet.resources import FirewallRule
from psnet.site import Site
from psnet.state import Facts, HostState, RuleState
from psnet.types import AddressSet, PortSet, ProfileSet, Protocol

_FACTS = Facts(computer_name="H", build=20348, product="x", has_container_network=False, has_hns=True)


def _site(count: int) -> Site:
    return Site(
        resources=tuple(
            FirewallRule.model_validate({"name": f"rule-{number}", "direction": "Inbound", "action": "Allow"})
            for number in range(count)
        )
    )


def _state(count: int) -> HostState:
    rules = tuple(
        RuleState(
            name=f"rule-{number}",
            display_name="x",
            group="psnet",
            enabled=True,
            profiles=ProfileSet(),
            direction="Inbound",
            action="Allow",
            protocol=Protocol.parse("Any"),
            local_ports=PortSet(),
            remote_ports=PortSet(),
            local_addresses=AddressSet(),
            remote_addresses=AddressSet(),
        )
        for number in range(count)
    )
    return HostState(facts=_FACTS, rules=rules)


def rows() -> list[dict[str, Any]]:
    """Plan for a host that has nothing and for one that has everything; then one site for many hosts."""
    found: list[dict[str, Any]] = []
    for count in (10, 100, 1_000, 10_000):
        site = _site(count)
        for words, state in (("all to make", HostState(facts=_FACTS)), ("all as declared", _state(count))):
            start = time.perf_counter()
            made = plan(site, state)
            seconds = time.perf_counter() - start
            assert len(made.changes) == (count if words == "all to make" else 0)
            found.append({"what": words, "resources": count, "hosts": 1, "seconds": seconds})
    site, state = _site(100), _state(100)
    for hosts in (10, 100, 500):
        start = time.perf_counter()
        for number in range(hosts):
            plan(site, state, host=f"h{number}")
        seconds = time.perf_counter() - start
        found.append({"what": "all as declared", "resources": 100, "hosts": hosts, "seconds": seconds})
    return found
