"""Cmdlets as methods: what is built, what is refused before it travels, what is completed."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from psnet.api.commands import Commands, build_key
from psnet.errors import InputError, UnknownNameError


def commands(os: str | None = None) -> Commands:
    return Commands(lambda text: text, lambda: os)


@pytest.mark.parametrize(
    ("name", "parameters", "script"),
    [
        ("Get_NetNat", {}, "Get-NetNat"),
        ("get_netnat", {"name": "n"}, "Get-NetNat -Name 'n'"),
        (
            "New_NetFirewallRule",
            {"DisplayName": "it's ‘fine’", "LocalPort": [80, 443], "Protocol": "TCP", "Enabled": True},
            "New-NetFirewallRule -DisplayName 'it''s ‘‘fine’’' -LocalPort @(80, 443) -Protocol 'TCP' -Enabled 'True'",
        ),
        ("Remove_NetNat", {"Name": "n", "Confirm": False}, "Remove-NetNat -Name 'n' -Confirm:$false"),
        ("Get_NetAdapter", {"Name": None, "Physical": True}, "Get-NetAdapter -Physical:$true"),
    ],
)
def test_a_call_becomes_the_powershell_that_an_engineer_would_write(
    name: str, parameters: dict[str, Any], script: str
) -> None:
    assert getattr(commands(), name).script(**parameters) == script


@pytest.mark.parametrize(
    ("name", "parameters", "os", "said"),
    [
        ("New_NetFirewallRule", {"DisplayNam": "x"}, None, "did you mean DisplayName?"),
        ("New_NetFirewallRule", {"DisplayName": "x", "Action": "Alow"}, None, "'Alow' is none of NotConfigured, Allow"),
        ("New_NetFirewallRule", {}, None, "needs -DisplayName"),
        ("New_ContainerNetwork", {"Name": "x", "Mode": "NAT"}, "2022", "not on 2022"),
        ("Add_NetNatStaticMapping", {"NatName": "n"}, None, "needs"),
    ],
)
def test_a_call_that_windows_would_refuse_does_not_travel(
    name: str, parameters: dict[str, Any], os: str | None, said: str
) -> None:
    with pytest.raises(InputError, match=r"would be refused") as caught:
        getattr(commands(os), name)(**parameters)
    assert said in str(caught.value)


def test_a_name_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean New_NetFirewallRule"):
        _ = commands().New_NetFirewallRul
    with pytest.raises(UnknownNameError, match="Get_NetNat"):
        _ = commands()["Get-NetNt"]


def test_names_and_parameters_are_completed() -> None:
    assert {"New_NetNat", "Get_NetFirewallRule", "Get_HnsNetwork"} <= set(dir(commands()))
    names = set(inspect.signature(commands().New_NetNat).parameters)
    assert {"Name", "InternalIPInterfaceAddressPrefix"} <= names
    assert not {"CimSession", "AsJob"} & names
    assert "one of NotConfigured, Allow, Block" in (commands().New_NetFirewallRule.__doc__ or "")


@pytest.mark.parametrize(
    ("build", "key"), [(None, None), (14393, "2016"), (20348, "2022"), (26200, "2025"), (10240, None)]
)
def test_an_unknown_build_is_checked_as_the_one_before_it(build: int | None, key: str | None) -> None:
    assert build_key(build) == key
