"""psnet trace: the way of a port from outside, step by step, over the lab's hosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from reality.played import observed
from typer.testing import CliRunner

from psnet.apply import apply_script
from psnet.checks.trace import Trace, trace
from psnet.cli.app import app
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.planning import plan
from psnet.site import parse_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE: dict[str, Any] = {
    "container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}],
    "endpoints": [{"name": "app", "network": "web", "address": "172.20.0.10", "attach": "host"}],
    "nat_static_mappings": [
        {"name": "http", "network": "web", "protocol": "TCP", "external_port": 8080, "internal_address": "172.20.0.10",
         "internal_port": 80},
    ],
}  # fmt: skip


def bring(host: LabHost, **data: Any) -> None:
    for network in list(host.hns.networks):
        host.hns.remove(network)
    made = plan(parse_site(yaml.safe_dump(data)).for_host("h"), observed(host), host="h")
    run_file(host, apply_script(made), registry=lab_registry(host), width=1_000_000)


def words(found: Trace) -> list[tuple[str, str]]:
    return [(step.kind, step.verdict) for step in found.steps]


def test_a_published_port_leads_to_its_endpoint() -> None:
    for name in ("2016", "2022"):
        host = LabHost("h", name)
        bring(host, **SITE)
        found = trace(observed(host), "h", 8080, "TCP")
        assert [kind for kind, _ in words(found)] == ["nat", "firewall", "endpoint", "acl", "container"]
        assert found.verdict == "open", found
        assert "172.20.0.10:80" in found.steps[0].says
        assert found.steps[1].evidence == "firewall rule psnet-mapping-http"


def test_what_shuts_a_port_is_the_step_that_is_said() -> None:
    host = LabHost("h", "2022")
    acl = {"endpoint": "app", "rules": [{"action": "Block", "direction": "In", "protocols": "TCP", "local_ports": 80}]}
    bring(host, **SITE, acls=[acl])
    assert ("acl", "shut") in words(trace(observed(host), "h", 8080, "TCP"))
    (lost,) = trace(observed(host), "h", 9999, "TCP").steps
    assert (lost.kind, lost.verdict) == ("port", "shut")
    assert "nothing leads TCP 9999 anywhere" in lost.says
    del host.firewall.rules["psnet-mapping-http"]
    assert ("firewall", "unknown") in words(trace(observed(host), "h", 8080, "TCP"))


def test_a_containers_port_is_followed_to_the_container() -> None:
    host = LabHost("h", "2022", docker=True)
    host.run_container("shop", "nat", ports=[(8080, 80, "tcp")])
    found = trace(observed(host), "h", 8080, "TCP")
    assert found.steps[-1].kind == "container"
    assert "shop" in found.steps[-1].says


def test_the_command_shows_draws_and_exits(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    bring(lab.hosts["ws2022"], **SITE)
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    shown = CliRunner().invoke(app, ["trace", "ws2022", "8080/tcp", *common, "--picture", str(tmp_path / "way.svg")])
    assert shown.exit_code == 0, shown.output
    assert "psnet-mapping-http lets TCP 80 in" in shown.output
    assert (tmp_path / "way.svg").read_text(encoding="utf-8").startswith("<svg")
    shut = CliRunner().invoke(app, ["trace", "ws2022", "81", *common, "--json"])
    assert (shut.exit_code, json.loads(shut.output)["verdict"]) == (1, "shut")
    assert "is no port" in str(CliRunner().invoke(app, ["trace", "ws2022", "http", *common]).exception)
