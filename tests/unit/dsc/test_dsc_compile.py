"""psnet dsc compile: documents of a site, deterministic, ordered, and refused where DSC cannot give something."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from document_certificate import certificate
from dsc_node import instances
from dsc_sites import SHOP, TENANT
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.compile.dsc3 import SCHEMA, document_of, unique_names, yaml_lines
from psnet.dsc.compile.dsc3_rules import violations
from psnet.mof import parse_mof

if TYPE_CHECKING:
    from pathlib import Path

SITE = """name: web shop
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24, dns_servers: [10.0.0.53]}
firewall_rules:
  - {name: 'say "hi"', description: 'C:\\temp', direction: Inbound, action: Allow, protocol: 6, local_ports: [443, 80]}
"""
SDN = """sdn:
  controller: {rest: https://nc01.example, user: admin, password: {env: NC_PASSWORD}}
firewall_rules: [{name: a}]
"""
HOSTS = "hosts: {web01: {}, web02: {}}\n"


def run(folder: Path, site: str, *arguments: str, hosts: str = HOSTS) -> tuple[int, str]:
    (folder / "site.yaml").write_text(site, encoding="utf-8")
    (folder / "hosts.yaml").write_text(hosts, encoding="utf-8")
    words = ["dsc", "compile", str(folder / "site.yaml"), "-i", str(folder / "hosts.yaml"), "-o", str(folder / "out")]
    done = CliRunner().invoke(app, [*words, *arguments])
    return done.exit_code, done.output


def test_one_document_a_host_with_its_checksum_the_same_every_time(tmp_path: Path) -> None:
    code, shown = run(tmp_path, SITE)
    assert code == 0, shown
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(first) == ["web01.mof", "web01.mof.checksum", "web02.mof", "web02.mof.checksum"]
    assert first["web01.mof"].startswith(b"\xff\xfe")
    assert first["web01.mof.checksum"].decode() == hashlib.sha256(first["web01.mof"]).hexdigest().upper()
    run(tmp_path, SITE)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_every_value_survives_the_document(tmp_path: Path) -> None:
    code, shown = run(tmp_path, SITE, "--limit", "web01", "--encoding", "utf-8")
    assert code == 0, shown
    network, rule, footer = parse_mof((tmp_path / "out" / "web01.mof").read_bytes())
    assert {name: value.plain() for name, value in network.properties.items()} == {
        "ResourceID": "[PSNetContainerNetwork]web",
        "ModuleName": "PSNetDsc",
        "ModuleVersion": "0.1.0",
        "ConfigurationName": "web_shop",
        "Name": "web",
        "Ensure": "Present",
        "Mode": "nat",
        "Subnets": ["Prefix=172.20.0.0/24"],
        "DnsServers": ["10.0.0.53"],
    }
    plain = {name: value.plain() for name, value in rule.properties.items()}
    assert (plain["Name"], plain["Description"], plain["LocalPorts"]) == ('say "hi"', "C:\\temp", ["80", "443"])
    assert footer.class_name == "OMI_ConfigurationDocument"


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("backend: containers\ncontainer_networks:\n  - {name: a, mode: private}\n", "site.yaml:3:5"),
        ("backend: containers\nqos: [{endpoint: a, maximum_outgoing_bandwidth: 1}]\n", "gives no qos"),
        (SDN, "site.yaml:1:"),
        ("container_networks:\n  - {name: a, mode: naat, subnet: 10.0.0.0/24}\n", "site.yaml:2:"),
    ],
)
def test_what_dsc_cannot_give_is_refused_with_its_place_and_nothing_is_written(
    tmp_path: Path, site: str, said: str
) -> None:
    code, shown = run(tmp_path, site)
    assert code == 3
    assert said in shown
    assert not (tmp_path / "out").exists()


def test_documents_of_dsc_v3_follow_the_published_rules(tmp_path: Path) -> None:
    code, shown = run(tmp_path, yaml.safe_dump(TENANT), "--format", "dsc3", "--limit", "web01")
    assert code == 0, shown
    text = (tmp_path / "out" / "web01.dsc.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    assert document == json.loads((tmp_path / "out" / "web01.dsc.json").read_bytes())
    assert violations(document) == []
    first, *_, last = document["resources"]
    assert first["type"] == "PSNetDsc/PSNetContainerNetwork"
    assert first["directives"] == {"requireAdapter": "Microsoft.Adapter/WindowsPowerShell"}
    assert last["dependsOn"] == [
        "[resourceId('PSNetDsc/PSNetEndpoint','db')]",
        "[resourceId('PSNetDsc/PSNetEndpoint','app')]",
    ]


def test_the_older_adapter_holds_the_resources_nested(tmp_path: Path) -> None:
    code, shown = run(tmp_path, yaml.safe_dump(SHOP), "--format", "dsc3", "--dsc3-adapter", "nested")
    assert code == 0, shown
    document = json.loads((tmp_path / "out" / "web02.dsc.json").read_bytes())
    assert violations(document) == []
    (adapter,) = document["resources"]
    assert adapter["type"] == "Microsoft.Windows/WindowsPowerShell"
    inner = [(item["type"], item["name"]) for item in adapter["properties"]["resources"]]
    assert ("PSNetDsc/PSNetFirewallRule", "psnet mapping http") in inner


def test_names_that_only_dsc_v3_makes_alike_are_told_apart() -> None:
    rules = [{"name": name} for name in ("a-b", "a.b", "A_b", "...")]
    made = instances({"firewall_rules": rules})
    assert list(unique_names(made).values()) == ["a b", "a b 2", "A b 3", "resource"]
    assert violations(document_of(made, "direct")) == []


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.lists(st.text() | st.integers() | st.booleans())))
def test_the_yaml_of_dsc_v3_says_what_its_json_says(text: str, more: dict[str, Any]) -> None:
    data = {"text": text, "nothing": [], "none": {}, "deep": [{"first": text, "second": more}, {"third": [text]}]}
    assert yaml.safe_load("".join(yaml_lines(data))) == data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"$schema": "https://example.org/x.json"}, "$schema"),
        ({"extra": 1}, "extra: no such member"),
        ({"resources": None}, "a list of instances"),
        ({"resources": [{"type": "A", "name": "n"}]}, "resources[0].type"),
        ({"resources": [{"type": "A/B", "name": "n-m"}]}, "resources[0].name"),
        ({"resources": [{"type": "A/B", "name": "n"}, {"type": "A/B", "name": "N"}]}, "twice"),
        ({"resources": [{"type": "A/B", "name": "n", "dependsOn": ["[A]n"]}]}, "is no resourceId"),
        ({"resources": [{"type": "A/B", "name": "n", "dependsOn": ["[resourceId('A/B','m')]"]}]}, "there is no A/B m"),
        ({"resources": [{"type": "A/B", "name": "n", "directives": {"requireAdapter": "x"}}]}, "requireAdapter"),
    ],
)
def test_what_breaks_a_rule_of_dsc_v3_is_named(change: dict[str, Any], said: str) -> None:
    (found,) = violations({"$schema": SCHEMA, "resources": []} | change)
    assert said in found


def test_a_package_has_the_documented_layout_and_the_same_bytes_every_time(tmp_path: Path) -> None:
    code, shown = run(tmp_path, SITE, "--format", "guestconfig")
    assert code == 0, shown
    path = tmp_path / "out" / "web01.zip"
    first = path.read_bytes()
    run(tmp_path, SITE, "--format", "guestconfig")
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names[:2] == ["web01.mof", "web01.metaconfig.json"]
        assert "Modules/PSNetDsc/PSNetDsc.psd1" in names
        assert json.loads(archive.read("web01.metaconfig.json")) == {"Type": "AuditAndSet", "Version": "0.1.0"}
        assert "@TargetNode='localhost'" in archive.read("web01.mof").decode("utf-16")


CREDENTIAL = "hosts: {web01: {vars: {svc: {user: svc, password: {env: SVC_PASSWORD}}}}}\n"


@pytest.mark.parametrize("form", ["dsc3", "guestconfig"])
def test_a_format_without_a_place_for_secrets_refuses_them(tmp_path: Path, form: str) -> None:
    code, shown = run(tmp_path, SITE, "--format", form, "--run-as", "svc", hosts=CREDENTIAL)
    assert (code, "credential" in shown.lower()) == (3, True)


def test_a_password_is_encrypted_for_the_node_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_PASSWORD", "s3cret-word")
    code, shown = run(tmp_path, SITE, "--run-as", "svc", hosts=CREDENTIAL)
    assert code == 3
    assert "web01 has no certificate" in shown
    (tmp_path / "certificates").mkdir()
    made = certificate().public_bytes(serialization.Encoding.PEM)
    (tmp_path / "certificates" / "web01.cer").write_bytes(made)
    options = ["--run-as", "svc", "--encoding", "utf-8"]
    code, shown = run(tmp_path, SITE, *options, "--certificates", str(tmp_path / "certificates"), hosts=CREDENTIAL)
    assert code == 0, shown
    text = (tmp_path / "out" / "web01.mof").read_text(encoding="utf-8")
    assert "-----BEGIN CMS-----" in text
    assert "s3cret-word" not in text + shown
    assert text.count("PsDscRunAsCredential = $MSFT_Credential") == 2
    code, shown = run(tmp_path, SITE, *options, "--allow-plain-text", "web02", hosts=CREDENTIAL)
    assert (code, "no host web02" in shown) == (3, True)
    code, shown = run(tmp_path, SITE, *options, "--allow-plain-text", "web01", hosts=CREDENTIAL)
    assert code == 0, shown
    assert "s3cret-word" in (tmp_path / "out" / "web01.mof").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ("hosts: {web01: {}}\n", "host web01 has no credential svc"),
        ("hosts: {web01: {vars: {svc: {user: u, password: plain}}}}\n", "a password is not written here"),
    ],
)
def test_a_credential_that_is_not_there_is_named(tmp_path: Path, hosts: str, said: str) -> None:
    code, shown = run(tmp_path, SITE, "--run-as", "svc", "--allow-plain-text", "web01", hosts=hosts)
    assert (code, said in shown) == (3, True), shown


def test_what_the_lcm_stands_for_and_what_it_cannot_do_is_told(tmp_path: Path) -> None:
    site = "manage: exclusive\ncontainer_networks:\n  - {name: t, mode: transparent, adapter: Ethernet 2}\n"
    code, shown = run(tmp_path, site + "reapply: [{name: again}]\n", "--limit", "web01")
    assert code == 0, shown
    for words in ("reapply again: left out", "without the confirmation and roll-back", "DSC removes nothing"):
        assert words in " ".join(shown.split())


def test_a_backend_that_endpoints_ask_for_is_written_for_every_network() -> None:
    made = instances(TENANT)
    assert made[0].properties["Backend"] == "hns"
    assert "Backend" not in instances(SHOP)[0].properties
