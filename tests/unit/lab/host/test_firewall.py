"""What the simulated firewall takes, gives back and refuses."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet.lab.host.firewall import Firewall
from psnet.lab.host.ids import Ids
from psnet.lab.host.refusal import HostRefusal

TCP = {"protocol": "TCP"}
UDP = {"protocol": "UDP"}
OUT = {"direction": "Outbound"}


@pytest.fixture
def firewall() -> Firewall:
    return Firewall(Ids("host/0"), aliases=lambda: ["Ethernet", "vEthernet (web)"])


def refusal(call: Any, *arguments: Any) -> HostRefusal:
    with pytest.raises(HostRefusal) as caught:
        call(*arguments)
    return caught.value


@pytest.mark.parametrize(
    ("values", "field", "kept"),
    [
        ({"protocol": "6"}, "protocol", "TCP"),
        ({"protocol": "icmpv6"}, "protocol", "ICMPv6"),
        ({"protocol": "041"}, "protocol", "41"),
        (TCP | {"local_port": ["080", "8000-8010", "rpcepmap"]}, "local_port", ["80", "8000-8010", "RPCEPMap"]),
        (TCP | {"local_port": ["80", "80"]}, "local_port", ["80"]),
        (UDP | {"remote_port": ["65535"]}, "remote_port", ["65535"]),
        ({"protocol": "ICMPv4", "icmp_type": ["8:*", "3:4"]}, "icmp_type", ["8", "3:4"]),
        ({"remote_address": ["10.0.0.0/8"]}, "remote_address", ["10.0.0.0/255.0.0.0"]),
        ({"remote_address": ["10.1.2.3/255.255.0.0"]}, "remote_address", ["10.1.0.0/255.255.0.0"]),
        ({"remote_address": ["FE80::/10", "localsubnet"]}, "remote_address", ["fe80::/10", "LocalSubnet"]),
        ({"local_address": ["10.0.0.1-10.0.0.9"]}, "local_address", ["10.0.0.1-10.0.0.9"]),
        ({"profile": "Public, Domain"}, "profile", "Domain, Public"),
        ({"program": "any"}, "program", "Any"),
        ({"interface_alias": ["vethernet*"]}, "interface_alias", ["vEthernet (web)"]),
        ({"authentication": "Required", "encryption": "Dynamic"}, "encryption", "Dynamic"),
        ({"display_name": "x" * 10_000}, "display_name", "x" * 10_000),
        ({"description": ""}, "description", None),
        ({"edge_traversal": "DeferToUser"}, "edge_traversal", "DeferToUser"),
    ],
)
def test_what_is_taken_comes_back_in_the_firewalls_form(
    firewall: Firewall, values: dict[str, Any], field: str, kept: Any
) -> None:
    rule = firewall.create({"name": "r", "display_name": "r", **values})
    assert getattr(rule, field) == kept
    assert firewall.find("R") is rule


@pytest.mark.parametrize(
    "values",
    [
        {"local_port": ["80"]},
        {"protocol": "ICMPv4", "remote_port": ["80"]},
        TCP | {"local_port": ["80,443"]},
        TCP | {"local_port": ["http"]},
        TCP | {"local_port": ["65536"]},
        TCP | {"local_port": ["90-80"]},
        TCP | {"local_port": ["-80"]},
        TCP | {"local_port": ["80 "]},
        TCP | {"local_port": ["Any", "80"]},
        TCP | {"local_port": []},
        TCP | {"local_port": ["Teredo"]},
        UDP | {"local_port": ["RPC"]},
        TCP | OUT | {"local_port": ["RPC"]},
        TCP | {"remote_port": ["RPC"]},
        TCP | {"icmp_type": ["8"]},
        {"protocol": "ICMPv4", "icmp_type": ["256"]},
        {"protocol": "ICMPv6", "remote_address": ["10.0.0.1"]},
        {"protocol": "256"},
        {"protocol": "SCTP"},
        {"protocol": ""},
        {"remote_address": ["10.0.0.300"]},
        {"remote_address": ["10.0.0.0/33"]},
        {"remote_address": ["10.0.0.0/0.0.0.255"]},
        {"remote_address": ["10.0.0.9-10.0.0.1"]},
        {"remote_address": ["10.0.0.1-fe80::1"]},
        {"remote_address": ["fe80::1%eth0"]},
        {"remote_address": ["10.0.0.1,10.0.0.2"]},
        {"remote_address": ["example.org"]},
        {"remote_address": ["LocalSubnet", "Any"]},
        {"local_address": ["LocalSubnet"]},
        OUT | {"edge_traversal": "Allow"},
        {"action": "NotConfigured"},
        {"profile": "Home"},
        {"profile": ""},
        {"name": ""},
        {"name": "a|b"},
        {"name": "x" * 256},
        {"display_name": ""},
        {"display_name": "a|b"},
        {"display_name": "ALL"},
        {"display_name": "x" * 10_001},
        {"description": "a|b"},
        {"group": "a|b"},
        {"service": "a/b"},
        {"program": "a|b"},
        {"owner": "Administrator"},
        {"package": "App"},
        {"platform": ["Windows"]},
        {"interface_alias": ["Wi-Fi"]},
        {"loose_source_mapping": True, **TCP},
        {"encryption": "Required"},
        {"authentication": "Required", "action": "Block"},
        {"authentication": "Required", "remote_user": "Administrators"},
        {"override_block_rules": True},
    ],
)
def test_what_is_malformed_is_refused_and_changes_nothing(firewall: Firewall, values: dict[str, Any]) -> None:
    before = firewall.to_dict()
    found = refusal(firewall.create, {"display_name": "x", **values})
    assert (found.error_id, found.category) == ("Windows System Error 87", "InvalidArgument")
    assert firewall.to_dict() == before


def test_a_name_stands_once_in_any_case_and_one_is_drawn_where_none_is_given(firewall: Firewall) -> None:
    firewall.create({"name": "Web", "display_name": "x"})
    assert refusal(firewall.create, {"name": "wEB", "display_name": "x"}).error_id == "Windows System Error 183"
    first, second = firewall.create({"display_name": "x"}), firewall.create({"display_name": "x"})
    assert first.name != second.name
    assert (first.name[0], first.name[-1], len(first.name)) == ("{", "}", 38)


def test_rules_are_changed_as_a_whole_or_not_at_all(firewall: Firewall) -> None:
    rule = firewall.create({"name": "r", "display_name": "r", "local_port": ["80"], **TCP})
    refusal(firewall.change, rule, {"enabled": False, "protocol": "Any"})
    assert firewall.find("r") == rule
    assert firewall.change(rule, {"local_port": ["81"]}).local_port == ["81"]
    assert firewall.rename(firewall.find("r"), "s").local_port == ["81"]
    assert firewall.copy(firewall.find("s"), "t").name == "t"
    assert refusal(firewall.rename, firewall.find("s"), "T").error_id == "Windows System Error 183"
    assert refusal(firewall.change, rule, {"enabled": True}).error_id == "Windows System Error 2"
    firewall.remove(firewall.find("s"))
    assert refusal(firewall.find, "s").error_id == "Windows System Error 2"


def test_a_fresh_host_has_windows_own_rules(firewall: Firewall) -> None:
    groups = {rule.group: rule.display_group for rule in firewall.rules.values()}
    assert groups["@FirewallAPI.dll,-28752"] == "Remote Desktop"
    assert {"@FirewallAPI.dll,-30267", "@FirewallAPI.dll,-28502", "@FirewallAPI.dll,-25000"} <= groups.keys()
    assert len(firewall.rules) > 40
    assert firewall.find("WINRM-HTTP-In-TCP").local_port == ["5985"]
    for rule in list(firewall.rules.values()):  # Windows' own rules satisfy the checks
        firewall.change(rule, {key: value for key, value in rule.to_dict().items() if key != "name"})


def test_profiles_change_and_refuse(firewall: Firewall) -> None:
    assert firewall.change_profile("Public", {"enabled": "False"}).enabled == "False"
    assert firewall.profiles["Domain"].enabled == "True"
    for values in ({"enabled": "Off"}, {"log_max_size_kilobytes": 0}, {"default_inbound_action": "True"}):
        assert refusal(firewall.change_profile, "Domain", values).error_id == "Windows System Error 87"


def test_five_thousand_rules_are_quick() -> None:
    firewall = Firewall(Ids("host/0"))
    started = time.process_time()
    for number in range(5000):
        firewall.create({"name": f"r{number}", "display_name": "x", "local_port": ["80"], "group": "g", **TCP})
    assert time.process_time() - started < 2
    started = time.process_time()
    assert len([rule for rule in firewall.rules.values() if rule.group == "g"]) == 5000
    assert firewall.find("R4999").name == "r4999"
    assert time.process_time() - started < 0.2


ADDRESSES = st.ip_addresses().map(str)
RULES = st.fixed_dictionaries(
    {"display_name": st.text(min_size=1, max_size=40).filter(lambda text: "|" not in text and text.lower() != "all")},
    optional={
        "description": st.text(max_size=40).filter(lambda text: "|" not in text),
        "enabled": st.booleans(),
        "profile": st.sampled_from(["Any", "Domain", "Domain, Private", "Public"]),
        "remote_address": st.lists(ADDRESSES, min_size=1, max_size=4),
        "protocol": st.integers(0, 255).map(str),
    },
)


@given(st.lists(RULES, max_size=5))
def test_plain_data_goes_round(rules: list[dict[str, Any]]) -> None:
    firewall = Firewall(Ids("host/0"))
    for values in rules:
        address = values.get("remote_address", [])
        if values.get("protocol") in ("1", "58") and address:
            continue
        firewall.create(values)
    data = json.loads(json.dumps(firewall.to_dict()))
    again = Firewall.from_dict(data, Ids("host/0"))
    assert again.rules == firewall.rules
    assert again.profiles == firewall.profiles
    # What the firewall gives back it also takes, unchanged.
    for rule in list(again.rules.values()):
        kept = {key: value for key, value in rule.to_dict().items() if key != "name"}
        assert again.change(rule, kept) == rule
