"""What CI runs: the shell steps of the action and of the examples, against the lab; reports that CI systems read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from junitparser import JUnitXml
from lxml import etree
from typer.testing import CliRunner

from psnet.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / ".github" / "actions" / "psnet"
SITE = """\
name: x
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24}
"""
JENKINS = etree.XMLSchema(etree.parse(str(ROOT / "tests" / "unit" / "report" / "junit-10.xsd")))


@pytest.fixture
def place(psnet_lab: LabMaker, tmp_path: Path) -> tuple[Lab, Path, dict[str, str]]:
    lab = psnet_lab("2022")
    for host in lab.hosts.values():
        for network in list(host.hns.networks):
            host.hns.remove(network)
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    tools = Path(sys.executable).parent
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PSNET_HOSTS": str(lab.inventory),
        "PSNET_JOURNAL": str(tmp_path / "j.sqlite"),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_ACTION_PATH": str(ACTION),
    }
    return lab, tmp_path, environment


def step(text: str, folder: Path, environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    words = ["bash", "-euo", "pipefail", "-c", text]
    return subprocess.run(words, cwd=folder, env=environment | more, capture_output=True, text=True, check=False)


def test_the_actions_steps_validate_plan_and_apply(place: tuple[Lab, Path, dict[str, str]]) -> None:
    lab, folder, environment = place
    run = next(
        item["run"] for item in yaml.safe_load((ACTION / "action.yml").read_text())["runs"]["steps"] if "id" in item
    )
    validated = step(run, folder, environment, PSNET_COMMAND="validate")
    assert validated.returncode == 0, validated.stderr + validated.stdout
    assert json.loads((folder / "psnet.sarif").read_text())["version"] == "2.1.0"
    planned = step(run, folder, environment, PSNET_COMMAND="plan")
    assert planned.returncode == 0, planned.stderr
    assert (folder / "outputs").read_text() == "changes=true\n"
    comment = (folder / "summary.md").read_text()
    assert "```mermaid" in comment
    assert "+ container_network web" in comment
    assert lab.hosts["ws2022"].hns.networks == []
    (folder / "site.yaml").write_text("name: changed since\n", encoding="utf-8")
    applied = step(run, folder, environment, PSNET_COMMAND="apply")
    assert applied.returncode == 0, applied.stderr + applied.stdout
    assert [item.name for item in lab.hosts["ws2022"].hns.networks] == ["web"]
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    again = step(run, folder, environment, PSNET_COMMAND="plan")
    assert again.returncode == 0
    assert (folder / "outputs").read_text().endswith("changes=false\n")
    assert step(run, folder, environment, PSNET_COMMAND="aply").returncode == 3


def test_gitlabs_jobs_run(place: tuple[Lab, Path, dict[str, str]]) -> None:
    lab, folder, environment = place
    jobs = yaml.safe_load((ROOT / "examples" / "ci" / "gitlab.yml").read_text())
    for name in ("validate", "plan", "apply"):
        done = step("\n".join(jobs[name]["script"]), folder, environment, PSNET_SITE="site.yaml")
        assert done.returncode == 0, (name, done.stderr, done.stdout)
    assert [item.name for item in lab.hosts["ws2022"].hns.networks] == ["web"]
    assert JUnitXml.fromfile(str(folder / "psnet-junit.xml")).failures == 0


def test_githubs_workflow_uses_the_action_as_it_is() -> None:
    inputs = yaml.safe_load((ACTION / "action.yml").read_text())["inputs"]
    jobs = yaml.safe_load((ROOT / "examples" / "ci" / "github.yml").read_text())["jobs"]
    used = [item for job in jobs.values() for item in job["steps"] if "actions/psnet" in item.get("uses", "")]
    assert [item["with"]["command"] for item in used] == ["validate", "plan", "apply"]
    assert all(set(item["with"]) <= set(inputs) for item in used)


def test_hooks_name_commands_that_there_are() -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        words = hook["entry"].split()
        assert CliRunner().invoke(app, [*words[1:], "--help"]).exit_code == 0


def test_the_image_is_built_from_what_there_is() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == kept
    assert "USER psnet" in lines
    assert lines.index("USER psnet") < lines.index('ENTRYPOINT ["psnet"]')


def junit(folder: Path, *words: str) -> tuple[int, JUnitXml, list[Any]]:
    path = folder / "r.xml"
    code = CliRunner().invoke(app, [*words, "--junit", str(path), "--journal", str(folder / "j.sqlite")]).exit_code
    read = JUnitXml.fromfile(str(path))
    JENKINS.assertValid(etree.parse(str(path)))
    return code, read, [case for suite in read for case in suite]


def test_reports_pass_for_healthy_hosts_and_fail_for_drift(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    for host in lab.hosts.values():
        for network in list(host.hns.networks):
            host.hns.remove(network)
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    inventory, site = ("-i", str(lab.inventory)), str(tmp_path / "site.yaml")
    for command in ("observe", "doctor"):
        code, read, _ = junit(tmp_path, command, *inventory)
        assert (code, read.tests, read.failures, read.errors) == (0, 2, 0, 0)
    _, read, cases = junit(tmp_path, "plan", site, *inventory)
    assert (read.tests, read.failures, read.errors) == (4, 2, 0)
    assert {item.name for item in cases} == {"plan", "create container_network web"}
    code, read, cases = junit(tmp_path, "apply", site, *inventory, "--yes")
    assert (code, read.failures, read.errors) == (0, 0, 0)
    assert all(item.time > 0 for item in cases if item.name == "apply")
    assert read.time > 0
    code, read, _ = junit(tmp_path, "plan", site, *inventory)
    assert (code, read.tests, read.failures) == (0, 2, 0)


def test_diff_says_how_hosts_differ(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    one, other = lab.hosts.values()
    for host in (one, other):
        for network in list(host.hns.networks):
            host.hns.remove(network)
    one.hns.create("web", "nat", subnets=[{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}])
    other.hns.create("web", "nat", subnets=[{"AddressPrefix": "172.21.0.0/24", "GatewayAddress": "172.21.0.1"}])
    other.hns.create("inside", "internal")
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    told = CliRunner().invoke(app, ["diff", one.name, other.name, *common, "--picture", str(tmp_path / "d.svg")])
    assert told.exit_code == 2, told.output
    assert "container_network web: subnet: 172.20.0.0/24 | 172.21.0.0/24" in told.output
    assert f"container_network inside: only on {other.name}" in told.output
    assert (tmp_path / "d.svg").read_text(encoding="utf-8").startswith("<svg")
    same = CliRunner().invoke(app, ["diff", one.name, one.name, *common, "--json"])
    assert (same.exit_code, json.loads(same.output)) == (0, {f"{one.name} and {one.name}": []})
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    site = CliRunner().invoke(app, ["diff", str(tmp_path / "site.yaml"), *common, "--json"])
    rows = json.loads(site.output)
    assert rows[f"{tmp_path / 'site.yaml'} and {one.name}"] == []
    assert [(item["name"], item["field"]) for item in rows[f"{tmp_path / 'site.yaml'} and {other.name}"]] == [
        ("web", "subnets"),
        ("inside", ""),
    ]


def test_the_picture_of_a_difference_has_the_firewall_and_what_either_alone_has(
    psnet_lab: LabMaker, tmp_path: Path
) -> None:
    lab = psnet_lab("2022", count=2)
    one, other = lab.hosts.values()
    for host in (one, other):
        for network in list(host.hns.networks):
            host.hns.remove(network)
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    rule = {"direction": "Inbound", "action": "Allow", "protocol": "TCP"}
    both = [{"name": "both", "local_ports": [port], **rule} for port in (8082, 8083)]
    for number, (host, more) in enumerate(((one, [{"name": "mine", "local_ports": [8081], **rule}]), (other, []))):
        path = tmp_path / f"{number}.yaml"
        path.write_text(yaml.safe_dump({"name": "web", "firewall_rules": [both[number], *more]}), encoding="utf-8")
        assert CliRunner().invoke(app, ["apply", str(path), *common, "--yes", "--limit", host.name]).exit_code == 0
    other.hns.create("inside", "internal")
    picture = tmp_path / "d.svg"
    told = CliRunner().invoke(app, ["diff", one.name, other.name, *common, "--picture", str(picture)])
    assert told.exit_code == 2, told.output
    drawn = picture.read_text(encoding="utf-8")
    for words in ("- mine: Allow Inbound TCP 8081", "~ both local_ports: 8082 → 8083", "+ inside"):
        assert words in drawn
    for words in (f"+ only on {other.name}", f"- only on {one.name}", "~ different"):
        assert words in drawn
    site = tmp_path / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    page = tmp_path / "d.html"
    assert CliRunner().invoke(app, ["diff", str(site), *common, "--picture", str(page)]).exit_code == 2
    assert "+ only in the site" in page.read_text(encoding="utf-8")


def test_what_no_site_declares_is_shown_of_two_hosts_and_is_no_difference(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2019", "2022", docker=True)
    one, other = lab.hosts.values()
    for host in (one, other):
        for network in list(host.hns.networks):
            host.hns.remove(network)
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    told = CliRunner().invoke(app, ["diff", one.name, other.name, *common])
    assert told.exit_code == 0, told.output
    assert "no difference in what a site declares" in told.output
    assert "host: build: 17763 | 20348" in told.output
    assert re.search(r"adapter Ethernet: addresses: (?P<one>[\d./]+) \| (?!(?P=one)\n)[\d./]+\n", told.output)
    rows = json.loads(CliRunner().invoke(app, ["diff", one.name, other.name, *common, "--json"]).output)
    assert {item["declared"] for item in rows[f"{one.name} and {other.name}"]} == {False}
