"""A rule read from its text in the registry ([MS-GPFAS] 2.2.2.19) is the rule that the cmdlets give, field by field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import thrown
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.observe.read import ObserveScope, observe_script, read_state
from psnet.powershell import Templates

if TYPE_CHECKING:
    import pytest

_RULES: list[dict[str, Any]] = [
    {"protocol": "TCP", "local_port": ["80", "8000-8010", "443"], "description": "a web server, say = more"},
    {"protocol": "TCP", "local_port": ["RPCEPMap"], "profile": "Domain, Public", "service": "*"},
    {"protocol": "TCP", "local_port": ["IPHTTPSIn"], "edge_traversal": "Allow"},
    {"protocol": "UDP", "remote_port": ["53"], "direction": "Outbound", "action": "Block", "enabled": False},
    {"protocol": "UDP", "local_port": ["Teredo"], "edge_traversal": "DeferToApp"},
    {"protocol": "UDP", "local_port": ["mDNS"]},
    {"protocol": "ICMPv4", "icmp_type": ["8", "3:4"]},
    {"protocol": "ICMPv6", "icmp_type": ["128"], "edge_traversal": "DeferToUser"},
    {"protocol": "41", "interface_type": "Wired"},
    {"remote_address": ["LocalSubnet"]},
    {"remote_address": ["LocalSubnet4", "DNS6", "10.0.0.0/8", "10.9.0.1-10.9.0.7", "fe80::/64", "fd00::5"]},
    {"remote_address": ["Internet", "192.0.2.7"]},
    {"local_address": ["172.20.0.1"], "program": "%SystemRoot%\\system32\\svchost.exe", "service": "dnscache"},
    {"interface_alias": ["Ethernet"], "group": None},
    {"protocol": "TCP", "authentication": "Required", "remote_user": "D:(A;;CC;;;S-1-5-32-544)"},
    {"display_name": "@FirewallAPI.dll,-25000", "protocol": "TCP"},
]


def _host(os: str = "2022") -> LabHost:
    host = LabHost("a", os)
    for number, fields in enumerate(_RULES):
        host.firewall.create({"name": f"rule {number}", "display_name": f"Rule {number}", "group": "psnet"} | fields)
    return host


def _read(host: LabHost, call: str) -> list[dict[str, Any]]:
    functions = Templates().render("lib/firewall.ps1.j2")
    text = f"$ErrorActionPreference = 'Stop'\n{functions}\n{call} | ConvertTo-Json -Compress"
    done = run_file(host, text, registry=lab_registry(host))
    assert not done.errors, done.stderr_text
    found = json.loads("".join(done.stdout))
    for item in found:
        item |= {name: sorted(value) for name, value in item.items() if isinstance(value, list)}
    return sorted(found, key=lambda item: str(item["name"]))


_ALL = "Get-PSNetFirewallRuleByCmdlet -Rule @(Get-NetFirewallRule)"


def test_texts_and_cmdlets_give_the_same_rules() -> None:
    host = _host()
    names = ", ".join(f"'{rule.name}'" for rule in host.firewall.rules.values())
    by_cmdlets = _read(host, _ALL)
    assert _read(host, f"Get-PSNetFirewallRule -Name @({names})") == by_cmdlets
    host.firewall.rules.pop("rule 13")  # in no group
    ours = [item for item in by_cmdlets if item["group"] == "psnet"]
    assert _read(host, "Get-PSNetFirewallRule -Group 'psnet'") == ours


def test_the_cmdlets_are_asked_where_the_registry_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    host = _host()
    wanted = _read(host, "Get-PSNetFirewallRule -Group 'psnet' -Name @('WINRM-HTTP-In-TCP', 'rule 13')")

    def refuse() -> dict[str, str]:
        raise thrown("System.Security.SecurityException", "Requested registry access is not allowed.")

    monkeypatch.setattr(host, "firewall_texts", refuse)
    assert _read(host, "Get-PSNetFirewallRule -Group 'psnet' -Name @('WINRM-HTTP-In-TCP', 'rule 13')") == wanted
    assert {item["name"] for item in wanted} >= {"rule 0", "rule 13", "WINRM-HTTP-In-TCP"}


def test_a_field_that_nobody_knows_is_left_to_the_cmdlets(monkeypatch: pytest.MonkeyPatch) -> None:
    host = _host()
    wanted = _read(host, "Get-PSNetFirewallRule -Group 'psnet'")
    texts = {name: f"{text}New=1|" for name, text in host.firewall_texts().items()}
    monkeypatch.setattr(host, "firewall_texts", lambda: texts)
    assert _read(host, "Get-PSNetFirewallRule -Group 'psnet'") == wanted


def test_an_observed_host_has_its_rules() -> None:
    host = _host()
    done = run_file(host, observe_script(ObserveScope(("WINRM-HTTP-In-TCP",))), registry=lab_registry(host))
    rules = {rule.name: rule for rule in read_state(done.stdout, "a").rules}
    assert len(rules) == len(_RULES)  # one is in no group, one is named
    assert rules["WINRM-HTTP-In-TCP"].display_name == "Windows Remote Management (HTTP-In)"
