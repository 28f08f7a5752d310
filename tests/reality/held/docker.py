"""docker's own records of networks and containers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from psnet.lab.host.docker import PREFIX
from psnet.lab.host.docker_cli import run_docker
from psnet.lab.labhost import LabHost
from reality.claims import claim

if TYPE_CHECKING:
    from psnet.lab.contract.programs import ProgramResult

HEX64 = re.compile(r"[0-9a-f]{64}")
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def docker(host: LabHost, line: str) -> ProgramResult:
    return run_docker(host, line.split(), [])


def inspect(host: LabHost, name: str) -> dict[str, Any]:
    answer = docker(host, f"network inspect {name}")
    assert answer.code == 0, answer.error
    found: dict[str, Any] = json.loads("\n".join(answer.out))[0]
    return found


@claim("c85")
def a_subnet_that_hns_chose_is_hidden_by_old_engines() -> None:
    for os in ("1709", "2019"):
        config = inspect(LabHost("a", os, docker=True), "nat")["IPAM"]["Config"]
        assert config == [{"Subnet": "0.0.0.0/0", "Gateway": "0.0.0.0"}], os
    (shown,) = inspect(LabHost("a", "2022", docker=True), "nat")["IPAM"]["Config"]
    assert shown["Subnet"] != "0.0.0.0/0"


@claim("c86")
def containers_are_keyed_by_64_hex() -> None:
    for os in ("2016", "2022"):
        host = LabHost("a", os, docker=True)
        made = host.run_container("web", "nat")
        ((key, shown),) = inspect(host, "nat")["Containers"].items()
        assert HEX64.fullmatch(key)
        assert HEX64.fullmatch(shown["EndpointID"])
        assert made.endpoint.replace("-", "").lower() not in shown["EndpointID"]
        assert shown["Name"] == "web"


@claim("c87")
def the_hns_network_is_called_by_dockers_id() -> None:
    for os in ("2016", "2019", "2025"):
        host = LabHost("a", os, docker=True)
        docker(host, "network create -d transparent plain")
        (network,) = [item for item in host.hns.networks if item.type.lower() == "transparent"]
        assert network.name == inspect(host, "plain")["Id"]
        docker(host, "network rm plain")
        docker(host, f"network create -d transparent -o {PREFIX}networkname=named given")
        (network,) = [item for item in host.hns.networks if item.type.lower() == "transparent"]
        assert network.name == "named"


@claim("c88")
def networkname_is_missing_until_docker_restarts() -> None:
    for os in ("2019", "2022", "2025"):
        host = LabHost("a", os, docker=True)
        docker(host, "network create -d transparent plain")
        assert list(inspect(host, "plain")["Options"]) == [f"{PREFIX}hnsid"]
        assert host.docker is not None
        host.docker.started()
        assert inspect(host, "plain")["Options"][f"{PREFIX}networkname"] == "plain"


@claim("c114")
def networkname_of_a_restored_network_is_not_the_name_that_hns_has() -> None:
    host = LabHost("a", "1709", docker=True)
    docker(host, "network create -d l2bridge --subnet 10.44.0.0/24 myl2bridge")
    old = inspect(host, "myl2bridge")["Id"]
    assert host.docker is not None
    host.docker.started()
    shown = inspect(host, "myl2bridge")
    (network,) = [item for item in host.hns.networks if item.type.lower() == "l2bridge"]
    assert (network.name, shown["Options"][f"{PREFIX}networkname"]) == (old, "myl2bridge")
    assert shown["Id"] != old


@claim("c89")
def a_users_network_has_another_ipam_driver_than_dockers_own() -> None:
    for os in ("2016", "2019", "2025"):
        host = LabHost("a", os, docker=True)
        docker(host, "network create -d transparent mine")
        drivers = [inspect(host, name)["IPAM"]["Driver"] for name in ("nat", "mine")]
        assert drivers == ["windows", "default"], os


@claim("c90")
def two_networks_of_one_name_can_exist() -> None:
    for os in ("2016", "1803"):
        host = LabHost("a", os, docker=True)
        docker(host, "network create -d transparent twin")
        host.hns.create("twin", "internal")
        assert host.docker is not None
        host.docker.started()
        names = list(docker(host, "network ls --format {{.Name}}").out)
        assert names.count("twin") == 2
        refused = docker(host, "network inspect twin")
        assert "is ambiguous (2 matches" in refused.error[0]


@claim("c133")
def a_container_keeps_the_id_of_the_network_it_was_made_with() -> None:
    for os in ("2016", "2022"):
        host = LabHost("a", os, docker=True)
        docker(host, "network create -d transparent blaa")
        old = inspect(host, "blaa")["Id"]
        host.run_container("web", next(item.name for item in host.hns.networks if item.type.lower() == "transparent"))
        host.stop_container("web")
        docker(host, "network rm blaa")
        docker(host, "network create -d transparent blaa")
        refused = docker(host, "start web")
        assert refused.error[0] == f"Error response from daemon: network {old} not found"
        assert "blaa" in docker(host, "network ls --format {{.Name}}").out
