"""One psnet works on a host at a time: the second is refused with who the first is, before anything is changed."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psnet.api import Host
from psnet.apply import apply_script
from psnet.container_host.target import ContainerHost
from psnet.errors import BusyError
from psnet.inventories import load_inventory
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.planning.lease import Lease
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.site import Site

LEASE = "C:\\ProgramData\\psnet\\lease.json"
OTHER = {"id": "other", "run": "20300101-1", "user": "eve", "controller": "ops2"}


def rule(name: str) -> Site:
    return parse_site(yaml.safe_dump({"firewall_rules": [{"name": name, "display_name": name}]})).for_host("h")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[LabHost, Host]]:
    model = LabHost("h", "2022")
    with LabServer([model]) as server:
        settings = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))["h"].settings()
        with Host(settings, "h") as host:
            yield model, host
        model.tasks.stop()


def made(model: LabHost) -> list[str]:
    return [name for name in ("a", "b") if name in model.firewall.rules]


def write(model: LabHost, ends: int, **more: Any) -> None:
    model.files.write_text(LEASE, json.dumps(OTHER | {"serial": 7, "ends": ends, "until": "the end"} | more))


def ticks(model: LabHost, seconds: int) -> int:
    return int((model.clock.now().timestamp() + seconds + 62135596800) * 10_000_000)


def test_it_is_taken_for_a_change_and_given_back(lab: tuple[LabHost, Host]) -> None:
    _, host = lab
    assert host.observe().lease is None
    host.apply(rule("a"))
    lease = host.observe().lease
    assert lease is not None
    assert (lease.serial, lease.held) == (1, False)
    host.apply(rule("b"))
    again = host.observe().lease
    assert again is not None
    assert again.serial == 2
    host.apply(rule("b"))  # nothing to do: nothing is taken
    assert host.observe().lease == again


def test_another_one_is_refused_and_told_who_it_is(lab: tuple[LabHost, Host]) -> None:
    model, host = lab
    write(model, ticks(model, 60))
    with pytest.raises(BusyError, match=r"eve on ops2 \(run 20300101-1\) works on this host, until the end") as caught:
        host.apply(rule("a"))
    assert caught.value.exit_code == 1
    assert made(model) == []


@pytest.mark.parametrize("seconds", [-1, 3 * 24 * 3600])
def test_one_that_has_ended_or_that_another_clock_made_is_taken_over(lab: tuple[LabHost, Host], seconds: int) -> None:
    model, host = lab
    write(model, ticks(model, seconds))
    assert not host.apply(rule("a")).failed
    assert (lease := host.observe().lease) is not None
    assert lease.serial == 8


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]"])
def test_what_was_left_half_written_is_nobodys(lab: tuple[LabHost, Host], text: str) -> None:
    model, host = lab
    model.files.write_text(LEASE, text)
    assert not host.apply(rule("a")).failed


def test_a_host_that_somebody_changed_since_it_was_looked_at_is_refused(lab: tuple[LabHost, Host]) -> None:
    model, host = lab
    old = apply_script(host.plan(rule("a")), lease=Lease())
    host.apply(rule("b"))
    output = host.run(old)
    assert [item.error_id for item in output.errors] == ["PSNet.HostChanged,Set-PSNetLease"]
    assert made(model) == ["b"]


def test_of_two_at_once_one_changes_the_host_and_the_other_is_refused(lab: tuple[LabHost, Host]) -> None:
    model, first = lab
    second = Host(first.settings, "h")
    both, ends = threading.Barrier(2), []

    def work(host: Host, name: str) -> None:
        plan = host.plan(rule(name))
        both.wait()
        output = host.run(apply_script(plan, lease=Lease(user=name)))
        ends.append((name, [item.error_id.partition(",")[0] for item in output.errors]))

    with second:
        threads = [threading.Thread(target=work, args=each) for each in ((first, "a"), (second, "b"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(len(errors) for _, errors in ends) == [0, 1]
    lost = next(errors for _, errors in ends if errors)
    assert lost[0] in ("PSNet.HostBusy", "PSNet.HostChanged")
    won = next(name for name, errors in ends if not errors)
    assert made(model) == [won]


def test_a_change_that_cuts_holds_the_host_until_it_is_confirmed(lab: tuple[LabHost, Host], monkeypatch: Any) -> None:
    _, host = lab
    network = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet", "subnet": "10.44.0.0/24"}
    wanted = parse_site(yaml.safe_dump({"container_networks": [network]})).for_host("h")
    seen: list[bool] = []
    plan_anew = ContainerHost._plan_anew

    def watched(self: ContainerHost, session: Any) -> Any:
        made = plan_anew(self, session)
        seen.append(made.lease is not None and made.lease.held)
        return made

    monkeypatch.setattr(ContainerHost, "_plan_anew", watched)
    assert host.apply(wanted, confirm_within=30).ending == "confirmed"
    assert seen == [True, False]


def test_the_run_that_holds_a_host_is_named(lab: tuple[LabHost, Host]) -> None:
    model, host = lab
    output = host.run(apply_script(host.plan(rule("a")), lease=Lease(run="20300101-7", user="ann", controller="c1")))
    assert not output.failed
    said = json.loads(model.files.read_text(LEASE))
    assert {key: said[key] for key in ("run", "user", "controller", "serial")} == {
        "run": "20300101-7",
        "user": "ann",
        "controller": "c1",
        "serial": 1,
    }
