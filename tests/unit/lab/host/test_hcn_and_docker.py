"""HCN v2 and docker are further views of what HNS keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import ExecResult, run_file
from psnet.lab.labhost import LabHost

EMPTY = "00000000-0000-0000-0000-000000000000"
WEB: dict[str, Any] = {
    "Name": "web",
    "Type": "NAT",
    "Ipams": [
        {
            "Type": "Static",
            "Subnets": [
                {
                    "IpAddressPrefix": "172.20.0.0/24",
                    "Routes": [{"NextHop": "172.20.0.1", "DestinationPrefix": "0.0.0.0/0"}],
                }
            ],
        }
    ],
    "SchemaVersion": {"Major": 2, "Minor": 0},
}
NO_ADAPTER = {"Type": "NetAdapterName", "Settings": {"NetworkAdapterName": "wg0"}}
ENDPOINT: dict[str, Any] = {
    "Name": "e",
    "IpConfigurations": [{"IpAddress": "172.20.0.9"}],
    "SchemaVersion": {"Major": 2, "Minor": 0},
}


def run(host: LabHost, text: str) -> ExecResult:
    return run_file(host, text, registry=lab_registry(host))


def hcn(host: LabHost, function: str, *arguments: Any) -> Any:
    assert host.hcn is not None
    return host.hcn.call(function, list(arguments))


def test_a_network_of_hcn_is_one_of_v1_with_the_id_that_was_asked_for() -> None:
    host = LabHost("a", "2022")
    identifier = "11111111-2222-3333-4444-555555555555"
    assert hcn(host, "HcnCreateNetwork", identifier, json.dumps(WEB)).code == 0
    (document,) = json.loads(host.hns.call("GET", "/networks/", ""))["Output"]
    assert (document["ID"], document["Type"]) == (identifier, "NAT")  # as sent: claim c42
    (subnet,) = document["Subnets"]
    assert (subnet["AddressPrefix"], subnet["GatewayAddress"]) == ("172.20.0.0/24", "172.20.0.1")
    assert json.loads(hcn(host, "HcnEnumerateNetworks", "").text) == [identifier]
    handle = hcn(host, "HcnOpenNetwork", identifier).handle
    shown = json.loads(hcn(host, "HcnQueryNetworkProperties", handle, "").text)
    assert shown["Ipams"][0]["Subnets"][0]["IpAddressPrefix"] == "172.20.0.0/24"
    old = json.dumps({"SchemaVersion": {"Major": 1, "Minor": 0}})
    assert "Subnets" in json.loads(hcn(host, "HcnQueryNetworkProperties", handle, old).text)
    assert hcn(host, "HcnCloseNetwork", handle).code == 0
    assert hcn(host, "HcnCloseNetwork", handle).code != 0
    assert hcn(host, "HcnDeleteNetwork", identifier).code == 0
    assert host.hns.networks == []
    assert host.nat.nats == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Type": "Nat"}, 0x803B000B),
        ({"Nonsense": 1}, 0x803B000A),
        ({"SchemaVersion": {"Major": 2, "Minor": 99}}, 0x803B0015),
        ({"SchemaVersion": None}, 0x803B000A),  # read as a document of v1: record a39
        ({"Policies": [{"Type": "Unknown", "Settings": {}}]}, 0x803B000E),
        ({"Type": "Transparent", "Ipams": [], "Policies": [NO_ADAPTER]}, 0x803B0006),
    ],
)
def test_refusals_of_hcn_carry_their_code_and_text(change: dict[str, Any], code: int) -> None:
    host = LabHost("a", "2022")
    answer = hcn(host, "HcnCreateNetwork", EMPTY, json.dumps({**WEB, **change}))
    record = json.loads(answer.error)
    assert (answer.code, record["ErrorCode"], record["Success"]) == (code, code, False)
    assert record["Error"].endswith(". ")
    assert host.hns.networks == []


def test_a_second_network_of_a_name_is_0x803b0010() -> None:
    host = LabHost("a", "2022")
    hcn(host, "HcnCreateNetwork", EMPTY, json.dumps(WEB))
    assert hcn(host, "HcnCreateNetwork", EMPTY, json.dumps(WEB)).code == 0x803B0010


def test_policies_go_both_ways() -> None:
    host = LabHost("a", "2022")
    network = hcn(host, "HcnCreateNetwork", EMPTY, json.dumps(WEB)).handle
    handle = hcn(host, "HcnCreateEndpoint", network, EMPTY, json.dumps(ENDPOINT)).handle
    policies = [
        {"Type": "PortMapping", "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080, "Flags": 4}},
        {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In", "Protocols": "6", "Priority": 100}},
        {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]}},
        {"Type": "QOS", "Settings": {"MaximumOutgoingBandwidthInBytes": 1000}},
    ]
    request = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": policies}}
    assert hcn(host, "HcnModifyEndpoint", handle, json.dumps(request)).code == 0
    shown = json.loads(hcn(host, "HcnQueryEndpointProperties", handle, "").text)
    assert shown["Policies"] == policies
    (document,) = json.loads(host.hns.call("GET", "/endpoints/", ""))["Output"]
    assert [item["Type"] for item in document["Policies"]] == ["NAT", "ACL", "OutBoundNAT", "QOS"]
    assert [item.external_port for item in host.nat.published] == [8080]
    gone = {**request, "RequestType": "Remove", "Settings": {"Policies": policies[:1]}}
    assert hcn(host, "HcnModifyEndpoint", handle, json.dumps(gone)).code == 0
    assert host.nat.published == []
    assert hcn(host, "HcnModifyEndpoint", handle, json.dumps(gone)).code == 0x803B0008


DECLARE = """
$signature = '[DllImport("computenetwork.dll")] public static extern int HcnEnumerateNetworks(
    [MarshalAs(UnmanagedType.LPWStr)] string Query,
    [MarshalAs(UnmanagedType.LPWStr)] out string Networks,
    [MarshalAs(UnmanagedType.LPWStr)] out string Result);'
Add-Type -MemberDefinition $signature -Namespace 'X' -Name 'Hcn'
$list = ''; $result = ''
[X.Hcn]::HcnEnumerateNetworks('', [ref] $list, [ref] $result)
$list
"""


@pytest.mark.parametrize(
    ("os", "stdout", "errors"),
    [("2019", ["0", "[]"], []), ("2016", [""], ["DllNotFoundException"]), ("1803", [""], ["DllNotFoundException"])],
)
def test_scripts_reach_hcn_from_2019_on(os: str, stdout: list[str], errors: list[str]) -> None:
    result = run(LabHost("a", os), DECLARE)
    assert result.stdout == stdout
    assert result.errors == errors


def test_a_declaration_that_the_lab_does_not_know_is_refused() -> None:
    from psnet.lab.dotnet.errors import UnsupportedError

    with pytest.raises(UnsupportedError, match="Add-Type"):
        run(LabHost("a", "2022"), DECLARE.replace("out string Result", "string Result"))


# -- docker ---------------------------------------------------------------------------------------


def test_docker_networks_are_networks_of_hns() -> None:
    host = LabHost("a", "2022", docker=True)
    result = run(
        host,
        """
docker network create -d l2bridge --subnet=10.44.0.0/24 --gateway 10.44.0.1 `
    -o com.docker.network.windowsshim.interface='Ethernet 2' -o com.docker.network.windowsshim.vlanid=7 flat > $null
$LASTEXITCODE
docker network ls --format '{{.Name}} {{.Driver}}'
$found = docker network inspect flat | ConvertFrom-Json
$found.IPAM.Config[0].Subnet
$found.Options.'com.docker.network.windowsshim.hnsid' -eq (Get-HnsNetwork | Where-Object Name -eq $found.Id).ID
docker network rm flat
""",
    )
    assert result.errors == []
    assert result.stdout == ["0", "nat nat", "flat l2bridge", "none null", "10.44.0.0/24", "True", "flat"]
    assert [item.name for item in host.hns.networks] == ["nat"]


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ("network create nat", 1, "already exists"),
        ("network create -d nonsense x", 1, "plugin nonsense"),
        ("network create --nonsense x", 125, "unknown flag: --nonsense"),
        ("network create -d l2bridge -o com.docker.network.windowsshim.vlanid=x y", 1, "ParseUint"),
        ("network create -d transparent -o com.docker.network.windowsshim.macpool=a y", 1, "invalid mac pool"),
        ("network rm nowhere", 1, "network nowhere not found"),
        ("network inspect nowhere", 1, "network nowhere not found"),
    ],
)
def test_docker_refuses(words: str, code: int, text: str) -> None:
    host = LabHost("a", "2022", docker=True)
    before = host.hns.call("GET", "/networks/", "")
    result = run(host, f"docker {words} > $null; $LASTEXITCODE")
    assert result.stdout == [str(code)]
    assert result.errors[0] == "NativeCommandError"
    assert text in result.stderr_text.replace("\n", " ")
    assert host.hns.call("GET", "/networks/", "") == before


def test_docker_makes_a_second_nat_network_without_a_subnet_from_2019_on() -> None:
    # claims c10, c13
    host = LabHost("a", "2022", docker=True)
    assert run(host, "docker network create -d nat x > $null; $LASTEXITCODE").stdout == ["0"]
    assert [item.type for item in host.hns.networks] == ["nat", "nat"]
    assert host.nat.nats == []


def test_what_docker_writes_to_stderr_stops_a_script_that_stops_on_errors() -> None:
    result = run(LabHost("a", "2022", docker=True), "$ErrorActionPreference = 'Stop'; docker network rm x; 'after'")
    assert result.stdout == []
    assert result.errors == ["NativeCommandError"]


def test_a_host_without_docker_has_no_such_command() -> None:
    assert run(LabHost("a", "2022"), "docker network ls").errors == ["CommandNotFoundException"]


def test_docker_recreates_its_nat_networks_after_a_restart_and_keeps_containers_from_being_cut() -> None:
    host = LabHost("a", "2022", docker=True)
    host.run_container("c", "nat", ports=[(8080, 80, "tcp")])
    refused = run(host, "docker network rm nat")
    assert "has active endpoints" in refused.stderr_text.replace("\n", " ")
    host.reboot()
    assert [item.name for item in host.hns.networks] == ["nat"]
    assert host.containers == {}
    assert host.nat.published == []
    assert run(host, "docker network rm nat").errors == []


def test_a_stopped_engine_answers_nothing() -> None:
    host = LabHost("a", "2022", docker=True)
    result = run(host, "Stop-Service docker; docker network ls; $LASTEXITCODE")
    assert result.stdout == ["1"]
    assert "the docker daemon is not running" in result.stderr_text.replace("\n", " ")
