"""Adapters, switches, firewall, sessions, restarts, services and tasks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.reach import Packet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.tasks import Task
from psnet.lab.labhost import LabHost
from reality.claims import claim
from reality.script import run

BRIDGE = [{"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}]
LATER = ("1803", "2019", "2022", "2025")


def vnic(host: LabHost) -> Any:
    found = host.links.nic_of(host.links.switches[-1])
    assert found is not None
    return found


def external(os: str, kind: str = "transparent", **settings: Any) -> LabHost:
    host = LabHost("a", os, **settings)
    host.hns.create("ext", kind, adapter="Ethernet", subnets=BRIDGE if kind == "l2bridge" else None)
    return host


@claim("c17", "c20", "c22", "c30")
def the_vnic_of_an_external_network_is_called_after_the_adapter_and_has_its_mac_and_speed() -> None:
    for os in LATER:
        host = external(os)
        uplink = host.links.adapters[0]
        nic = vnic(host)
        assert nic.name == "vEthernet (Ethernet)", os
        assert (nic.mac, nic.link_speed) == (uplink.mac, uplink.link_speed)
        assert run(host, "(Get-NetAdapter -Name Ethernet).Status").stdout == ["Up"]
        assert "Ethernet" not in run(host, "(Get-NetIPInterface).InterfaceAlias").stdout


@claim("c18", "c19", "c21")
def a_containers_vnic_is_on_the_host_and_takes_the_plain_name() -> None:
    host = LabHost("a", "2019")
    host.hns.create("nat", "nat")
    host.run_container("c", "nat")
    (held,) = [item for item in host.links.adapters if item.endpoint]
    assert (held.name, held.description) == ("vEthernet (Ethernet)", "")
    host.hns.create("ext", "l2bridge", adapter="Ethernet", subnets=BRIDGE)
    assert vnic(host).name == "vEthernet (Ethernet) 2"
    same = [item for item in host.links.adapters if item.mac == host.links.adapters[0].mac and item.addresses]
    assert same == [vnic(host)]  # by MAC and address it is found
    host.stop_container("c")
    assert all(item.endpoint is None for item in host.links.adapters)


@claim("c23", "c24", "c25", "c26", "c28")
def vnics_by_build() -> None:
    host = LabHost("a", "2016")
    host.hns.create("nat", "nat")
    assert (vnic(host).name, host.links.switches[0].name) == ("vEthernet (HNS Internal NIC)", "nat")
    assert vnic(external("2016")).name == "vEthernet (HNSTransparent)"
    for os in LATER:
        host = LabHost("a", os)
        host.links.add_adapter("vEthernet (nat)", "left over", virtual=True)
        host.hns.create("nat", "nat")
        assert vnic(host).name == "vEthernet (nat) 2"
        host = LabHost("b", os)
        host.hns.create("web", "nat")
        assert vnic(host).name == "vEthernet (web)"


@claim("c27", "c122")
def the_management_port_is_called_container_nic() -> None:
    for os in ("1803", "2019"):
        host = external(os)
        (name,) = run(host, "(Get-VMNetworkAdapter -ManagementOS).Name").stdout
        assert name == f"Container NIC {vnic(host).guid[:8]}"


@claim("c29")
def get_vmswitch_does_not_list_the_nat_switch_of_1903() -> None:
    host = LabHost("a", "18362")
    host.hns.create("nat", "nat")
    assert run(host, "@(Get-VMSwitch).Count").stdout == ["0"]


@claim("c31", "c147")
def l2bridge_takes_50_of_the_mtu_and_a_nics_own_is_not_carried() -> None:
    host = LabHost("a", "2019")
    host.links.adapters[0].mtu = 1460
    host.hns.create("nat", "nat")
    nat = vnic(host)
    made = host.hns.create("ext", "l2bridge", adapter="Ethernet", subnets=BRIDGE)
    assert (vnic(host).mtu, nat.mtu) == (1450, 1450)
    host.hns.remove(made)
    assert (host.links.adapters[0].mtu, nat.mtu) == (1460, 1450)
    assert vnic(external("2016")).mtu == 1500


@claim("c32", "c115", "c128")
def the_metric_and_dhcp_flag_of_internal_vnics() -> None:
    for os, dhcp in (("2016", "Enabled"), ("1803", "Enabled"), ("2019", "Disabled")):
        host = LabHost("a", os)
        host.hns.create("nat", "nat")
        script = (
            f"$one = Get-NetIPInterface -InterfaceAlias '{vnic(host).name}'; $one.InterfaceMetric; [string] $one.Dhcp"
        )
        assert run(host, script).stdout == ["5000", dhcp], os
        assert run(host, f"[string] (Get-NetIPAddress -InterfaceAlias '{vnic(host).name}').PrefixOrigin").stdout == [
            "Manual"
        ]


@claim("c33")
def static_addresses_are_lost_on_2004_and_kept_on_1909() -> None:
    lost, kept = external("19041"), external("18362")
    assert str(vnic(lost).addresses[0]).startswith("169.254.")
    assert str(vnic(kept).addresses[0]).startswith("10.0.")
    lost.hns.remove(lost.hns.networks[0])
    assert str(lost.links.adapters[0].addresses[0]).startswith("10.0.")


@claim("c75", "c76", "c77", "c82")
def adapters_that_hns_does_not_take() -> None:
    host = external("2019")
    with pytest.raises(HnsError) as bound:
        host.hns.create("more", "l2bridge", adapter="Ethernet", subnets=BRIDGE)
    assert bound.value.code == 0x803B0006
    with pytest.raises(HnsError, match="parameter is incorrect"):
        host.hns.create("more", "transparent", adapter="vEthernet (Ethernet)")
    for kind in ("team", "tunnel"):
        host.links.adapters[1].kind = kind
        with pytest.raises(HnsError) as unfit:
            host.hns.create("more", "transparent", adapter="Ethernet 2")
        assert unfit.value.code == 0x803B0006
    host.links.adapters[1].kind, host.links.adapters[1].media = "ethernet", "Native 802.11"
    with pytest.raises(HnsError, match="parameter is incorrect"):
        host.hns.create("more", "transparent", adapter="Ethernet 2")


@claim("c83", "c125", "c137", "c142", "c143", "c136")
def hyper_v_cmdlets() -> None:
    host = external("2022")
    busy = run(host, "New-VMSwitch -Name x -NetAdapterName Ethernet")
    assert busy.errors == ["ObjectInUse,Microsoft.HyperV.PowerShell.Commands.NewVMSwitch"]
    assert busy.records[0].category.name == "ResourceBusy"
    host.links.adapters[1].kind = "team"
    with pytest.raises(HostRefusal, match="AllowNetLbfoTeams"):
        host.links.add_switch("x", "External", "Ethernet 2")
    wrong = run(host, "New-VMSwitch -Name x -SwitchType External").errors[0]
    assert wrong.startswith(("ParameterArgumentValidationError", "CannotConvertArgument", "ParameterArgument")), wrong
    old = LabHost("b", "1803")
    old.links.add_switch("Default Switch", "Internal")
    assert run(old, "(Get-VMSwitch).NetAdapterInterfaceDescription").stdout == ["Teamed-Interface"]
    script = "New-NetIPAddress -InterfaceAlias 'Ethernet 2' -IPAddress 10.9.9.9 -PrefixLength 24 |"
    script += ' ForEach-Object { "$($_.PolicyStore) $($_.AddressState)" }'
    assert run(old, script).stdout == ["ActiveStore Tentative", "PersistentStore Invalid"]
    binding = "(Get-NetAdapterBinding -Name {0} -ComponentID vms_pp).Enabled"
    assert run(host, binding.format("Ethernet")).stdout == ["True"]
    assert run(host, binding.format("'Ethernet 2'")).stdout == ["False"]


@claim("c92", "c93", "c94", "c123", "c124")
def the_rules_that_hns_makes() -> None:
    begins = {
        "1803": ["DNS Server Forward Rule - UDP - "],
        "2019": ["DNS Server Forward Rule - UDP - "],
        "2022": ["HNS Container Networking - DNS (UDP-In) - "],
        "2025": ["HNS Container Networking - DNS (UDP-In) - ", "HNS Container Networking - ICS DNS (TCP-In) - "],
    }
    for os, wanted in begins.items():
        host = LabHost("a", os)
        made = host.hns.create("nat", "nat")
        found = [rule for rule in host.firewall.rules.values() if made.id.lower() in rule.name.lower()]
        assert [rule.name.partition(made.id[:8].upper() if os > "2019" else made.id[:8])[0] for rule in found] == wanted
        for rule in found:
            assert rule.name == rule.display_name == rule.description
            assert (rule.group, rule.local_port, rule.profile) == (None, ["53"], "Any")
            assert rule.interface_alias == ["vEthernet (nat)"]
        host.reboot()
        assert all(rule.name.lower() in host.firewall.rules for rule in found)
    old = LabHost("a", "2016")
    old.hns.create("nat", "nat")
    old.run_container("c", "nat")
    (rule,) = [item for item in old.firewall.rules.values() if item.name.startswith("Container Enable ICC - ")]
    assert rule.remote_address != ["Any"]


def published_port_answers(host: LabHost) -> bool:
    return host.receive(Packet("198.51.100.7", "10.0.0.11", 8080)).delivered


@claim("c95", "c96")
def the_firewall_sees_the_containers_port_and_policy_voids_local_rules() -> None:
    host = LabHost("a", "2022")
    host.hns.create("nat", "nat")
    host.run_container("c", "nat", ports=[(8080, 80, "tcp")])
    assert published_port_answers(host)
    block = {"display_name": "b", "action": "Block", "protocol": "TCP"}
    outer = host.firewall.create({**block, "local_port": ["8080"]})
    assert published_port_answers(host)
    host.firewall.remove(outer)
    inner = host.firewall.create({**block, "local_port": ["80"]})
    assert not published_port_answers(host)
    host.firewall.remove(inner)
    host.firewall.change_profile("Public", {"allow_local_firewall_rules": "False"})
    assert not published_port_answers(host)


@claim("c97", "c98", "c99")
def what_a_restart_keeps() -> None:
    for os, kind, left in (
        ("2016", "nat", True),
        ("1803", "nat", False),
        ("2019", "nat", False),
        ("17763.107", "transparent", False),
        ("17763.404", "transparent", True),
        ("2022", "transparent", True),
    ):
        host = LabHost("a", os)
        host.hns.create("custom", kind, adapter="Ethernet 2" if kind != "nat" else None)
        host.reboot()
        assert bool(host.hns.networks) is left, (os, kind)


@claim("c108", "c110", "c111")
def an_external_network_takes_time_and_answers_early() -> None:
    for os in ("2016", "2019"):
        host = LabHost("a", os, delays=True)
        host.clock.freeze()
        began = host.clock.now()
        body = {"Name": "ext", "Type": "transparent", "NetworkAdapterName": "Ethernet"}
        made = json.loads(host.hns.call("POST", "/networks/", json.dumps(body)))
        assert host.clock.now() - began >= timedelta(seconds=40)
        assert not made["Output"].get("ManagementIP")
        host.clock.advance(5)
        assert not vnic(host).addresses
        host.clock.advance(10)
        assert host.clock.now()
        assert vnic(host).addresses
        host.hns.remove(host.hns.networks[0])
        for text in ("Element not found", "Unspecified error"):
            with pytest.raises(HnsError, match=text):
                host.hns.create("ext", "transparent", adapter="Ethernet")
        host.clock.advance(20)
        host.hns.create("ext", "transparent", adapter="Ethernet")


@claim("c109")
def a_new_external_switch_ends_the_sessions_over_its_adapter() -> None:
    host = LabHost("a", "2019")
    ended: list[str] = []
    host.links.rebound = ended.append
    host.hns.create("ext", "transparent", adapter="Ethernet")
    assert ended == ["Ethernet"]


@claim("c117", "c119", "c120", "c121")
def services() -> None:
    host = LabHost("a", "2025")
    found = host.services.find("hns")
    assert found is not None
    assert (found["StartType"], found["DependsOn"]) == ("Manual", ["RpcSs", "nsi", "vfpext"])
    host.hns.create("nat", "nat")
    found["Status"] = "Stopped"
    assert json.loads(host.hns.call("GET", "/networks/", ""))["Success"] is False
    found["Status"] = "Running"
    assert len(json.loads(host.hns.call("GET", "/networks/", ""))["Output"]) == 1
    host.services.stuck.add("hns")
    assert run(host, "Restart-Service hns").errors == [
        "StopServiceFailed,Microsoft.PowerShell.Commands.RestartServiceCommand"
    ]
    guard = host.services.find("mpssvc")
    assert guard is not None
    guard["Status"] = "Stopped"
    with pytest.raises(HnsError) as caught:
        host.hns.create("ics", "ics")
    assert caught.value.code == 0x800706D9


@claim("c126", "c127")
def tasks_and_batteries() -> None:
    host = LabHost("a", "2025")
    host.tasks.register(Task("t", "powershell.exe", "-File C:\\x.ps1", "SYSTEM", at_startup=True))
    script = "$i = Get-ScheduledTaskInfo -TaskName t; $i.LastTaskResult; $i.LastRunTime.Year; $i.NumberOfMissedRuns"
    assert run(host, script).stdout == ["267011", "1999", "0"]
    host.on_battery = True
    host.reboot()
    assert run(host, script).stdout == ["0", "1999", "1"]
    host.on_battery = False
    late = host.clock.now() + timedelta(seconds=30)
    host.tasks.register(Task("missed", "powershell.exe", "-File C:\\x.ps1", "SYSTEM", late))
    host.tasks.register(Task("made up", "powershell.exe", "-File C:\\x.ps1", "SYSTEM", late, when_available=True))
    host.reboot()
    assert [host.tasks.known[name].runs for name in ("missed", "made up")] == [0, 1]
    defaults = run(host, "$s = New-ScheduledTaskSettingsSet; $s.DisallowStartIfOnBatteries; $s.StartWhenAvailable")
    assert defaults.stdout == ["True", "False"]


@claim("c57")
def texts_follow_the_language_and_ids_do_not() -> None:
    for culture, words in (("en-US", "The parameter is incorrect."), ("de-DE", "Falscher Parameter.")):
        host = LabHost("a", "2016", culture=culture)
        with pytest.raises(HnsError, match=words):
            host.hns.create("", "nat")
