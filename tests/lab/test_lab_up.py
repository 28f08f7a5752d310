"""psnet lab up and run: many hosts, files that describe a lab, state that outlives it, and faults on purpose."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import HostError
from psnet.inventories import load_inventory
from psnet.lab import state
from psnet.lab.labfile import build, load_lab
from psnet.lab.run import make_hosts
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.server import LabServer
from psnet.site.load import load_site
from psnet.transport.policy import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.labhost import LabHost
    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
SITE = load_site(ROOT / "examples" / "minimal" / "site.yaml")
PSNET = [sys.executable, "-m", "psnet"]
LAB = """
hosts:
  web1:
    os: "2019"
    docker: true
    culture: de-DE
    networks:
      - {name: flat, mode: l2bridge, adapter: Ethernet 2, subnets: [{prefix: 10.44.0.0/24}]}
    containers:
      - {name: shop, network: nat, isolation: hyperv, ports: ["8080:80/tcp"]}
      - {name: db, network: flat}
    excluded_ports: ["tcp/9000-9010"]
  web2: {}
"""


def described(tmp_path: Path, text: str = LAB) -> Path:
    path = tmp_path / "lab.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_500_hosts_answer_each_under_its_own_name(tmp_path: Path) -> None:
    hosts = make_hosts(["2022"], 500)
    with LabServer(hosts) as server:
        assert len({item.https_port for item in server.endpoints.values()}) == 500
        from psnet.api import Host
        from psnet.lab.run import write_inventory

        inventory = load_inventory(write_inventory(server, hosts, tmp_path / "hosts.yaml"))
        for name in ("ws2022-001", "ws2022-500"):
            with Host(inventory[name].settings(), name) as host:
                assert host.observe().facts.computer_name == name.upper()


def test_a_file_describes_hosts_networks_and_containers(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab(file=described(tmp_path))
    with lab.connect("web1") as host:
        seen = host.observe()
    assert seen.facts.build == 17763
    assert seen.facts.culture == "de-DE"
    assert seen.facts.has_docker
    assert {item.name for item in seen.networks} == {"nat", "flat"}
    names = {item.id: name for name, item in lab.hosts["web1"].containers.items()}
    assert [(item.id in names, item.name) for item in seen.containers] == [(True, "shop")]  # db is not docker's
    endpoints = {names[item.containers[0]]: item for item in seen.endpoints}
    assert endpoints["db"].address == "10.44.0.2"
    assert [item.external_port for item in lab.hosts["web1"].nat.published] == [8080]
    assert any((item.first, item.last) == (9000, 9010) for item in seen.exclusions)
    assert lab.hosts["web2"].os.build == 20348


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts: {}", "hosts"),
        ("hosts: {a: {oss: x}}", "did you mean os"),
        ("hosts: {a: {networks: [{name: x, mode: l2bridge}]}}", "The parameter is incorrect"),
        ("hosts: {a: {containers: [{name: c, network: none}]}}", "Element not found"),
        ("hosts: {a: {containers: [{name: c, network: n, ports: [80]}]}}", "ports"),
    ],
)
def test_a_file_that_cannot_be_a_lab_says_why(tmp_path: Path, text: str, said: str) -> None:
    result = CliRunner().invoke(app, ["lab", "run", "--file", str(described(tmp_path, text)), "--", "true"])
    assert result.exit_code != 0
    assert said in f"{result.output}{result.exception}" + "".join(map(str, getattr(result.exception, "problems", ())))


def test_a_saved_host_is_the_same_host(tmp_path: Path) -> None:
    before = build(load_lab(described(tmp_path)), "secret")
    before[0].files.write_text("C:\\Temp\\a.txt", "häh")
    before[0].firewall.create({"name": "own", "display_name": "Own"})
    state.save(before, tmp_path / "state")
    after = state.load(tmp_path / "state")
    shown = [{key: value for key, value in state.snapshot(host).items() if key != "clock"} for host in before]
    assert [{k: v for k, v in state.snapshot(host).items() if k != "clock"} for host in after] == shown
    assert oct((tmp_path / "state" / "web1.json").stat().st_mode & 0o777) == "0o600"
    assert [item.name for item in make_views(after[0])] == [item.name for item in make_views(before[0])]
    again = after[0].hns.attach("flat", "more")
    assert again.id not in {item.id for item in before[0].hns.endpoints}


def make_views(host: LabHost) -> list[Any]:
    return [*host.links.switches, *host.links.adapters]


def test_a_broken_state_says_which_file(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(Exception, match=r"x\.json"):
        state.load(tmp_path)


def test_a_lab_outlives_its_process(tmp_path: Path) -> None:
    command = [*PSNET, "lab", "up", "--os", "2019", "--state", "state"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Ctrl-C"):
                return process
        raise AssertionError("the lab did not start")

    def stop(process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0

    first = start()
    inventory = ["-i", str(tmp_path / "lab-hosts.yaml")]
    site = [str(ROOT / "examples" / "minimal" / "site.yaml")]
    applied = subprocess.run([*PSNET, "apply", *site, *inventory, "--yes"], check=False, capture_output=True, text=True)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    stop(first)
    second = start()
    try:
        planned = subprocess.run(
            [*PSNET, "plan", *site, *inventory, "--detailed-exitcode"], check=False, capture_output=True, text=True
        )
        assert planned.returncode == 0, planned.stdout + planned.stderr
    finally:
        stop(second)
    assert json.loads((tmp_path / "state" / "ws2019.json").read_text())["networks"][0]["name"] == "web"


# -- faults, seen by a real client -----------------------------------------------------------------


def faulty(**fields: Any) -> FaultPlan:
    return FaultPlan.of(Fault(**fields))


def test_a_cmdlet_that_fails_on_purpose_fails_its_change(psnet_lab: LabMaker) -> None:
    lab = psnet_lab(
        "2022", faults=faulty(action="fail", cmdlet="Add-NetNatStaticMapping", error_id="Windows System Error 32")
    )
    with lab.connect() as host:
        result = host.apply(SITE)
        failed = [item for item in result.outcomes if item.status == "failed"]
        assert [(item.name, item.error_id) for item in failed] == [
            ("http", "Windows System Error 32,Add-NetNatStaticMapping")
        ]
        assert not host.apply(SITE).failed  # once, so the second time it goes through
        assert host.plan(SITE).empty


FAULTS: list[dict[str, Any]] = [
    {"action": "drop", "operation": "Receive"},
    {"action": "quota", "operation": "Create"},
    {"action": "reboot", "cmdlet": "Get-NetAdapter", "seconds": 0.05},
]
#: A drop between two requests is no error at all: the next one opens another connection.
HARMLESS: list[dict[str, Any]] = [{"action": "drop", "cmdlet": "Get-NetAdapter"}]
LASTING: list[dict[str, Any]] = [
    {"action": "unauthorized", "request": 4, "times": "always"},
    {"action": "timeout", "operation": "Command"},  # whether it began is not known
]


def called(fault: dict[str, Any]) -> str:
    return "-".join(str(value) for value in fault.values())


@pytest.mark.parametrize("fault", [*FAULTS, *LASTING], ids=called)
def test_a_broken_wire_is_an_error_that_names_the_host(psnet_lab: LabMaker, fault: dict[str, Any]) -> None:
    lab = psnet_lab("2022", faults=faulty(**fault))
    once = RetryPolicy(attempts=1, resume_within=0)
    with lab.connect(retry=once) as host, pytest.raises(HostError) as caught:
        host.observe()
    assert "ws2022" in str(caught.value)
    assert lab.hosts["ws2022"].hns.networks == []


@pytest.mark.parametrize("fault", [*FAULTS, *HARMLESS], ids=called)
def test_what_breaks_once_is_got_over(psnet_lab: LabMaker, fault: dict[str, Any]) -> None:
    lab = psnet_lab("2022", faults=faulty(**fault))
    with lab.connect(retry=RetryPolicy(base=0.05, attempts=8)) as host:
        assert host.observe().facts.build == 20348
    assert lab.server.stats("ws2022").injected == 1


def test_slow_answers_are_only_slow(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022", faults=faulty(action="slow", operation="Command", seconds=0.05))
    with lab.connect() as host:
        assert host.observe().facts.build == 20348
    assert lab.server.stats("ws2022").injected == 1


def test_faults_come_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text("faults: [{action: drop, operation: Create, times: always}]")
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "psnet",
            "lab",
            "run",
            "--faults",
            str(path),
            "--",
            sys.executable,
            "-m",
            "psnet",
            "observe",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "ws2022" in result.stdout + result.stderr


def test_containerd_is_an_option_of_the_command_line_and_the_fixture(psnet_lab: LabMaker) -> None:
    from typer.testing import CliRunner

    from psnet.cli.app import app

    lab = psnet_lab("2022", containerd=True)
    (model,) = lab.hosts.values()
    assert model.containerd is not None
    listed = CliRunner().invoke(app, ["lab", "run", "--containerd", "--", "true"])
    assert listed.exit_code == 0, listed.output
    both = CliRunner().invoke(app, ["lab", "run", "--containerd", "--file", "x.yaml", "--", "true"])
    assert "says what the hosts are" in str(both.exception)
