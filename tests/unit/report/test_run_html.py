"""The report of a run: everything that the journal knows is on the page, and nothing on it is code of a user's."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from psnet.apply import Outcome
from psnet.errors import AuthenticationError
from psnet.fleet import Done, HostResult, Planned, RunInfo, RunOptions, run_fleet
from psnet.fleet.operations import result_status
from psnet.inventories import load_inventory
from psnet.journal import Recorder, open_journal
from psnet.planning import plan
from psnet.report.run_html import run_html
from psnet.site.load import parse_site
from psnet.state import Facts, HostState

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.fleet import ProgressCallback
    from psnet.inventories import InventoryHost

FACTS = Facts(computer_name="H", build=20348, product="Server 2022", has_container_network=False, has_hns=True)
SITE = """
name: s
container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]
nat_static_mappings:
  - {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
firewall_rules: [{name: '</pre><script>alert(1)</script>', direction: Inbound, action: Allow}]
"""


@pytest.fixture
def text(tmp_path: Path) -> str:
    journal = open_journal(f"sqlite:///{tmp_path / 'j.sqlite'}")
    site = parse_site(SITE).for_host("h")

    def work(_session: Any, host: InventoryHost, report: ProgressCallback) -> HostResult:
        if host.name == "web03":
            raise AuthenticationError("refused", host="web03", step="connecting", remedy="check user")
        made = plan(site, HostState(facts=FACTS), host=host.name)
        bad = "http" if host.name == "web02" else None
        outcomes = tuple(
            Outcome(
                id=change.id,
                kind=change.kind,
                name=change.name,
                operation=change.operation,
                status="failed" if change.name == bad else "changed",
                message="It is <in> use." if change.name == bad else None,
                error_id="Windows System Error 32,Add-NetNatStaticMapping" if change.name == bad else None,
            )
            for change in made.changes
        )
        report(Planned.of(made))
        report(Done(outcomes))
        return HostResult(host=host.name, plan=made, outcomes=outcomes)

    (tmp_path / "hosts.yaml").write_text('hosts: {"web[01:04]": }', encoding="utf-8")
    run = run_fleet(
        tuple(load_inventory(tmp_path / "hosts.yaml")),
        work,
        RunOptions(forks=1, max_fail="1"),
        info=RunInfo("apply", "site.yaml", "hosts.yaml"),
        status_of=result_status,
        journal=Recorder(journal),
    )
    return run_html(journal.read(run.id))


def test_every_host_is_on_it_with_what_became_of_it(text: str) -> None:
    found = dict(re.findall(r'<summary><h3>(\S+)</h3><span class="\w+">([\w ]+)</span>', text))
    assert found == {"web01": "changed", "web02": "failed", "web03": "error", "web04": "not begun"}
    assert list(found)[:2] == ["web02", "web03"]  # what went wrong comes first


def test_an_error_stands_once_with_its_remedy_and_its_hosts(text: str) -> None:
    assert '<td>web03</td><td class="bad">connecting: refused<br><span class="soft">check user</span>' in text
    assert "It is &lt;in&gt; use." in text
    assert "Windows System Error 32,Add-NetNatStaticMapping" in text


def test_each_change_shows_its_powershell(text: str) -> None:
    scripts = [unescape(part) for part in re.findall(r"<pre>(.*?)</pre>", text, re.DOTALL)]
    assert sum("Add-NetNatStaticMapping" in script for script in scripts) == 2
    assert any("New-NetFirewallRule" in script for script in scripts)


def test_what_a_user_wrote_is_never_markup_and_nothing_is_fetched(text: str) -> None:
    assert "alert(1)" in text
    assert len(re.findall(r"<script", text)) == 1
    assert not re.findall(r"(?:src|href)=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)


def test_hosts_that_changed_alike_share_a_picture(text: str) -> None:
    assert len(re.findall(r"<svg ", text)) == 2  # one failed on the way, which its picture says
    assert "nat_static_mapping http: It is &lt;in&gt; use." in text
