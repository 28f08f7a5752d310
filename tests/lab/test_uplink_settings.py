"""All that an uplink is set to comes back with a roll-back, and goes to the vNIC that takes its place."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import every

from psnet.api import Host
from psnet.inventories import load_inventory
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.host.adapters import Adapter, Ipv6, Links, PortVlan, Route, Switch
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire import FaultPlan
from psnet.lab.wire.server import LabServer
from psnet.powershell import Templates
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.site import Site

FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet", "subnet": "10.44.0.0/24"}
STATIC, ON_LINK = Route("10.80.0.0/16", "10.0.0.254", 77), Route("10.81.0.0/16", "0.0.0.0", 78)
SIX, ON_LINK_SIX = Route("2001:db8:80::/48", "2001:db8::254", 79), Route("2001:db8:81::/48", "::", 80)


def site(*networks: dict[str, Any]) -> Site:
    return parse_site(yaml.safe_dump({"backend": "hns", "container_networks": list(networks)})).for_host("h")


@contextlib.contextmanager
def running(model: LabHost, tmp_path: Path) -> Iterator[Host]:
    with LabServer([model], faults=FaultPlan(uplink_seconds=0.1)) as server:
        inventory = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))
        try:
            with Host(inventory["h"].settings(), "h") as host:
                yield host
        finally:
            model.tasks.stop()


def set_by_hand(model: LabHost, *, dhcp: bool) -> Adapter:
    """Set everything that can be set on the uplink to something that is no default."""
    nic = model.links.adapter("Ethernet")
    assert nic is not None
    nic.routes += [STATIC, ON_LINK]
    nic.dhcp, nic.metric, nic.automatic_metric, nic.mtu = dhcp, 7, False, 1400
    nic.forwarding, nic.router_discovery = True, "Disabled"
    nic.suffix, nic.registers, nic.registers_suffix = "corp.example", False, True
    nic.ipv6 = Ipv6(
        [IPv6Interface("2001:db8::11/64"), IPv6Interface("fe80::11/64")],
        [SIX, ON_LINK_SIX],
        dhcp=False,
        metric=9,
        automatic_metric=False,
        mtu=1380,
        forwarding=True,
        router_discovery="Disabled",
    )
    nic.dns_servers = ["10.0.0.53", "2001:db8::53"]
    nic.mac, nic.vlan = "02-00-00-00-00-07", 12
    nic.bindings = {"ms_l1vhlwf": False}
    return nic


def what(nic: Adapter) -> Any:
    """Return what an adapter is set to; the order of addresses and routes says nothing."""
    six = nic.ipv6
    return (
        (nic.mac, nic.vlan, {key for key, on in nic.bindings.items() if not on}),
        (sorted(map(str, nic.addresses)), sorted(map(str, nic.routes)), nic.dhcp, nic.dns_servers),
        (nic.metric, nic.automatic_metric, nic.mtu, nic.forwarding, nic.router_discovery),
        (nic.suffix, nic.registers, nic.registers_suffix),
        six
        and (
            sorted(str(item) for item in six.addresses if not item.ip.is_link_local),
            sorted(map(str, six.routes)),
            replace(six, addresses=[], routes=[]),
        ),
    )


def nothing_comes_back(monkeypatch: pytest.MonkeyPatch, *, address: str | None) -> None:
    """Let the removal of a switch leave its adapter as if it were new; ``address`` is what DHCP gives it."""
    remove = Links.remove_switch

    def bare(links: Links, switch: Switch) -> None:
        remove(links, switch)
        nic = links.adapter(switch.adapter or "")
        assert nic is not None
        nic.addresses = [IPv4Interface(address)] if address else []
        nic.routes = [Route("0.0.0.0/0", "10.0.255.254")] if address else []
        nic.dns_servers = ["10.0.0.1"] if address else []
        nic.dhcp, nic.metric, nic.automatic_metric, nic.mtu, nic.forwarding = True, 15, True, 1500, False
        nic.router_discovery, nic.suffix, nic.registers, nic.registers_suffix = "ControlledByDHCP", "", True, False
        nic.ipv6, nic.mac, nic.vlan, nic.bindings = Ipv6(), "00-15-5D-00-00-99", 0, {"ms_tcpip": False}

    monkeypatch.setattr(Links, "remove_switch", bare)


def refuse_after_making(monkeypatch: pytest.MonkeyPatch) -> None:
    create = Hns.create

    def broken(hns: Hns, *arguments: Any, **options: Any) -> Any:
        create(hns, *arguments, **options)
        raise HnsError("refused")

    monkeypatch.setattr(Hns, "create", broken)


@pytest.mark.parametrize("os", every(3, ["2016", "2019", "2022", "2025"]))
def test_a_roll_back_gives_back_whatever_was_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, os: str) -> None:
    """Also where the switch's removal brings nothing back (claims c33, c138, c147)."""
    model = LabHost("h", os)
    nic = set_by_hand(model, dhcp=False)
    was = what(nic)
    refuse_after_making(monkeypatch)
    nothing_comes_back(monkeypatch, address=None)
    with running(model, tmp_path) as host:
        result = host.apply(site(FLAT), confirm_within=30)
    assert result.ending == "rolled back", result
    assert what(nic) == was


def test_a_dhcp_adapter_comes_back_as_one_with_what_a_hand_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address, its default route and DHCP's DNS servers are DHCP's to give; static routes are not."""
    model = LabHost("h", "2022")
    nic = set_by_hand(model, dhcp=True)
    refuse_after_making(monkeypatch)
    nothing_comes_back(monkeypatch, address="10.0.0.99/16")
    with running(model, tmp_path) as host:
        assert host.apply(site(FLAT), confirm_within=30).ending == "rolled back"
    assert nic.dhcp
    assert [str(item.ip) for item in nic.addresses] == ["10.0.0.99"]
    assert {STATIC, ON_LINK} < set(nic.routes)
    assert len([item for item in nic.routes if item.destination == "0.0.0.0/0"]) == 1
    assert nic.dns_servers == ["10.0.0.1"]
    assert nic.ipv6 is not None
    assert IPv6Interface("2001:db8::11/64") in nic.ipv6.addresses


@pytest.mark.parametrize("os", every(3, ["2019", "2004", "2025"], first=1))
def test_settings_go_to_the_vnic_that_takes_the_adapters_place(tmp_path: Path, os: str) -> None:
    """MTU and DNS servers that were set by hand are lost on the way (c138, c147), the address too on 2004 (c33)."""
    model = LabHost("h", os)
    nic = set_by_hand(model, dhcp=False)
    address = str(nic.addresses[0])
    with running(model, tmp_path) as host:
        assert host.apply(site(FLAT), confirm_within=60).ending == "confirmed"
    (switch,) = model.links.switches
    made = model.links.nic_of(switch)
    assert made is not None
    assert address in map(str, made.addresses)
    assert {STATIC, ON_LINK} <= set(made.routes)
    assert made.dns_servers == ["10.0.0.53", "2001:db8::53"]
    assert (made.mtu, made.metric, made.forwarding, made.suffix) == (1400, 7, True, "corp.example")
    assert made.ipv6 is not None
    assert (made.ipv6.mtu, made.ipv6.forwarding, made.ipv6.router_discovery) == (1380, True, "Disabled")
    assert {SIX, ON_LINK_SIX} <= set(made.ipv6.routes)


VLANS = (PortVlan("Access", 30), PortVlan("Trunk", 0, 5, "10-20"))
ENDINGS = ("confirmed", "rolled back")


@pytest.mark.parametrize(("vlan", "ending"), every(3, [(vlan, ending) for vlan in VLANS for ending in ENDINGS]))
def test_the_vlan_of_the_hosts_port_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vlan: PortVlan, ending: str
) -> None:
    model = LabHost("h", "2022")
    with running(model, tmp_path) as host:
        assert host.apply(site(FLAT), confirm_within=60).ending == "confirmed"
        port = model.links.nic_of(model.links.switches[0])
        assert port is not None
        port.port_vlan = vlan
        if ending == "rolled back":
            create, calls = Hns.create, []

            def broken(hns: Hns, *arguments: Any, **options: Any) -> Any:
                calls.append(arguments)
                if len(calls) <= 7:  # a creation after a removal is tried for half a minute (claim c111)
                    raise HnsError("refused")
                return create(hns, *arguments, **options)

            monkeypatch.setattr(Hns, "create", broken)
        result = host.apply(site({**FLAT, "dns_servers": ["10.0.0.9"]}), confirm_within=60)
        assert result.ending == ending, result
    made = model.links.nic_of(model.links.switches[0])
    assert made is not None
    assert made is not port
    assert made.port_vlan == vlan


BARE = """
function Get-NetAdapter { [CmdletBinding()] param($Name) [pscustomobject] @{ Name = 'Ethernet'; MacAddress = '00-15'; Virtual = $false; InterfaceGuid = '{0}' } }
function Get-NetIPInterface { [CmdletBinding()] param($InterfaceAlias, $AddressFamily) [pscustomobject] @{ Dhcp = 'Enabled' } }
function Get-DnsClient { [CmdletBinding()] param($InterfaceAlias) [pscustomobject] @{ InterfaceAlias = 'Ethernet' } }
function Get-NetRoute { [CmdletBinding()] param($InterfaceAlias, $PolicyStore) [pscustomobject] @{ DestinationPrefix = '10.0.0.0/8'; NextHop = '10.0.0.1'; RouteMetric = 1 } }
function Get-ItemProperty { [CmdletBinding()] param($LiteralPath) }
"""  # noqa: E501 - PowerShell


def test_a_field_that_a_build_leaves_out_is_left_alone() -> None:
    model = LabHost("h", "2022")
    names = ("property", "uplink")
    lines = ["Set-StrictMode -Version Latest", "$ErrorActionPreference = 'Stop'"]
    lines += [str(Templates().render(f"lib/{name}.ps1.j2")) for name in names]
    lines += [
        BARE,
        "$u = ConvertFrom-Json -InputObject (ConvertTo-Json -Depth 5 -InputObject (Get-PSNetUplink Ethernet))",
    ]
    lines += [
        "Restore-PSNetAdapter -Uplink $u",
        "Restore-PSNetUplink -Uplink $u -Alias Ethernet",
        "ConvertTo-Json $u -Depth 5",
    ]
    result = run_file(model, "\n".join(lines), registry=lab_registry(model))
    assert result.errors == []
    said = json.loads("".join(result.stdout))
    assert said["vlan"] is None
    assert not said["families"][0]["forwarding"]
