"""The example playbooks do on the lab's hosts what their first lines say: through psnet play and ansible-playbook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from plays import BIN, ROOT, surroundings
from sampling import swept

from psnet.lab.wire import Fault, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]
    Runner = Callable[..., Any]

EXAMPLES = ROOT / "examples" / "playbooks"
SECRET = "S3cret!-of-the-registry"


def example(number: int) -> Path:
    return next(EXAMPLES.glob(f"{number:02}-*.yml"))


def test_they_are_ten() -> None:
    assert len(list(EXAMPLES.glob("[01]*.yml"))) == 10


def test_01_rolls_out_in_batches_and_stops_at_a_canary_that_fails(psnet_lab: LabMaker, run_play: Runner) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-01", error_id="X")
    bad = psnet_lab("2022", count=2, faults=FaultPlan.of(fault))
    assert run_play(example(1), bad).code == 2
    assert [len(host.nat.nats) for host in bad.hosts.values()] == [1, 0]
    ran = run_play(example(1), bad)
    assert ran.code == 0
    assert len([item for item in ran.events if item["event"] == "play_began"]) == 2
    assert [len(host.nat.mappings) for host in bad.hosts.values()] == [1] * 2


def test_networks_mappings_rules_dsc_reports_secrets_and_a_role(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", modules=["PSNetDsc"])
    host = lab.hosts["ws2022"]
    ran = run_play([example(number) for number in (2, 4, 6, 7, 8, 10)], lab, PSNET_VAULT_PASSWORD="example")
    assert ran.code == 0, ran.text
    told = ran.result("What was changed")["results"]
    assert [item["msg"] for item in told] == ["internal_address: 172.20.0.10 -> 172.20.0.20"]
    rules = host.firewall.rules
    assert {"base-metrics", "base-ping", "base-winrm", "dsc-ping"} <= set(rules)
    assert ran.statuses()["Restart only when DSC asks for it"] == {"ws2022": "skipped"}
    text = lab.connect("ws2022")._session.get("C:\\ProgramData\\reports\\networks.md").decode()
    assert "| ws2022 | Microsoft Windows Server 2022 Datacenter |" in text
    assert "build 20348" in ran.result("In short")["msg"]
    assert ran.statuses()["It was accepted"] == {"ws2022": "ok"}
    assert SECRET not in ran.text
    assert {item.external_port for item in host.nat.mappings} >= {8080, 8443}
    assert '"ports": [' in ran.result("web : The web server reads its configuration")["result"]


def test_03_confirms_a_change_that_cuts_the_connection(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", faults=FaultPlan(uplink_seconds=0.1))
    ran = run_play(example(3), lab)
    assert ran.code == 0, ran.text
    assert ran.result("Transparent network")["ending"] == "confirmed"
    assert ran.statuses()["The host as it is now"] == {"ws2022": "ok"}
    assert [network.name for network in lab.hosts["ws2022"].hns.networks] == ["flat"]


@pytest.mark.sweep
def test_05_switches_to_green_and_goes_back_to_blue(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022")
    ran = run_play([example(5)], lab, "-e", "check=$false", "--tags", "all,prepare")
    assert ran.code == 0, ran.text
    assert ran.result("Who serves now")["output"] == ["172.20.0.10"]
    assert "Blue is in service again" in ran.statuses()


@pytest.mark.sweep
def test_09_restarts_and_applies_again(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022", faults=FaultPlan(reboot_seconds=0.2))
    host = lab.hosts["ws2022"]
    booted = host.clock.booted
    ran = run_play(example(9), lab, "-e", "pause=0.1")
    assert ran.code == 0, ran.text
    assert host.clock.booted != booted
    changes = ran.result("Restart")["changes"]
    assert [(item["operation"], item["name"]) for item in changes] == [("create", "web")]
    assert [network.name for network in host.hns.networks if network.type == "nat"] == ["web"]


#: Hosts and the playbooks that run on them one after the other: 3 takes the adapter, 9 makes another NAT.
ALL_TEN = {"ws2022-01": (1, 2, 4, 5, 6, 7, 8, 10, 3), "ws2022-02": (9,)}


@pytest.mark.parametrize("runs", [{"ws2022-02": (2, 8, 10)}, swept(ALL_TEN)], ids=["some", "all"])
def test_all_ten_run_through_plain_ansible_playbook(
    runs: dict[str, tuple[int, ...]], psnet_lab: LabMaker, tmp_path: Path
) -> None:
    lab = psnet_lab("2022", count=2, modules=["PSNetDsc"], faults=FaultPlan(uplink_seconds=0.1, reboot_seconds=0.2))
    home = tmp_path / "collections" / "ansible_collections" / "psnet"
    home.mkdir(parents=True)
    (home / "windows_containers").symlink_to(ROOT / "ansible")
    vault = tmp_path / "vault"
    vault.write_text("example")
    vault.chmod(0o600)
    environment = surroundings(
        tmp_path,
        ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "collections"),
        ANSIBLE_INVENTORY_ENABLED="psnet.windows_containers.hosts,yaml,ini",
        ANSIBLE_VAULT_PASSWORD_FILE=str(vault),
    )
    said = ""
    for host, numbers in runs.items():
        books = [str(example(number)) for number in numbers]
        options = ["-i", str(lab.inventory), "-e", "pause=0.1", "--limit", host]
        line = [sys.executable, str(BIN / "ansible-playbook"), *options, *books]
        done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        said += done.stdout + done.stderr
        assert done.returncode == 0, said
    assert said.count("PLAY RECAP") == sum(map(len, runs.values()))
    assert "failed=0" in said
    assert SECRET not in said
    assert list((tmp_path / "home" / "tmp").glob("ansible-local*")) == []


def test_04_shows_before_it_changes(psnet_lab: LabMaker, run_play: Runner) -> None:
    lab = psnet_lab("2022")
    shown = run_play(example(4), lab, "--check", "--diff")
    assert shown.statuses()["Allow management"] == {"ws2022": "changed"}
    assert not [name for name in lab.hosts["ws2022"].firewall.rules if name.startswith("base-")]
    assert "+ firewall_rule base-ping" in str(shown.result("Allow management")["results"][0]["diff"])
