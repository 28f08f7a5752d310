"""Configurations delivered to hosts of the lab: shipped, started, watched, tested, removed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.compile import compile_site
from psnet.dsc.deliver import (
    CompareOperation,
    PublishOperation,
    RemoveOperation,
    StartOperation,
    StatusOperation,
    module_package,
)
from psnet.dsc.deliver.operations import status_of
from psnet.dsc.deliver.remote import upload
from psnet.dsc.status.lines import result_lines
from psnet.errors import BusyError, HostError, InputError, RemoteError
from psnet.fleet import run_fleet
from psnet.inventories import load_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.dsc.deliver import ModulePackage
    from psnet.dsc.status import DscResult
    from psnet.fleet import FleetRun
    from psnet.testing import Lab

SITE = """
name: web
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24, gateway: 172.20.0.1}
firewall_rules:
  - {name: web-ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""
SMALL = """
name: web
firewall_rules:
  - {name: web-ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""
RULE = "[PSNetFirewallRule]web-ping"
MODULE = "C:\\Program Files\\WindowsPowerShell\\Modules\\PSNetDsc"


def documents(lab: Lab) -> dict[str, bytes]:
    hosts = load_inventory(lab.inventory).hosts
    return {item.host: item.data for item in compile_site(parse_site(SMALL), hosts).documents}


def over(lab: Lab, make: Callable[[bytes], Any]) -> FleetRun[DscResult]:
    return run_fleet(
        load_inventory(lab.inventory).hosts,
        {name: make(document) for name, document in documents(lab).items()},
        status_of=status_of,
    )


def start(lab: Lab, **options: Any) -> FleetRun[DscResult]:
    package = module_package()
    return over(lab, lambda document: StartOperation(document, package, **options))


def test_start_converges_hosts_and_plan_has_nothing_left(psnet_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = psnet_lab("2016", "2022")
    site = tmp_path / "site.yaml"
    site.write_text(SITE)
    environment = {"PSNET_INVENTORY": str(lab.inventory)}
    runner = CliRunner()
    made = runner.invoke(app, ["dsc", "start", str(site), "--json"], env=environment)
    assert made.exit_code == 0, made.output
    results = {
        line["host"]: line["result"]
        for line in map(json.loads, made.stdout.splitlines())
        if line["event"] == "host_finished"
    }
    assert {name: (item["in_desired_state"], item["shipped"]) for name, item in results.items()} == {
        "ws2016": (True, True),
        "ws2022": (True, True),
    }
    left = runner.invoke(app, ["plan", str(site), "--detailed-exitcode"], env=environment)
    assert left.exit_code == 0, left.output
    for host in lab.hosts.values():
        assert "web-ping" in host.firewall.rules
        assert host.files.find("C:\\ProgramData\\psnet\\dsc").children == {}, "nothing is left behind"
        assert not [name for name in host.tasks.known if name.startswith("psnet-dsc")]
    shown = runner.invoke(app, ["runs", "list"], env=environment)
    assert "dsc start" in shown.output
    junit = tmp_path / "junit.xml"
    published = runner.invoke(app, ["dsc", "publish", str(site), "--junit", str(junit)], env=environment)
    assert published.exit_code == 0, published.output
    assert junit.read_text().count('failures="0"') == 3
    assert "sent" not in runner.invoke(app, ["runs", "show", "last"], env=environment).output


def test_what_apply_made_is_in_desired_state_and_a_change_behind_its_back_is_reported(
    psnet_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    lab = psnet_lab("2022")
    site = tmp_path / "site.yaml"
    site.write_text(SITE)
    environment = {"PSNET_INVENTORY": str(lab.inventory)}
    runner = CliRunner()
    assert runner.invoke(app, ["apply", str(site), "--yes"], env=environment).exit_code == 0
    publish(lab)
    ask = ["dsc", "test", str(site), "--detailed-exitcode"]
    good = runner.invoke(app, ask, env=environment)
    assert (good.exit_code, "1 of 1 hosts in desired state" in good.output) == (0, True), good.output
    del lab.hosts["ws2022"].firewall.rules["web-ping"]
    bad = runner.invoke(app, ask, env=environment)
    assert bad.exit_code == 2, bad.output
    assert f"{RULE}" in bad.output
    (line,) = [
        item
        for item in map(json.loads, runner.invoke(app, [*ask, "--json"], env=environment).stdout.splitlines())
        if item["event"] == "host_finished"
    ]
    assert line["status"] == "drifted"
    states = {item["id"]: item["in_desired_state"] for item in line["result"]["run"]["resources"]}
    assert states == {"[PSNetContainerNetwork]web": True, RULE: False}


def test_what_is_brought_lies_where_only_administrators_come(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    with lab.connect() as host:
        folder = upload(host._session, "ws2022", "trying", {"a": b"1", "b": b"2"})
        files = lab.hosts["ws2022"].files
        assert files.find(folder).owner == "S-1-5-32-544"
        assert files.find(folder).dacl == "P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
        assert files.read(f"{folder}\\b") == b"2"
        with pytest.raises(InputError):
            upload(host._session, "ws2022", "trying", {"a": b"1", "": b"no name"})


def publish(lab: Lab, package: ModulePackage | None = None) -> FleetRun[DscResult]:
    return over(lab, lambda document: PublishOperation(document, package or module_package(), force=True))


def test_the_module_is_shipped_only_where_it_differs(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    files = lab.hosts["ws2022"].files
    folder = module_package().folder
    assert [item.shipped for item in publish(lab).values] == [True]
    assert [item.shipped for item in publish(lab).values] == [False]
    manifest = f"{folder}\\PSNetDsc.psd1"
    was = files.read(manifest)
    files.write(manifest, b"changed")
    files.write(f"{folder}\\stray.txt", b"not ours")
    assert [item.shipped for item in publish(lab).values] == [True]
    assert files.read(manifest) == was
    assert files.find(f"{folder}\\stray.txt") is None
    assert files.find(folder).dacl == "", "all may read a module"


def test_a_package_that_cannot_be_unpacked_leaves_the_module_as_it_is(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    publish(lab)
    files = lab.hosts["ws2022"].files
    package = module_package()
    before = files.read(f"{package.folder}\\PSNetDsc.psd1")
    broken = replace(package, files={**package.files, "PSNetDsc.psd1": b"new", "../../outside.txt": b"x"})
    (error,) = publish(lab, broken).errors
    assert isinstance(error, RemoteError)
    assert error.step == "installing the module"
    assert files.read(f"{package.folder}\\PSNetDsc.psd1") == before


def test_the_same_module_makes_the_same_package() -> None:
    package = module_package()
    again = replace(package, files=dict(reversed(package.files.items())))
    assert package.zip() == again.zip()
    assert package.manifest() == again.manifest()


def test_a_run_goes_on_when_the_connection_is_lost(psnet_lab: Callable[..., Lab]) -> None:
    operation = "Receive"
    probe = psnet_lab("2022")
    start(probe)
    polls = probe.server.stats("ws2022").operations[operation]
    faults = FaultPlan.of(
        *(Fault(action="drop", operation=operation, request=number) for number in (polls - 2, polls - 1))
    )
    lab = psnet_lab("2022", faults=faults)
    (result,) = start(lab, timeout=60).values
    assert result.in_desired_state


def test_a_document_that_the_host_refuses_is_told_with_its_id(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    package = module_package()
    run = over(
        lab,
        lambda document: StartOperation(
            document.replace("PSNetDsc".encode("utf-16-le"), "Nothing!".encode("utf-16-le")), package
        ),
    )
    (answer,) = run.hosts
    assert answer.failed
    assert answer.value is not None
    assert answer.value.run is not None
    assert answer.value.run.status == "Failure"
    assert "Nothing!" in (answer.value.run.error or "")
    assert any("Nothing!" in line.plain for line in result_lines(answer.value))


def test_a_busy_host_is_waited_for_and_named(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    start(lab)
    lcm = lab.hosts["ws2022"].lcm
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with lcm.gate.operating("Restore-DscConfiguration"):
            entered.set()
            leave.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert entered.wait(60)
        (error,) = start(lab, timeout=1).errors
        assert isinstance(error, HostError)
        assert "still busy after 1 seconds" in error.message
        threading.Timer(0.3, leave.set).start()
        (result,) = start(lab, timeout=60).values
        assert result.in_desired_state
    finally:
        leave.set()
        holder.join()


def test_a_published_configuration_waits_for_the_next_run(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    (result,) = publish(lab).values
    assert result.lcm.state == "PendingConfiguration"
    assert "web-ping" not in lab.hosts["ws2022"].firewall.rules


def test_remove_takes_documents_and_module_and_leaves_what_they_made(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    start(lab)
    hosts = load_inventory(lab.inventory).hosts
    (result,) = run_fleet(hosts, RemoveOperation(module="PSNetDsc"), status_of=status_of).values
    assert result.changes == (MODULE,)
    host = lab.hosts["ws2022"]
    assert "web-ping" in host.firewall.rules
    assert host.files.find(MODULE) is None
    (seen,) = run_fleet(hosts, StatusOperation(), status_of=status_of).values
    assert (seen.run, seen.in_desired_state) == (None, None)  # of the host, whatever its last run was
    (error,) = run_fleet(hosts, CompareOperation(), status_of=status_of).errors
    assert isinstance(error, RemoteError)


def test_a_host_that_another_psnet_works_on_is_refused_and_a_run_holds_its_host(psnet_lab: Callable[..., Lab]) -> None:
    """One psnet works on a host at a time: who holds it is told, and it is given back at the run's end."""
    lab = psnet_lab("2022")
    host = lab.hosts["ws2022"]
    path = "C:\\ProgramData\\psnet\\lease.json"
    ticks = int((host.clock.now().timestamp() + 600 + 62135596800) * 10_000_000)
    other = {"id": "other", "run": "", "user": "eve", "controller": "ops2", "serial": 7, "ends": ticks, "until": "soon"}
    host.files.write_text(path, json.dumps(other))
    (refused,) = start(lab).hosts
    assert isinstance(refused.error, BusyError)
    assert refused.error.message == "eve on ops2 works on this host, until soon at the latest"
    assert "web-ping" not in host.firewall.rules
    assert host.files.find("C:\\ProgramData\\psnet\\dsc").children == {}
    host.files.write_text(path, json.dumps(other | {"ends": 0}))
    assert start(lab).values[0].in_desired_state
    left = json.loads(bytes(host.files.find(path).data).decode("utf-8-sig"))
    assert (left["serial"], left["user"] != "eve") == (8, True)
    assert left["ends"] <= ticks - 590 * 10_000_000, "it is given back"
