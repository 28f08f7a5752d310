"""WinNAT beside HNS."""

from __future__ import annotations

from typing import Any

import pytest

from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.labhost import LabHost
from reality.claims import claim
from reality.script import run

SUBNET = [{"AddressPrefix": "172.31.0.0/20", "GatewayAddress": "172.31.0.1"}]
OTHER = [{"AddressPrefix": "192.168.102.0/24", "GatewayAddress": "192.168.102.1"}]
LATER = ("1709", "1803", "2019", "2022", "2025")


def with_nat(os: str, name: str = "nat") -> LabHost:
    host = LabHost("a", os)
    host.hns.create(name, "nat", subnets=SUBNET)
    return host


def refusal(host: LabHost, script: str) -> list[str]:
    found: list[str] = run(host, script).errors
    return found


@claim("c01")
def get_netnat_does_not_list_hns_nat_from_1709_on() -> None:
    for os in LATER:
        assert run(with_nat(os), "@(Get-NetNat).Count").stdout == ["0"], os


@claim("c02", "c28")
def on_2016_it_is_h_and_the_networks_id_and_the_switch_is_called_after_the_network() -> None:
    for os in ("tp5", "2016"):
        host = with_nat(os, "nat")
        assert run(host, "(Get-NetNat).Name").stdout == [f"H{host.hns.networks[0].id}"]
        assert run(host, "(Get-VMSwitch).Name").stdout == ["nat"]


@claim("c03")
def on_2016_the_prefix_is_the_gateways_with_host_bits() -> None:
    script = "(Get-NetNat).InternalIPInterfaceAddressPrefix"
    assert run(with_nat("2016"), script).stdout == ["172.31.0.1/20"]


@claim("c04")
def get_netnat_has_seven_times_and_filters() -> None:
    host = with_nat("2016")
    names = "IcmpQueryTimeout,TcpEstablishedConnectionTimeout,TcpTransientConnectionTimeout,TcpFilteringBehavior,"
    names += "UdpFilteringBehavior,UdpIdleSessionTimeout,UdpInboundRefresh"
    script = f"$nat = Get-NetNat; foreach ($name in '{names}'.Split(',')) {{ [string] $nat.$name }}"
    behaviour = "AddressDependentFiltering"
    assert run(host, script).stdout == ["30", "1800", "120", behaviour, behaviour, "120", "False"]


@claim("c05")
def a_static_mapping_has_ten_fields() -> None:
    host = with_nat("2016")
    host.run_container("web", "nat", ports=[(80, 80, "tcp")])
    script = "(Get-NetNatStaticMapping).CimInstanceProperties.Name"
    script = "$one = Get-NetNatStaticMapping; @($one.PSObject.Properties | ForEach-Object { $_.Name })[0..9]"
    assert run(host, script).stdout == [
        "StaticMappingID",
        "NatName",
        "Protocol",
        "RemoteExternalIPAddressPrefix",
        "ExternalIPAddress",
        "ExternalPort",
        "InternalIPAddress",
        "InternalPort",
        "InternalRoutingDomainId",
        "Active",
    ]
    assert run(host, "[string] (Get-NetNatStaticMapping).Protocol").stdout == ["TCP"]


@claim("c06")
def new_netnat_over_hns_hidden_nat_is_win32_52() -> None:
    for os in ("2019", "2022"):
        script = "New-NetNat -Name nat -InternalIPInterfaceAddressPrefix 172.31.0.0/20"
        assert refusal(with_nat(os), script) == ["Windows System Error 52,New-NetNat"], os


@claim("c07", "c08", "c09")
def the_nat_of_hns_is_called_after_the_vnic_and_carried_by_ics_on_2019() -> None:
    for os, word in (("1803", "NAT"), ("2019", "ICS"), ("2022", "NAT"), ("2025", "NAT")):
        host = with_nat(os)
        nic = host.links.nic_of(host.links.switches[0])
        assert nic is not None
        assert [nat.name for nat in host.nat.hidden] == [f"{word}{nic.guid.upper()}"]


@claim("c10")
def two_nat_networks_stand_side_by_side_from_2019_on() -> None:
    for os in ("2019", "2022"):
        host = with_nat(os)
        host.hns.create("second", "nat", subnets=OTHER)
        assert len(host.hns.networks) == 2, os


@claim("c11")
def with_two_nat_networks_the_third_port_hangs_hns_on_2022() -> None:
    for os, hangs in (("2019", False), ("2022", True)):
        host = with_nat(os)
        host.hns.create("second", "nat", subnets=OTHER)
        host.run_container("one", "nat", ports=[(81, 80, "tcp")])
        host.run_container("two", "second", ports=[(82, 80, "tcp")])
        if not hangs:
            host.run_container("three", "nat", ports=[(83, 80, "tcp")])
            continue
        with pytest.raises(HnsError) as caught:
            host.run_container("three", "nat", ports=[(83, 80, "tcp")])
        assert caught.value.code == 0x800706BE


@claim("c13", "c14", "c16")
def dockers_nat_networks() -> None:
    for os in ("2019", "2022", "2025"):
        host = LabHost("a", os, docker=True)
        assert run(host, "docker network create -d nat x > $null; $LASTEXITCODE").stdout == ["0"]
        assert len(host.hns.networks) == 2
    before = host.hns.networks[0].prefix
    host.reboot()
    assert host.hns.networks[0].prefix != before
    old = LabHost("b", "2016", docker=True)
    old.docker = None
    old.reboot()
    assert run(old, "@(Get-NetNat).Count").stdout == ["1"]


@claim("c15")
def static_mappings_of_dead_containers_survive_a_restart_of_2016_and_block_their_ports() -> None:
    host = with_nat("2016")
    host.run_container("web", "nat", ports=[(80, 80, "tcp")])
    host.reboot()
    assert [item.external_port for item in host.nat.mappings] == [80]
    with pytest.raises(HnsError, match="already exists"):
        host.run_container("web", "nat", ports=[(80, 80, "tcp")])


@claim("c78", "c79")
def a_port_that_is_published_twice() -> None:
    said = {"2016": "already exists", "2019": "being used", "2022": "specified port already exists"}
    for os in ("2016", "1709", "2019", "2022"):
        host = with_nat(os)
        host.run_container("one", "nat", ports=[(80, 80, "tcp")])
        if os == "1709":
            host.run_container("two", "nat", ports=[(80, 80, "tcp")])
            continue
        with pytest.raises(HnsError, match=said[os]) as caught:
            host.run_container("two", "nat", ports=[(80, 80, "tcp")])
        assert caught.value.code == {"2016": 0x80071392, "2019": 0x80070020, "2022": 0x803B0013}[os]


@claim("c78")
def an_administered_exclusion_is_win32_32() -> None:
    host = with_nat("2022")
    host.nat.excluded.append(("TCP", 9000, 9010))
    with pytest.raises(HnsError, match="being used") as caught:
        host.run_container("two", "nat", ports=[(9001, 80, "tcp")])
    assert caught.value.code == 0x80070020


@claim("c118")
def without_the_provider_get_netnat_fails_and_the_id_is_not_localised() -> None:
    for culture, words in (("en-US", "Invalid class"), ("de-DE", "Ungültige Klasse")):
        host = LabHost("a", "2022", culture=culture)
        host.nat.provider = False
        result = run(host, "Get-NetNat; $error[0].Exception.Message.Trim()")
        assert result.errors == ["HRESULT 0x80041010,Get-NetNat"]
        assert result.stdout == [words]
    host = LabHost("b", "2022")
    assert refusal(host, "Get-NetNat -Name nowhere") == ["CmdletizationQuery_NotFound_Name,Get-NetNat"]


@claim("c145")
def new_netnat_needs_its_inside_first() -> None:
    host = LabHost("a", "tp5")
    made = "New-NetNat -Name n -InternalIPInterfaceAddressPrefix 192.168.100.0/24"
    assert refusal(host, made) == ["Windows System Error 1169,New-NetNat"]
    inside = "New-VMSwitch -Name in -SwitchType Internal > $null\n"
    inside += "New-NetIPAddress -InterfaceAlias 'vEthernet (in)' -IPAddress 192.168.100.1 -PrefixLength 24 > $null\n"
    assert refusal(host, inside + made) == []
    other: Any = with_nat("2016")
    assert refusal(other, inside + made) == ["Windows System Error 87,New-NetNat"]
    with pytest.raises(HostRefusal, match="No matching interface"):
        LabHost("b", "tp5").nat.require_inside("192.168.100.0/24")
