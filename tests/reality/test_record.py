"""A host recorded, redacted, played and recorded again; and what the lab says of a recording."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sampling import every
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import HostError, InputError
from psnet.lab.recording import played_host
from psnet.lab.run import running_lab
from psnet.observe.record import read_recording, record_script
from psnet.recording import Record, compare_recordings, dump_recording, load_recording, redacted
from reality.records import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def psnet(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_host_recorded_played_and_recorded_again_is_the_same(psnet_lab: Any, tmp_path: Path) -> None:
    lab = psnet_lab("2019", docker=True)
    host = lab.hosts["ws2019"]
    host.run_container("shop", "nat", ports=[(8080, 80, "tcp")])
    shown = psnet("record", "-i", lab.inventory, "--out", tmp_path / "first")
    assert "replaced: " in shown
    first = tmp_path / "first" / "ws2019.yaml"
    text = first.read_text(encoding="utf-8")
    assert "WS2019" not in text.upper()
    assert host.password not in text
    assert not {found.lower() for found in GUID.findall(text)} & {item.id.lower() for item in host.hns.networks}
    private = tmp_path / "first" / "ws2019.replaced.yaml"
    assert private.stat().st_mode & 0o077 == 0
    assert "WS2019" in private.read_text(encoding="utf-8")

    played = played_host(load_recording(first), "ws2019")
    with running_lab([played], tmp_path / "lab") as inventory:
        psnet("record", "-i", inventory, "--out", tmp_path / "again")
        assert "nat" in psnet("observe", "-i", inventory)
    assert (tmp_path / "again" / "ws2019.yaml").read_text(encoding="utf-8") == text
    assert "22 of 22 answers agree" in psnet("record", "--compare", first)


def test_the_script_printed_for_running_by_hand_is_the_one_that_is_sent(tmp_path: Path) -> None:
    from psnet.lab.cmdlets import lab_registry
    from psnet.lab.engine.execute import run_file
    from psnet.lab.labhost import LabHost

    script = psnet("record", "--script")
    assert script.strip() == record_script().strip()
    host = LabHost("web01", "2016")
    result = run_file(host, script, registry=lab_registry(host), width=1_000_000)
    assert result.errors == []
    (tmp_path / "raw.json").write_text("\ufeff" + "".join(result.stdout), encoding="utf-8")
    assert "GET /globals/version" in psnet("record", "--from", tmp_path / "raw.json", "--out", tmp_path)
    assert "WEB01" not in (tmp_path / "raw.yaml").read_text(encoding="utf-8").upper()


def test_a_recording_is_served_until_ctrl_c(tmp_path: Path) -> None:
    recording = tmp_path / "web01.yaml"
    recording.write_text(dump_recording(load_recording(FOLDER / "e-netnat.yaml")), encoding="utf-8")
    command = [sys.executable, "-m", "psnet", "lab", "up", "--recording", str(recording)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line.startswith("Ctrl-C") for line in process.stdout)
        try:
            assert "172.31.0.1/20" in psnet("observe", "-i", tmp_path / "lab-hosts.yaml")
        finally:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
    assert "web01  not played: e05" in told


SECRETS = [
    Record(
        id="s1",
        command="docker network inspect",
        output=[
            {
                "Name": "nat",
                "Id": "9" * 64,
                "Labels": {"team": "blue", "api": "hunter2"},
                "Options": {"com.docker.network.windowsshim.hnsid": "4C3241D7-0260-5E8F-A115-8C02DB7B1750", "x": "y z"},
                "Containers": {"8" * 64: {"Name": "payroll", "IPv4Address": "52.1.2.3/20"}},
                "Password": "hunter2",
            }
        ],
    ),
    Record(
        id="s2",
        command="Get-CimInstance -ClassName Win32_OperatingSystem",
        output=[{"CSName": "PAY01", "Caption": "Windows"}],
    ),
    Record(
        id="s3",
        command="GET /endpoints/",
        output=[
            {
                "ID": "37390057-4820-5396-AC08-032206685A4F",
                "DNSSuffix": "corp.contoso.com,svc.cluster.local",
                "MacAddress": "42-01-0a-00-00-05",
                "AdditionalParams": {"pod-name": "payroll-1"},
                "IPAddress": "2603:1030::5",
                "Note": r"C:\Users\alice\net on pay01",
            }
        ],
    ),
]


def test_what_is_its_owners_is_in_no_recording() -> None:
    made, told = redacted(SECRETS)
    text = dump_recording(made)
    own = (
        "hunter2",
        "blue",
        "payroll",
        "PAY01",
        "pay01",
        "contoso",
        "alice",
        "52.1.2.3",
        "2603:",
        "42-01-0a",
        "4C3241D7",
    )
    for word in (*own, "37390057", "y z", "9999", "8888"):
        assert word not in text, word
    for word in ("svc.cluster.local", "198.18.0.1/20", "HOST1", "host1", "user1", "container-1", "suffix-1.example"):
        assert word in text, word
    assert told.counts().startswith("1 host names")
    assert made[2].output[0]["MacAddress"] == "02-00-00-00-00-01"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_redacting_twice_is_redacting_once(path: Path) -> None:
    once, _ = redacted(load_recording(path))
    twice, _ = redacted(once)
    assert dump_recording(twice) == dump_recording(once)


def test_a_recording_is_compared_record_by_record() -> None:
    recorded = [
        Record(id="1", command="Get-NetNat", output=[], source="psnet record"),
        Record(id="2", command="vfpctrl /list-vmswitch-port", output={}),
        Record(id="3", command="Get-VMSwitch", output=[{"Name": "nat", "SwitchType": "Internal"}]),
    ]
    answered = [
        Record(id="1", command="Get-NetNat", output=[{"Name": "foreign"}]),
        Record(id="3", command="Get-VMSwitch", output=[{"Name": "nat", "SwitchType": "Private", "Id": "x"}]),
    ]
    found = {
        record.id: None if given is None else [str(item) for item in given]
        for record, given in compare_recordings(recorded, answered)
    }
    assert found["1"] == ["foreign: unexpected"]
    assert found["2"] is None
    assert found["3"] == ["nat: SwitchType: recorded str 'Internal', answered str 'Private'"]


@pytest.mark.parametrize("path", every(4, sorted(FOLDER.glob("*.yaml"))), ids=lambda path: path.stem)
def test_every_recording_can_be_compared_with_the_lab(path: Path) -> None:
    result = CliRunner().invoke(app, ["record", "--compare", str(path)], catch_exceptions=False)
    assert "answers agree" in result.output


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- {id: x}\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no recording"):
        load_recording(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text("id: x\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no recording"):
        load_recording(tmp_path / "b.yaml")
    with pytest.raises(HostError, match="is no recording"):
        read_recording(["nothing"], "h")


def test_a_recording_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "web01.yaml"
    path.write_text(dump_recording(load_recording(FOLDER / "e-netnat.yaml")), encoding="utf-8")
    said = psnet("graph", path)
    assert "172.31.0.1/20" in said
    assert "as recorded" in said
