"""The LCM by its own clock and psnet apply take the same lease: one waits for the other, or says whom it waited for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from dsc_lab import meta
from dsc_node import Node, instances, plain, site, source

from psnet.apply import apply_script
from psnet.dsc.compile import compile_site
from psnet.inventories import load_inventory
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.engine.flow import PipelineFailed
from psnet.planning.lease import Lease, lcm_lease

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.lab.labhost import LabHost

LEASE = "C:\\ProgramData\\psnet\\lease.json"
DATA: dict[str, Any] = {"firewall_rules": [{"name": "a", "display_name": "a"}]}
OTHER: dict[str, Any] = {"firewall_rules": [{"name": "b", "display_name": "b"}]}
HELD = {"serial": 7, "id": "other", "run": "20300101-1", "user": "eve", "controller": "ops2", "until": "the end"}


def hold(host: LabHost, seconds: int, **more: Any) -> None:
    """Write the lease of somebody else, which ends in so many seconds of the host's clock."""
    ends = int((host.clock.now().timestamp() + seconds + 62135596800) * 10_000_000)
    host.files.make_folders("C:\\ProgramData\\psnet")
    host.files.write_text(LEASE, json.dumps(HELD | {"ends": ends} | more))


def lease(host: LabHost) -> dict[str, Any]:
    return dict(json.loads(host.files.read_text(LEASE)))


def test_a_set_waits_for_whoever_works_on_the_host_and_gives_it_back() -> None:
    node = Node("2022")
    (rule,) = instances(DATA)
    hold(node.host, 20)
    before = node.host.clock.now()
    done = node.call("Set", rule.cls.name, rule.properties)
    assert 20 <= (node.host.clock.now() - before).total_seconds() < 60
    assert [line for line in done.warnings if "eve on ops2 (run 20300101-1) works on this host" in line]
    assert "a" in node.host.firewall.rules
    now = lease(node.host)
    assert (now["serial"], now["run"]) == (8, "DSC, PSNetFirewallRule a")
    seen = node.observe().lease
    assert seen is not None
    assert not seen.held


@pytest.mark.parametrize("kind", ["firewall_rules", "container_networks", "acls"])
def test_a_set_that_waited_long_enough_fails_with_who_it_is_and_changes_nothing(kind: str) -> None:
    data: dict[str, Any] = {
        "firewall_rules": DATA["firewall_rules"],
        "container_networks": [{"name": "web", "subnet": "172.20.0.0/24"}],
        "acls": [{"endpoint": "app", "rules": [{"action": "Allow", "direction": "In"}]}],
    }
    node = Node("2022")
    (thing,) = instances({kind: data[kind]})
    hold(node.host, 600)
    before = node.host.clock.now()
    with pytest.raises(PipelineFailed, match=r"eve on ops2 \(run 20300101-1\) works on this host") as said:
        node.set(thing)
    assert said.value.record.full_id.startswith("PSNet.HostBusy")
    assert 50 <= (node.host.clock.now() - before).total_seconds() <= 90
    assert lease(node.host)["id"] == "other"
    assert "a" not in node.host.firewall.rules
    assert node.observe().ledger == {}
    (found,) = node.call("Get", thing.cls.name, thing.properties).values
    told = [{str(key): str(plain(value)) for key, value in reason.items()} for reason in found["Reasons"]]
    codes = [reason["Code"].rpartition(":")[2] for reason in told]
    assert codes[-1] == "HostBusy"
    assert "eve on ops2 (run 20300101-1) works on this host" in told[-1]["Phrase"]


def test_a_set_that_fails_gives_the_host_back_too() -> None:
    node = Node("2022")
    (thing,) = instances({"acls": [{"endpoint": "app", "rules": [{"action": "Allow", "direction": "In"}]}]})
    with pytest.raises(PipelineFailed, match="endpoints named app"):
        node.set(thing)
    seen = node.observe().lease
    assert seen is not None
    assert not seen.held


def test_under_the_lease_of_dsc_start_the_resources_take_none() -> None:
    node = Node("2022")
    (rule,) = instances(DATA)
    hold(node.host, 600, id=lcm_lease(600).id)
    before = lease(node.host)
    node.set(rule)
    assert "a" in node.host.firewall.rules
    assert lease(node.host) == before


def test_a_plan_made_before_the_lcm_changed_the_host_is_refused() -> None:
    node = Node("2022")
    script = apply_script(node.plan(site(OTHER)), lease=Lease())
    node.set(instances(DATA)[0])
    done = run_file(node.host, script, registry=lab_registry(node.host))
    assert "has worked on this host since it was looked at" in done.stderr_text
    assert set(node.host.firewall.rules) & {"a", "b"} == {"a"}


def test_a_check_of_the_lcm_waits_fails_with_the_reason_and_corrects_at_the_next(tmp_path: Path) -> None:
    """ApplyAndAutoCorrect by the clock alone, while apply holds the host for a change that waits to be confirmed."""
    node = Node("2022")
    host = node.host
    hosts = tmp_path / "hosts.yaml"
    hosts.write_text("hosts: {h: {}}\n", encoding="utf-8")
    (document,) = compile_site(source(DATA), load_inventory(hosts).hosts).documents
    host.clock.freeze()
    host.lcm.send_settings(meta('ConfigurationMode = "ApplyAndAutoCorrect"; ConfigurationModeFrequencyMins = 15;'))
    host.lcm.send_apply(document.data)
    assert "a" in host.firewall.rules
    del host.firewall.rules["a"]
    host.clock.advance(15 * 60)
    hold(host, 300)
    run = host.lcm.tick()
    assert (run.status, [item.instance_name for item in run.bad]) == ("Failure", ["a"])
    assert "eve on ops2" in str(run)
    assert "a" not in host.firewall.rules
    host.clock.advance(15 * 60)
    assert host.lcm.tick().status == "Success"
    assert "a" in host.firewall.rules
