"""The example playbooks do on the lab's hosts what their first lines say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psnet.lab.wire import Fault, FaultPlan
from psnet.playbook.events import PlayBegan

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]
    Runner = Callable[..., Any]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "playbooks"


def example(number: int) -> Path:
    return next(EXAMPLES.glob(f"{number:02}-*.yml"))


def test_01_rolls_out_in_batches_and_stops_at_a_canary_that_fails(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", count=2)
    ran = run_play(example(1), lab)
    assert ran.code == 0
    assert [len(item.hosts) for item in ran.events if isinstance(item, PlayBegan)] == [1, 1]
    assert [len(host.nat.mappings) for host in lab.hosts.values()] == [1] * 2
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-01", error_id="X")
    bad = psnet_lab("2022", count=2, faults=FaultPlan.of(fault))
    assert run_play(example(1), bad).code == 2
    assert [len(host.nat.nats) for host in bad.hosts.values()] == [1, 0]


def test_02_moves_a_mapping(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2019")
    ran = run_play(example(2), lab)
    assert ran.code == 0
    assert [item.internal_address for item in lab.hosts["ws2019"].nat.mappings] == ["172.20.0.20"]
    told = ran.ended("What was changed")["ws2019"].result["results"]
    assert [item["msg"] for item in told] == ["internal_address: 172.20.0.10 -> 172.20.0.20"]


def test_03_confirms_a_change_that_cuts_the_connection(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", faults=FaultPlan(uplink_seconds=0.1))
    ran = run_play(example(3), lab)
    assert ran.code == 0
    assert ran.ended("Transparent network")["ws2022"].result["ending"] == "confirmed"
    assert ran.ended("The host as it is now")["ws2022"].status == "ok"
    assert [network.name for network in lab.hosts["ws2022"].hns.networks] == ["flat"]


def test_04_shows_a_baseline_then_sets_it(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022")
    shown = run_play(example(4), lab, check=True, diff=True)
    assert shown.ended("Allow management")["ws2022"].status == "changed"
    rules = lab.hosts["ws2022"].firewall.rules
    assert not [name for name in rules if name.startswith("base-")]
    assert run_play(example(4), lab, tags=("allow",)).code == 0
    assert sorted(name for name in rules if name.startswith("base-")) == ["base-metrics", "base-ping", "base-winrm"]
    assert run_play(example(4), lab).statuses()["Allow management"] == {"ws2022": "ok"}


@pytest.mark.parametrize(("check", "serving"), [("$true", "172.20.0.20"), ("$false", "172.20.0.10")])
def test_05_switches_to_green_or_goes_back_to_blue(
    psnet_lab: LabMaker, run_play: Runner, check: str, serving: str
) -> None:
    lab = psnet_lab("2022")
    ran = run_play(example(5), lab, tags=("all", "prepare"), extra={"check": check})
    assert ran.code == 0
    assert ran.ended("Who serves now")["ws2022"].result["output"] == [serving]
    rescued = "Blue is in service again" in ran.statuses()
    assert rescued == (check == "$false")


def test_06_sets_a_dsc_resource_once(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", modules=["PSNetDsc"])
    ran = run_play(example(6), lab)
    assert ran.statuses() == {
        "Ping for the load balancer": {"ws2022": "changed"},
        "Restart only when DSC asks for it": {"ws2022": "skipped"},
    }
    assert "dsc-ping" in lab.hosts["ws2022"].firewall.rules
    again = run_play(example(6), lab, check=True)
    assert again.ended("Ping for the load balancer")["ws2022"].status == "ok"


def test_07_reports_facts_on_the_first_host(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2019", "2022")
    ran = run_play(example(7), lab)
    assert ran.code == 0
    text = lab.connect("ws2019")._session.get("C:\\ProgramData\\reports\\networks.md").decode()
    assert "| ws2022 | Microsoft Windows Server 2022 Datacenter |" in text
    assert "build 17763" in ran.ended("In short")["ws2019"].result["msg"]


def test_08_a_vaulted_password_reaches_the_script_and_nothing_else(
    psnet_lab: LabMaker, run_play: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from psnet.transport.psrp.session import PsrpSession

    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "example")
    scripts: list[str] = []
    real = PsrpSession.run

    def spy(self: PsrpSession, script: str, **more: Any) -> Any:
        scripts.append(script)
        return real(self, script, **more)

    monkeypatch.setattr(PsrpSession, "run", spy)
    ran = run_play(example(8), psnet_lab("2022"))
    assert ran.code == 0
    secret = "S3cret!-of-the-registry"
    assert scripts
    assert not [script for script in scripts if secret in script]
    assert secret not in str(ran.events)


def test_09_restarts_and_applies_again(psnet_lab: LabMaker, run_play: Runner) -> None:
    from psnet.playbook.clock import SystemClock

    lab = psnet_lab("2022", faults=FaultPlan(reboot_seconds=0.2))
    host = lab.hosts["ws2022"]
    booted = host.clock.booted
    ran = run_play(example(9), lab, clock=SystemClock(), extra={"pause": 0.1})
    assert ran.code == 0
    assert host.clock.booted != booted
    changes = ran.ended("Restart")["ws2022"].result["changes"]
    assert [(item["operation"], item["name"]) for item in changes] == [("create", "web")]
    assert [network.name for network in host.hns.networks] == ["web"]


def test_10_runs_a_role(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022")
    ran = run_play(example(10), lab)
    assert ran.code == 0
    assert sorted(item.external_port for item in lab.hosts["ws2022"].nat.mappings) == [8080, 8443]
    handled = ran.ended("web : The web server reads its configuration")["ws2022"].result
    assert '"ports": [' in handled["result"]
    again = run_play(example(10), lab)
    assert set(again.statuses()["web : Configuration"].values()) == {"ok"}
