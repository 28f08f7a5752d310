"""Changes that cut the connection: applied and confirmed, or taken back by the host; nothing in between."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import every

from psnet.api import Host
from psnet.apply.detach import Detached
from psnet.errors import HostError, PlanError
from psnet.inventories import load_inventory
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.tasks import Tasks
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.site import Site

FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet", "subnet": "10.44.0.0/24"}


def site(*networks: dict[str, Any], **more: Any) -> Site:
    return parse_site(yaml.safe_dump({"container_networks": list(networks), **more})).for_host("h")


@contextlib.contextmanager
def running(tmp_path: Path, os: str = "2022", *faults: Fault, uplink: float = 0.2) -> Iterator[tuple[LabHost, Host]]:
    model = LabHost("h", os)
    plan = FaultPlan(uplink_seconds=uplink, faults=faults)
    with LabServer([model], faults=plan) as server:
        inventory = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))
        try:
            with Host(inventory["h"].settings(), "h") as host:
                yield model, host
        finally:
            model.tasks.stop()


def until(condition: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def before(model: LabHost) -> Any:
    return [(a.name, list(a.addresses), list(a.routes), list(a.dns_servers)) for a in model.links.adapters]


def nothing_is_left_behind(model: LabHost) -> None:
    assert model.tasks.known == {}
    folder = model.files.find("C:\\ProgramData\\psnet\\runs")
    assert folder is None or not folder.children


@pytest.mark.parametrize("os", every(3, ["2016", "2019", "2022", "2025"]))
def test_a_network_on_the_uplink_is_confirmed_and_the_rest_follows(tmp_path: Path, os: str) -> None:
    with running(tmp_path, os) as (model, host):
        wanted = site(FLAT, firewall_rules=[{"name": "r", "display_name": "R"}])
        made = host.plan(wanted)
        assert [(item.kind, item.cuts) for item in made.changes] == [
            ("container_network", True),
            ("firewall_rule", False),
        ]
        result = host.apply(wanted, confirm_within=30)
        assert result.ending == "confirmed"
        assert [item.status for item in result.outcomes] == ["changed", "changed"], result.outcomes
        assert not result.failed
        assert host.plan(wanted).empty
        nothing_is_left_behind(model)
        nic = model.links.nic_of(
            model.links.switches[0]
        )  # called after the adapter or HNSTransparent (claims c17, c24)
        assert nic is not None
        assert nic.routes


def test_the_files_of_a_change_are_for_administrators_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register, seen = Tasks.register, []

    def watched(tasks: Tasks, task: Any) -> None:
        folder = tasks.host.files.find("C:\\ProgramData\\psnet\\runs")
        assert folder is not None
        seen.extend((entry.owner, entry.dacl) for entry in (folder.children or {}).values())
        register(tasks, task)

    monkeypatch.setattr(Tasks, "register", watched)
    with running(tmp_path) as (_, host):
        host.apply(site(FLAT), confirm_within=30)
    assert seen[0] == ("S-1-5-32-544", "P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")


def test_a_host_that_does_not_come_back_in_time_takes_it_back_by_itself(tmp_path: Path) -> None:
    with running(tmp_path, uplink=4) as (model, host):
        was = before(model)
        result = host.apply(site(FLAT), confirm_within=2)
        assert result.ending == "rolled back"
        assert result.failed
        assert model.hns.networks == []
        assert before(model) == was
        assert model.links.switches == []
        nothing_is_left_behind(model)
        assert not host.plan(site(FLAT)).empty


def refuse_once(monkeypatch: pytest.MonkeyPatch, *, after_making: bool, times: int = 1) -> None:
    """Let HNS refuse one network, before or after it was made; as often as it is tried again."""
    create, calls = Hns.create, []

    def broken(hns: Hns, *arguments: Any, **options: Any) -> Any:
        calls.append(options)
        made = create(hns, *arguments, **options) if after_making or len(calls) > times else None
        if len(calls) <= times:
            raise HnsError("refused once")
        return made

    monkeypatch.setattr(Hns, "create", broken)


def test_a_change_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path) as (model, host):
        was = before(model)
        refuse_once(monkeypatch, after_making=True)
        result = host.apply(site(FLAT), confirm_within=30)
        assert result.ending == "rolled back"
        assert [item.status for item in result.outcomes] == ["failed"]
        assert model.hns.networks == []
        assert before(model) == was
        nothing_is_left_behind(model)


@pytest.mark.parametrize("at", every(3, ["launched", "changed", "reconnected"], first=1))
def test_psnet_that_dies_leaves_the_host_as_it_was(tmp_path: Path, at: str) -> None:
    with running(tmp_path) as (model, host):
        was = before(model)
        made = host.plan(site(FLAT))
        detached = Detached(made, 4, made.uplinks)
        sent = threading.Thread(target=_launch, args=(host, detached))
        sent.start()  # the line is cut meanwhile: what is there for four seconds is looked at beside it
        if at != "launched":
            until(lambda: bool(model.hns.networks))
        sent.join()
        if at == "reconnected":
            until(lambda: _reads(host, detached))
        # nobody confirms
        until(lambda: not model.hns.networks and not model.links.switches and before(model) == was)


def _launch(host: Host, detached: Detached) -> None:
    with contextlib.suppress(HostError):
        host.run(detached.launch_script())


def _reads(host: Host, detached: Any) -> bool:
    try:
        return not host.run(detached.collect_script()).failed
    except HostError:
        return False


def test_a_replaced_network_comes_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path) as (model, host):
        assert host.apply(site(FLAT), confirm_within=30).ending == "confirmed"
        ledger = host.observe().ledger
        changed = site({**FLAT, "dns_servers": ["10.0.0.9"]})
        (change,) = host.plan(changed).changes
        assert (change.operation, change.cuts) == ("replace", True)
        # A creation after a removal is tried for half a minute (claim c111): all of that fails.
        refuse_once(monkeypatch, after_making=False, times=7)
        result = host.apply(changed, confirm_within=30)
        assert result.ending == "rolled back"
        assert [item.dns_servers for item in model.hns.networks] == [""]
        assert host.observe().ledger == ledger
        assert host.plan(site(FLAT)).empty


def test_a_change_that_cannot_be_taken_back_is_refused_unless_told_so(tmp_path: Path) -> None:
    with running(tmp_path) as (model, host):
        host.apply(site(FLAT), confirm_within=30)
        model.run_container("c", "flat")
        changed = site({**FLAT, "dns_servers": ["10.0.0.9"]})
        with pytest.raises(PlanError, match="takes with it containers"):
            host.apply(changed, confirm_within=30)
        with pytest.raises(PlanError, match="could not take it back"):
            host.apply(changed, confirm_within=30, allow_downtime="all")
        assert model.hns.networks[0].dns_servers == ""
        with contextlib.suppress(HostError):
            host.apply(changed, rollback=False, allow_downtime="all")
        until(lambda: [item.dns_servers for item in model.hns.networks] == ["10.0.0.9"])


@pytest.mark.parametrize(
    "fault",
    every(
        2,
        [
            {"action": "drop", "cmdlet": "Start-ScheduledTask"},
            {"action": "drop", "operation": "Receive", "request": 4},
            {"action": "drop", "operation": "Create", "request": 3, "when": "after"},
            {"action": "unauthorized", "request": 30},
            {"action": "timeout", "operation": "Command", "request": 3},
            {"action": "slow", "operation": "Receive", "seconds": 0.2, "times": "always"},
        ],
    ),
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_faults_on_the_way_end_in_one_of_two_states(tmp_path: Path, fault: dict[str, Any]) -> None:
    with running(tmp_path, "2022", Fault(**fault)) as (model, host):
        was = before(model)
        ending = None
        with contextlib.suppress(HostError):
            ending = host.apply(site(FLAT), confirm_within=5).ending
        if ending == "confirmed":
            assert [item.name for item in model.hns.networks] == ["flat"]
            nothing_is_left_behind(model)
        else:
            until(lambda: not model.hns.networks and before(model) == was)


def test_removing_it_gives_the_adapter_back_and_is_confirmed_too(tmp_path: Path) -> None:
    with running(tmp_path) as (model, host):
        was = before(model)
        host.apply(site(FLAT, manage="exclusive"), confirm_within=30)
        gone = site(manage="exclusive").model_copy(update={"prune": True})
        result = host.apply(gone, confirm_within=30)
        assert result.ending == "confirmed"
        assert model.hns.networks == []
        assert before(model) == was
        nothing_is_left_behind(model)


def test_a_host_that_starts_again_within_the_time_is_rolled_back_as_it_starts(tmp_path: Path) -> None:
    """A start is not made up by StartWhenAvailable (claim c126): the roll-back has a trigger of its own for it."""
    with running(tmp_path) as (model, host):
        was = before(model)
        detached = Detached(host.plan(site(FLAT)), 600, ("Ethernet",))
        with contextlib.suppress(HostError):
            host.run(detached.launch_script())
        until(lambda: bool(model.hns.networks))
        task = model.tasks.known[f"psnet-rollback-{detached.name}"]
        assert (task.at_startup, task.batteries, task.when_available) == (True, True, True)
        until(lambda: model.tasks.known[f"psnet-change-{detached.name}"].state == "Ready")
        model.reboot()
        until(lambda: not model.hns.networks and not model.links.switches and before(model) == was)


def test_confirming_and_taking_back_exclude_each_other(tmp_path: Path) -> None:
    with running(tmp_path, uplink=0) as (model, host):
        was = before(model)
        detached = Detached(host.plan(site(FLAT)), 600, ("Ethernet",))
        host.run(detached.launch_script())
        until(lambda: bool(model.hns.networks))
        until(lambda: model.tasks.known[f"psnet-change-{detached.name}"].state == "Ready")
        host.run(detached.abort_script())
        until(lambda: before(model) == was and not model.links.switches)
        assert host.run(detached.confirm_script()).lines() == ['{"confirmed":false}']
        until(lambda: model.tasks.known[f"psnet-rollback-{detached.name}"].state == "Ready")
        host.run(detached.clean_script())
        nothing_is_left_behind(model)


def test_an_address_that_the_vnic_does_not_take_over_is_set_on_it(tmp_path: Path) -> None:
    """2004 and 20H2 drop a static address (claim c33): it is set again and confirmed, instead of taken back."""
    with running(tmp_path, "2004") as (model, host):
        address = next(item for item in model.links.adapters if item.name == "Ethernet").addresses[0]
        result = host.apply(site(FLAT), confirm_within=30)
        assert result.ending == "confirmed", result
        (switch,) = model.links.switches
        nic = model.links.nic_of(switch)
        assert nic is not None
        assert address in nic.addresses
        assert any(route.destination == "0.0.0.0/0" for route in nic.routes)


CLOSE = {"name": "close", "display_name": "C", "action": "Block", "direction": "Inbound", "protocol": "TCP"}


def rules(*given: dict[str, Any]) -> Site:
    return parse_site(yaml.safe_dump({"firewall_rules": list(given)})).for_host("h")


def test_a_rule_that_closes_winrm_is_taken_back_by_the_host(tmp_path: Path) -> None:
    with running(tmp_path) as (model, host):
        closing = rules({**CLOSE, "local_ports": ["5985-5986"]})
        result = host.apply(closing, confirm_within=3)
        assert result.ending == "rolled back"
        assert "close" not in model.firewall.rules
        assert not host.plan(closing).empty
        nothing_is_left_behind(model)


def test_a_rule_that_closes_winrm_is_refused_where_nobody_takes_it_back(tmp_path: Path) -> None:
    with running(tmp_path) as (model, host):
        with pytest.raises(PlanError, match="with no way back"):
            host.apply(rules({**CLOSE, "local_ports": ["Any"]}), rollback=False)
        assert "close" not in model.firewall.rules


def test_a_rule_that_lets_psnet_in_may_go_when_another_does(tmp_path: Path) -> None:
    """Whether another rule lets psnet in cannot be known: it is tried, and confirmed."""
    opening = {**CLOSE, "name": "open", "action": "Allow", "local_ports": ["5985"]}
    with running(tmp_path) as (model, host):
        host.apply(rules(opening))
        (change,) = host.plan(rules({**opening, "enabled": False})).changes
        assert change.cuts
        assert host.apply(rules({**opening, "enabled": False}), confirm_within=30).ending == "confirmed"
        assert not model.firewall.rules["open"].enabled
        nothing_is_left_behind(model)


@pytest.mark.parametrize("skipped", every(2, [1, 2]))
def test_a_task_that_is_started_and_does_not_run_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, skipped: int
) -> None:
    """A run that was skipped leaves LastTaskResult 0 (claim c127): the change leaves its own proof."""
    start, calls = Tasks.start, []

    def watched(tasks: Tasks, name: str) -> None:
        if name.startswith("psnet-change-"):
            calls.append(name)
            if len(calls) <= skipped:
                return
        start(tasks, name)

    monkeypatch.setattr(Tasks, "start", watched)
    monkeypatch.setattr("psnet.container_host.confirm._BEGINS", 1.0)
    with running(tmp_path) as (model, host):
        was = before(model)
        if skipped == 1:
            assert host.apply(site(FLAT), confirm_within=30).ending == "confirmed"
        else:
            with pytest.raises(HostError, match="started the change and did not run it"):
                host.apply(site(FLAT), confirm_within=30)
            assert before(model) == was
            assert not host.observe().lease.held  # type: ignore[union-attr] - it was taken
        nothing_is_left_behind(model)


@pytest.mark.parametrize("os", every(3, ["2016", "2019", "2022"], first=2))
def test_a_replaced_network_waits_until_its_adapter_has_rested(tmp_path: Path, os: str) -> None:
    """After its removal a creation at once fails, and 10 to 20 s of rest cure it (claim c111)."""
    with running(tmp_path, os) as (model, host):
        model.hns.delays = True
        assert host.apply(site(FLAT), confirm_within=60).ending == "confirmed"
        changed = site({**FLAT, "dns_servers": ["10.0.0.9"]})
        result = host.apply(changed, confirm_within=60)
        assert result.ending == "confirmed", result.outcomes
        assert [item.dns_servers for item in model.hns.networks] == ["10.0.0.9"]
        assert model.hns.refused_early == 0
