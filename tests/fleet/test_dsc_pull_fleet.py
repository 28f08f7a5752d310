"""A fleet that pulls: hosts of the lab register with psnet dsc serve, pull, correct themselves, and report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import requests
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.server import ServerFolder, running, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psnet.testing import Lab

SITE = """
name: web
firewall_rules:
  - {name: web-ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""
LCM = """
settings: {{refresh_mode: Pull, configuration_mode: ApplyAndAutoCorrect}}
trusted_roots: [{ca}]
configuration_repositories:
  - name: pull
    server_url: {url}
    registration_key: {{file: fleet.key}}
    configuration_names: ["{{{{ inventory_hostname }}}}"]
report_servers:
  - {{name: pull, server_url: {url}, registration_key: {{file: fleet.key}}}}
"""


@dataclass
class Server:
    folder: ServerFolder
    url: str
    ca: Path

    def status(self) -> dict[str, dict[str, object]]:
        root = self.url.removesuffix("/PSDSCPullServer.svc")
        token = self.folder.token_file.read_text().strip()
        answer = requests.get(
            f"{root}/status.json", headers={"Authorization": f"Bearer {token}"}, verify=str(self.ca), timeout=20
        )
        return {node["node"].lower(): node for node in answer.json()["nodes"]}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = ServerFolder(tmp_path / "pull")
    tls, ca = self_signed(folder.private, ["localhost", "127.0.0.1"])
    with running(folder.app(), tls) as url:
        yield Server(folder, url, ca)


def psnet(lab: Lab, *words: object, code: int = 0) -> str:
    made = CliRunner().invoke(app, [str(word) for word in words], env={"PSNET_INVENTORY": str(lab.inventory)})
    assert made.exit_code == code, made.output
    return made.output


def test_a_fleet_registers_pulls_corrects_itself_and_reports(
    psnet_lab: Callable[..., Lab], server: Server, tmp_path: Path
) -> None:
    lab = psnet_lab("2019", "2022")
    site, settings, key = tmp_path / "site.yaml", tmp_path / "lcm.yaml", tmp_path / "fleet.key"
    site.write_text(SITE)
    settings.write_text(LCM.format(ca=server.ca, url=server.url))
    psnet(lab, "dsc", "serve", "key", "add", "fleet", "--folder", server.folder.path, "--out", key, "--allow", "ws*")
    psnet(lab, "dsc", "publish", site, "--folder", server.folder.path)
    psnet(lab, "dsc", "lcm", settings)
    told = psnet(lab, "dsc", "update", "--json").splitlines()
    ended = [json.loads(line) for line in told if '"host_finished"' in line]
    assert [item["result"]["in_desired_state"] for item in ended] == [True, True]
    for host in lab.hosts.values():
        assert "web-ping" in host.firewall.rules
    nodes = server.status()
    assert {name: (node["in_desired_state"], node["resources"]) for name, node in nodes.items()} == {
        "ws2019": (True, 1),
        "ws2022": (True, 1),
    }

    # A change behind its back is found, and corrected by the host itself once its check is due.
    host = lab.hosts["ws2022"]
    del host.firewall.rules["web-ping"]
    assert "[PSNetFirewallRule]web-ping" in psnet(lab, "dsc", "test", "--detailed-exitcode", code=2)
    host.clock.advance(15 * 60)
    run = host.lcm.tick()
    assert run is not None
    assert "web-ping" in host.firewall.rules
    assert server.status()["ws2022"]["operation"] == "Consistency"
    psnet(lab, "dsc", "test", "--detailed-exitcode")

    # A new version of the declaration is pulled; what is there already is not pulled again.
    site.write_text(SITE.replace("web-ping", "web-echo"))
    psnet(lab, "dsc", "publish", site, "--folder", server.folder.path, "--limit", "ws2022")
    psnet(lab, "dsc", "update")
    assert "web-echo" in host.firewall.rules
    assert "web-echo" not in lab.hosts["ws2019"].firewall.rules


def test_a_node_with_a_key_that_is_not_for_it_is_told_so(
    psnet_lab: Callable[..., Lab], server: Server, tmp_path: Path
) -> None:
    lab = psnet_lab("2022")
    settings, key = tmp_path / "lcm.yaml", tmp_path / "fleet.key"
    settings.write_text(LCM.format(ca=server.ca, url=server.url))
    psnet(lab, "dsc", "serve", "key", "add", "db", "--folder", server.folder.path, "--out", key, "--allow", "db*")
    assert "RegisterDscAgentUnsuccessful" in psnet(lab, "dsc", "lcm", settings, code=1)
    assert server.status() == {}
