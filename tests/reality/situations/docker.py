"""docker's networks."""

from __future__ import annotations

import json
from typing import Any

from psnet.lab.labhost import LabHost
from psnet.recording import Difference, Record, differences
from reality.asking import docker, equal, holds
from reality.compare import situation


def inspected(host: LabHost, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("\n".join(docker(host, f"network inspect {name}").out))[0]
    return found


@situation("g04")
def dockers_own_nat_of_1709(record: Record) -> list[Difference]:
    return differences(record.output[0], inspected(LabHost("a", "1709", docker=True), "nat"), partial=True)


@situation("g06")
def a_transparent_network_of_2016_with_a_container(record: Record) -> list[Difference]:
    host = LabHost("a", "2016", docker="1.12.9")  # the record's is a build before 1.13, without Created
    docker(host, "network create -d transparent --subnet 172.21.2.0/23 --gateway 172.21.2.1 mynet")
    host.run_container("jchen", next(item.name for item in host.hns.networks if item.type == "transparent"))
    shown = inspected(host, "mynet")
    shown.pop("Labels")  # the report ends before them
    return differences(record.output[0], shown)


@situation("g07")
def a_nat_whose_subnet_hns_chose(record: Record) -> list[Difference]:
    host = LabHost("a", "2019", docker=True)
    docker(host, "network create -d nat mynat")
    return differences(record.output, inspected(host, "mynat"), partial=True)


@situation("g15")
def the_default_switch_in_dockers_list(record: Record) -> list[Difference]:
    host = LabHost("a", "18362", docker=True)
    body = {"Name": "Default Switch", "Type": "ICS", "ID": "C08CB7B8-9B3C-408E-8E30-5E16A3AEB444", "Flags": 11}
    host.hns.call("POST", "/networks", json.dumps(body))
    assert host.docker is not None
    host.docker.started()
    rows = [line.split(maxsplit=1) for line in docker(host, "network ls --format {{.Driver}}_{{.Name}}").out]
    shown = [f"{one['DRIVER']}_{one['NAME']}" for one in record.output]
    return equal("networks", sorted(shown), sorted(" ".join(row) for row in rows))


@situation("g17")
def two_nat_networks(record: Record) -> list[Difference]:
    _ = record
    found = []
    for os in ("2019", "2022"):
        host = LabHost("a", os, docker=True)
        for number in (101, 102):
            answer = docker(host, f"network create --driver=nat --subnet 192.168.{number}.0/24 n{number}")
            found += equal(f"{os}: network {number}", 0, answer.code)
    return found


@situation("g18")
def hns_picks_a_prefix_of_20_bits(record: Record) -> list[Difference]:
    _ = record
    found = []
    for os in ("2016", "2019", "2022", "2025"):
        host = LabHost("a", os)
        answer = json.loads(host.hns.call("POST", "/networks", json.dumps({"Name": "n", "Type": "nat"})))
        assert answer["Success"], answer
        found += equal(f"{os}: prefix", "20", answer["Output"]["Subnets"][0]["AddressPrefix"].partition("/")[2])
    return found


@situation("g19")
def the_driver_bridge(record: Record) -> list[Difference]:
    answer = docker(LabHost("a", "1709", docker=True), "network create -d bridge foo")
    return equal("error", f"Error response from daemon: {record.output['error']}", answer.error[0])


@situation("g20")
def a_transparent_network_without_an_interface(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2016", docker=True)
    return equal("exit code", 0, docker(host, "network create -d transparent free").code)


@situation("q07")
def an_old_container_after_a_restart(record: Record) -> list[Difference]:
    host = LabHost("a", "2016", docker=True)
    docker(host, "network rm nat")
    docker(host, "network create -d nat --subnet 172.30.0.0/24 blaa")
    before = inspected(host, "blaa")["Id"]
    host.run_container("web", next(item.name for item in host.hns.networks if item.type == "nat"))
    host.reboot()
    answer = docker(host, "start web")
    found = equal("error", f"Error response from daemon: network {before} not found", (*answer.error, "started")[0])
    listed = docker(host, "network ls --format {{.Name}}").out
    return found + holds("networks", "blaa" in record.output["docker network ls"] and "blaa" in listed)
