"""Changes that cut the line, and what happens to them: a drawn case is carried out over the wire, and judged."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

import psnet.api.host as api
from psnet.api import Host
from psnet.errors import PsnetError
from psnet.inventory import load_inventory
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from psnet.site import Site

BUILDS = ("2016", "2019", "2004", "2022", "2025")
CHANGES = ("create", "replace", "remove")
CARRIERS = ("Ethernet", "Ethernet 2")
EVENTS = ("nothing", "dropped line", "restart", "failing step", "dead psnet", "long outage")
WITHIN = 6


class Dead(BaseException):
    """psnet is gone: nothing of it runs any more."""


@dataclass(frozen=True)
class Case:
    """One cut: a change on the adapter that carries the session, and what happens meanwhile."""

    os: str
    change: str
    carrier: str
    event: str
    seed: int

    def __str__(self) -> str:
        return f"{self.os}-{self.change}-{self.carrier}-{self.event}-{self.seed}".replace(" ", "_")


def drawn(seed: int) -> Case:
    """Return the case of a seed."""
    rng = random.Random(seed)
    return Case(*(rng.choice(each) for each in (BUILDS, CHANGES, CARRIERS, EVENTS)), seed)


def site(*networks: dict[str, Any]) -> Site:
    data = {"backend": "hns", "manage": "exclusive", "container_networks": list(networks)}
    return parse_site(yaml.safe_dump(data)).for_host("h").model_copy(update={"prune": True})


def signature(model: LabHost) -> Any:
    """Return what counts of a host: its addresses, routes and DNS servers by MAC, switches and networks."""
    places: dict[str, tuple[list[str], ...]] = {}
    for nic in model.links.adapters:
        if nic.addresses or nic.routes or nic.dns_servers:
            found = ([str(a) for a in nic.addresses], [str(r) for r in nic.routes], list(nic.dns_servers))
            places[nic.mac] = tuple(sorted(each) for each in found)
    networks = [(item.name, item.type, item.dns_servers, item.adapter) for item in model.hns.networks]
    return places, sorted(networks), sorted(item.name for item in model.links.switches)


def faults(case: Case, rng: random.Random) -> tuple[Fault, ...]:
    if case.event != "dropped line":
        return ()
    action = rng.choice(("drop", "unauthorized", "timeout"))
    operation = rng.choice(("Create", "Command", "Receive"))
    when = rng.choice(("before", "after"))
    return (Fault(action=action, operation=operation, request=rng.randint(3, 12), when=when),)


def fail(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    create, calls = Hns.create, []

    def broken(hns: Hns, *arguments: Any, **options: Any) -> Any:
        calls.append(options)
        if len(calls) <= times:
            raise HnsError("refused")
        return create(hns, *arguments, **options)

    monkeypatch.setattr(Hns, "create", broken)


def die(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    opened, calls = api.open_session, []

    def dying(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) > after:
            raise Dead
        return opened(*arguments)

    monkeypatch.setattr(api, "open_session", dying)


def restart(model: LabHost, server: LabServer, after: float) -> None:
    """Restart the host once its change has run for a while or has ended: what runs ends with it, as on Windows."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends and not any(name.startswith("psnet-change") for name in model.tasks.known):
        time.sleep(0.02)
    time.sleep(after)
    while time.monotonic() < ends and any(task.state == "Running" for task in list(model.tasks.known.values())):
        time.sleep(0.02)
    server.reboot("h", 0.3)
    model.reboot()


def carried_out(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    """Carry a case out; return where the host ended (applied, as before, or neither) and what psnet said."""
    rng = random.Random(case.seed)
    model = LabHost("h", case.os, delays=True)
    nic = model.links.adapter(case.carrier)
    assert nic is not None
    address = str(nic.addresses[0].ip)
    model.sessions = [address]
    first = {"name": "flat", "mode": "l2bridge", "adapter": case.carrier, "subnet": "10.44.0.0/24"}
    wanted = {"create": (first,), "replace": ({**first, "dns_servers": ["10.0.0.9"]},), "remove": ()}[case.change]
    within = WITHIN if case.event != "nothing" else 60
    outage = 0.2 if case.event != "long outage" else rng.uniform(0.5, WITHIN + 2)
    with LabServer([model], faults=FaultPlan(uplink_seconds=0.1)) as server:
        inventory = load_inventory(write_inventory(server, [model], folder / "hosts.yaml"))
        if case.change != "create":
            with Host(inventory["h"].settings(), "h") as host:
                assert host.apply(site(first), confirm_within=60).ending == "confirmed"
            model.clock.advance(120)
    was = signature(model)
    ending, thread = None, None
    with LabServer([model], faults=FaultPlan(uplink_seconds=outage, faults=faults(case, rng))) as server:
        inventory = load_inventory(write_inventory(server, [model], folder / "again.yaml"))
        if case.event == "failing step":
            fail(monkeypatch, 7 if case.change == "replace" else 1)
        if case.event == "dead psnet":
            die(monkeypatch, rng.randint(1, 6))
        if case.event == "restart":
            thread = threading.Thread(target=restart, args=(model, server, rng.uniform(0.0, 0.5)), daemon=True)
            thread.start()
        with contextlib.suppress(PsnetError, Dead), Host(inventory["h"].settings(), "h") as host:
            ending = host.apply(site(*wanted), confirm_within=within).ending
        if thread is not None:
            thread.join(30)
        place = _settled(model, was, [item["name"] for item in wanted], list(wanted))
        model.tasks.stop()
    return place, ending


def _settled(model: LabHost, was: Any, names: list[str], wanted: list[dict[str, Any]]) -> str:
    """Wait until nothing is under way on the host, and say where it is."""
    ends = time.monotonic() + WITHIN + 40
    while time.monotonic() < ends:
        model.clock.advance(5)
        pending = [task for name, task in list(model.tasks.known.items()) if name.startswith("psnet-")]
        done = [task for task in pending if task.state != "Running" and (task.runs or "change" in task.name)]
        if len(done) == len(pending) and signature(model) == was:
            return "as before"
        if not pending:
            break  # confirmed, whether psnet has heard of it or not
        time.sleep(0.05)
    servers = ",".join(wanted[0].get("dns_servers", [])) if wanted else ""
    there = [(item.name, item.dns_servers) for item in model.hns.networks]
    held = {str(a.ip) for nic in model.links.adapters for a in nic.addresses}
    applied = (
        not any(name.startswith("psnet-") for name in model.tasks.known)
        and there == [(name, servers) for name in names]
        and set(model.sessions or ()) <= held
    )
    return "applied" if applied else f"neither: {there} {sorted(held)} {signature(model)} was {was}"


def judged(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold a case to one of two states, and to what psnet said of it."""
    place, ending = carried_out(case, folder, monkeypatch)
    # Without an answer psnet was cut off or killed: the host may have been confirmed just before.
    expected = {"confirmed": ("applied",), None: ("applied", "as before")}.get(ending, ("as before",))
    assert place in expected, (str(case), place, ending)
    if case.event == "nothing":
        assert ending == "confirmed", str(case)
