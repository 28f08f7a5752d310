"""psnet doctor --collect: one archive, redacted, bounded, whole or not at all; what could not be read is listed."""

from __future__ import annotations

import json
import stat
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import swept
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.container_host.collect import CollectedHost, collect_scripts
from psnet.errors import InputError, OutputError
from psnet.powershell.lint import lint_text
from psnet.recording.support_case import without_secrets
from psnet.report import support_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("os", ["2016", swept("2022")])
def test_one_archive_for_a_fleet(psnet_lab: Callable[..., Any], tmp_path: Path, os: str) -> None:
    lab = psnet_lab(os, count=2)
    first = next(iter(lab.hosts.values()))
    told = "netsh interface portproxy add v4tov4 listenport=8081 connectaddress=10.0.0.9 connectport=80"
    with lab.connect() as host:
        assert not host.run(told).failed
    target = tmp_path / "case.zip"
    journal = ["--journal", str(tmp_path / "journal.db")]
    made = run("doctor", "-i", str(lab.inventory), *journal, "--collect", str(target), "--trace", "1")
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist())
        networks = json.loads(archive.read(f"{first.name}/adapters.json"))
        assert b"10.0.0.9" in archive.read(f"{first.name}/portproxy.txt")
    assert {item["Name"] for item in networks} >= {"Ethernet"}
    assert set(manifest["hosts"]) == {item.name for item in lab.hosts.values()}
    for name, listed in manifest["hosts"].items():
        whole = {part for part, _ in collect_scripts(1)}
        assert {*listed["files"], *listed["not_read"]} == whole
        assert {f"{name}/{part}" for part in listed["files"]} <= names
        assert {"hns-networks.json", "hns-endpoints.json", "nats.json", "firewall-rules.json"} <= set(listed["files"])
        # The lab says that it has no netsh trace, and the rest is there all the same.
        assert "trace.etl" in listed["not_read"]
        assert all(listed["not_read"].values())


def test_an_unreachable_host_is_named_and_costs_the_others_nothing(
    psnet_lab: Callable[..., Any], tmp_path: Path
) -> None:
    lab = psnet_lab("2022")
    data = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))
    data["hosts"]["gone"] = {"address": "127.0.0.1", "connection": {"port": 1}}
    inventory = lab.inventory.with_name("more.yaml")
    inventory.write_text(yaml.safe_dump(data), encoding="utf-8")
    target = tmp_path / "case.zip"
    made = run("doctor", "-i", str(inventory), "--journal", str(tmp_path / "journal.db"), "--collect", str(target))
    assert made.exit_code == 4
    with zipfile.ZipFile(target) as archive:
        assert "failed" in json.loads(archive.read("manifest.json"))["hosts"]["gone"]


def test_options_that_need_each_other(tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text("hosts: {}\n", encoding="utf-8")
    for words in (["--trace", "5"], ["--out", "x"], ["--yes"], ["--fix", "--collect", str(tmp_path / "c.zip")]):
        assert isinstance(run("doctor", "-i", str(inventory), *words).exception, InputError)


SECRETS = [
    ("password=hunter2 next", "password=<secret> next"),
    ('{"Password": "hunter2", "Name": "web"}', '{"Password": "<secret>", "Name": "web"}'),
    ('{"clientSecret":"a\\"b"}', '{"clientSecret":"<secret>"}'),
    ("dockerd --registry-token abc.def --debug", "dockerd --registry-token <secret> --debug"),
    ("https://joe:s3cret@registry.example/v2", "https://joe:<secret>@registry.example/v2"),
    ("Authorization: Bearer abcdefghijklmnop", "Authorization: <secret> <token>"),
    ("key VK7JG-NPHTM-C97JM-9MPGT-3V66T end", "key <product-key> end"),
    ("C:\\Users\\joe.doe\\file", "C:\\Users\\<user>\\file"),
    ('"C:\\\\Users\\\\joe\\\\x"', '"C:\\\\Users\\\\<user>\\\\x"'),
    ("S-1-5-21-1004336348-1177238915-682003330-512", "<account>"),
    ('"UserName": "CONTOSO\\\\joe"', '"UserName": "<user>"'),
    ("mail joe@contoso.com now", "mail <mail> now"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "<key>"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "<token>"),
]
#: What a case is about stays: ids, addresses, MAC addresses, ports, names, texts of HNS.
KEPT = [
    '{"ID": "2B399C45-4057-5DAA-B173-6174CD5D3612", "MacAddress": "00-15-5D-00-00-01", "IPAddress": "172.20.0.9"}',
    '{"Name": "nat", "Type": "nat", "Subnets": [{"AddressPrefix": "172.20.0.0/24"}]}',
    "HNS-Network-Create failed. Result code: '0x803B0010'",
    "S-1-5-18",
    "C:\\Users\\Public\\x",
    '"Authentication": "NotRequired"',
]


@pytest.mark.parametrize(("given", "wanted"), SECRETS)
def test_secrets_and_people_are_taken_out(given: str, wanted: str) -> None:
    clean, counts = without_secrets(given)
    assert clean == wanted
    assert counts.total() >= 1
    assert without_secrets(clean)[0] == clean


@pytest.mark.parametrize("given", KEPT)
def test_what_the_case_is_about_stays(given: str) -> None:
    assert without_secrets(given) == (given, {})


def test_an_archive_is_bounded_and_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_archive, "WHOLE", 10)
    made = CollectedHost("h", {"a.txt": b"12345678", "b.txt": b"123"}, {"c.txt": "denied"})
    target = tmp_path / "case.zip"
    support_archive.write_archive(target, [made], {})
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == ["h/a.txt", "manifest.json"]
        listed = json.loads(archive.read("manifest.json"))["hosts"]["h"]
    assert listed["not_read"] == {"c.txt": "denied", "b.txt": "the archive has reached 10 bytes"}
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        support_archive.write_archive(tmp_path / "file" / "case.zip", [made], {})
    assert sorted(item.name for item in tmp_path.iterdir()) == ["case.zip", "file"]


@pytest.mark.parametrize("os", ["2016", "2025"])
def test_the_scripts_are_what_windows_reads(os: str) -> None:
    for part, script in collect_scripts(5):
        assert lint_text(script, os=os) == [] or part in ("cni.json", "psnet-ledger.json"), (
            part,
            lint_text(script, os=os),
        )
