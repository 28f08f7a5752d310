"""How long a plan would take a real Windows: what its script calls, by the table in psnet.powershell.facts.costs.

Most rows of the table are guesses, so an estimate says which changes are dear, not what a watch will show.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from psnet.planning.script import step_texts
from psnet.powershell.facts.costs import cmdlet_cost, cost_of, hns_cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psnet.planning.model import Change, Plan
    from psnet.powershell.facts.costs import Cost

#: What reading a host calls, whatever it has (templates/observe.ps1.j2; a test compares it with a lab host's charges).
_OBSERVE: Final = Counter(
    {
        "Get-CimInstance -Property": 2,
        "Get-Command": 3,
        "Get-Service": 4,
        "a first use of a CIM module": 4,
        "Get-NetRoute": 1,
        "Get-NetTCPConnection": 2,
        "Get-NetUDPEndpoint": 1,
        "Get-NetAdapter": 1,
        "Get-NetIPAddress": 1,
        "Get-VMSwitch": 1,
        "Add-Type": 1,
        "HNS GET": 1,
        "HNS GET /networks/": 1,
        "HNS GET /endpoints/": 1,
        "HNS GET /policylists/": 1,
        "Get-NetNat": 1,
        "Get-NetNatExternalAddress": 1,
        "Get-NetNatStaticMapping": 1,
        "Get-ItemProperty": 1,
        "netsh": 3,
        "Get-Process": 1,
        "Get-ScheduledTask": 1,
    }
)
_READ: Final = ("networks", "endpoints", "mappings", "nats", "adapters", "switches", "policy lists")
_CALL: Final = re.compile(r"(?<![\w$'-])([A-Z][a-z]+-[A-Z]\w+|docker)(?=([^\n|;]*))")
_HNS: Final = re.compile(r"-Method (\w+) -Path (?:'([^']*)'|\"([^\"]*)\")")
_PARAMETER: Final = re.compile(r"\s-([A-Z]\w+)")
_OFFSETS: Final = re.compile(r"foreach \(\$offset in @\(([^)]*)\)\)")
#: Functions of psnet's own, and what each call of them calls.
_OWN: Final = {
    "Set-PSNetEndpointPolicy": ("HNS GET", "HNS POST"),
    "Get-PSNetEndpoint": ("HNS GET",),
    "Invoke-PSNetDocker": ("docker",),
    "Invoke-PSNetNetsh": ("netsh",),
}
#: What is asked for once in a run, however many changes need it.
_ONCE: Final = {"Get-NetNat": "nats", "Get-PSNetKnownRule": "rules"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds on the host: reading it, its changes, reading it again; ``dearest`` are calls with their seconds."""

    observe: float
    apply: float
    verify: float
    dearest: tuple[tuple[str, float], ...] = ()

    @property
    def total(self) -> float:
        """All of it."""
        return self.observe + self.apply + self.verify


def estimate_observe(counts: Mapping[str, int]) -> float:
    """Return the seconds that one look at a host takes."""
    return _seconds(_OBSERVE, counts)[0] + _read(counts)


def estimate_plan(plan: Plan, counts: Mapping[str, int]) -> Estimate:
    """Return how long a plan for a host with so many objects would take, from looking at it to its verification."""
    session = cost_of("a session")
    observe = (session.seconds if session is not None else 0) + estimate_observe(counts)
    if not plan.changes:
        return Estimate(observe, 0, 0)
    calls: Counter[str] = Counter({"Add-Type": 1, "a first use of a CIM module": 2})
    for change in plan.changes:
        calls += _calls(change)
    for name in _ONCE:
        calls[name] = min(calls[name], 1)
    if calls.pop("Get-PSNetKnownRule", 0):
        calls["Get-NetFirewallRule -Name"] += 1
    seconds, by_call = _seconds(calls, counts, plan.facts.build)
    return Estimate(observe, seconds, estimate_observe(counts), tuple(by_call.most_common(3)))


def _calls(change: Change) -> Counter[str]:
    """Return what the steps of a change call, a call in a loop over ports as often as there are ports."""
    found: Counter[str] = Counter()
    for text in step_texts(change):
        ports = _OFFSETS.search(text)
        found += Counter(_called(_shape(text), len(ports[1].split(",")) if ports else 1))
    return found


def _shape(text: str) -> str:
    """Return a step without its numbers and addresses, so that steps of one form are looked at once."""
    return re.sub(r"\d+", "0", text)


@lru_cache(maxsize=512)
def _called(text: str, ports: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    for command, rest in _CALL.findall("\n".join(lines)):
        for name in _names(command, rest):
            found[name] += ports if name.startswith(("Add-NetNat", "netsh")) else 1
    return dict(found)


def _names(command: str, rest: str) -> Iterable[str]:
    if command in _OWN:
        return _OWN[command]
    if command in _ONCE:
        return (command,)
    if command == "Invoke-PSNetHns":
        said = _HNS.search(rest)
        return (f"HNS {said[1]} {said[2] or said[3]}",) if said else ("HNS POST",)
    row = cmdlet_cost(command, frozenset(_PARAMETER.findall(rest.split("(", maxsplit=1)[0])))
    return (row.command,) if row is not None else ()


def _row(call: str, build: int) -> Cost | None:
    if call.startswith("HNS "):
        _, method, *path = call.split(" ", 2)
        return hns_cost(method, path[0] if path else "", build)
    return cost_of(call)


def _seconds(calls: Mapping[str, int], counts: Mapping[str, int], build: int = 0) -> tuple[float, Counter[str]]:
    by_call: Counter[str] = Counter()
    for call, times in calls.items():
        row = _row(call, build)
        if row is not None and times:
            by_call[call] += row.of(counts) * times  # type: ignore[assignment]  # seconds, counted
    return sum(by_call.values()), by_call


def _read(counts: Mapping[str, int]) -> float:
    row = cost_of("an object read")
    return row.each * sum(counts.get(kind, 0) for kind in _READ) if row is not None else 0
