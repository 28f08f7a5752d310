"""A host that is as the last run verified it says so by a digest: no state travels, and nothing is planned anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.fleet import Confirmation, run_fleet
from psnet.fleet.operations import ApplyOperation, PlanOperation
from psnet.inventories import load_inventory
from psnet.journal import Recorder, open_journal
from psnet.journal.verified import connection_addresses, known_states, with_known_states
from psnet.site.load import load_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.journal import Journal
    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

WEB = load_site(Path(__file__).resolve().parents[2] / "examples" / "web" / "site.yaml")


def go(lab: Lab, journal: Journal, work: Any, port: int = 8080) -> tuple[Any, int]:
    """Run a work over the lab's hosts; return the first's value, and the bytes that all hosts sent."""
    hosts = load_inventory(lab.inventory).hosts
    works = {host.name: work(WEB.for_host(host.name, {"http_port": port})) for host in hosts}
    before = sum(lab.server.stats(host.name).bytes_out for host in hosts)
    works = with_known_states(journal, hosts, works)
    run = run_fleet(hosts, works, journal=Recorder(journal, connection_addresses(hosts), known_states(works)))
    for answer in run.hosts:
        assert answer.error is None, answer.error
    return run.hosts[0].value, sum(lab.server.stats(host.name).bytes_out for host in hosts) - before


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return open_journal(f"sqlite:///{tmp_path}/journal.sqlite")


@pytest.mark.parametrize("os", [swept("2016"), "2022"])
def test_an_unchanged_host_sends_no_state(psnet_lab: LabMaker, journal: Journal, os: str) -> None:
    lab = psnet_lab(os)
    applied, changing = go(lab, journal, lambda site: ApplyOperation(site, confirmation=Confirmation()))
    assert applied.changed > 0
    assert applied.left.empty
    again, short = go(lab, journal, lambda site: ApplyOperation(site, confirmation=Confirmation()))
    assert (again.changed, again.plan) == (0, applied.left)
    planned, shorter = go(lab, journal, PlanOperation)
    assert planned == applied.left
    assert max(short, shorter) < changing / 3
    [host] = load_inventory(lab.inventory).hosts
    full = PlanOperation(WEB.for_host(host.name, {"http_port": 8080}))
    assert run_fleet([host], {host.name: full}).hosts[0].value == planned  # what it would say with all of its state


def test_a_host_that_was_mended_is_known_again(psnet_lab: LabMaker, journal: Journal) -> None:
    lab = psnet_lab("2022")
    _, whole = go(lab, journal, ApplyOperation)
    with lab.connect() as host:
        host.run("Set-NetFirewallRule -Name 'web-ping' -Action Block")
    mended, _ = go(lab, journal, ApplyOperation)  # to the very state whose digest was known before
    assert mended.changed == 1
    again, sent = go(lab, journal, ApplyOperation)
    assert (again.changed, sent < whole / 3) == (0, True)


def test_whatever_changes_on_the_host_is_seen(psnet_lab: LabMaker, journal: Journal) -> None:
    lab = psnet_lab("2022")
    go(lab, journal, ApplyOperation)
    with lab.connect() as host:
        host.run("Set-NetFirewallRule -Name 'web-ping' -Action Block")
    planned, _ = go(lab, journal, PlanOperation)
    assert [change.name for change in planned.changes] == ["web-ping"]
    planned, _ = go(lab, journal, PlanOperation)  # what was verified before does not count any more
    assert [change.name for change in planned.changes] == ["web-ping"]


def test_whatever_changes_in_the_site_is_seen(psnet_lab: LabMaker, journal: Journal) -> None:
    lab = psnet_lab("2022")
    go(lab, journal, ApplyOperation)
    planned, _ = go(lab, journal, PlanOperation, port=8081)
    assert not planned.empty
    planned, _ = go(lab, journal, PlanOperation)
    assert planned.empty


def test_another_machine_of_the_same_name_is_another(psnet_lab: LabMaker, journal: Journal) -> None:
    first, second = psnet_lab("2022"), psnet_lab("2022")
    go(first, journal, ApplyOperation)
    planned, _ = go(second, journal, PlanOperation)
    assert not planned.empty
