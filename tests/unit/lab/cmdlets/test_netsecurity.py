"""The firewall's cmdlets as scripts see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.runspace import Runspace
from psnet.lab.engine.streams import Collector
from psnet.lab.labhost import LabHost

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[str], tuple[list[Any], list[str]]]

WEB = "New-NetFirewallRule -Name web -DisplayName Web -Group psnet -Protocol TCP -LocalPort 80 | Out-Null; "


@pytest.fixture
def host() -> LabHost:
    return LabHost("a", "2022")


@pytest.fixture
def run(host: LabHost) -> Run:
    runspace = Runspace(host, registry=lab_registry(host))

    def run(script: str) -> tuple[list[Any], list[str]]:
        sink = Collector()
        runspace.invoke(script.replace("| Out-Null", "| ForEach-Object -Process { }"), [], sink)
        return sink.values, [record.full_id for record in sink.errors]

    return run


@pytest.mark.parametrize(
    ("script", "values"),
    [
        (
            "$r = Get-NetFirewallRule -Name WEB; $r.Name; $r.InstanceID; $r.ID; $r.DisplayName; $r.Group",
            ["web", "web", "web", "Web", "psnet"],
        ),
        (
            (
                "$r = Get-NetFirewallRule web; [string] $r.Enabled; [string] $r.Profile; [string] $r.Direction; "
                "[string] $r.Action; [string] $r.EdgeTraversalPolicy; $r.PolicyStoreSource"
            ),
            ["True", "Any", "Inbound", "Allow", "Block", "PersistentStore"],
        ),
        ("$r = Get-NetFirewallRule web; $r.Enabled -eq 'True'; $r.Enabled.value__", [True, 1]),
        ("(Get-NetFirewallRule -Group psnet).Name", ["web"]),
        ("(Get-NetFirewallRule -DisplayName we?).Name", ["web"]),
        ("(Get-NetFirewallRule -DisplayGroup 'Remote Desktop').Count", [3]),
        ("(Get-NetFirewallRule -Enabled True -Direction Inbound -Group psnet).Name", ["web"]),
        ("(Get-NetFirewallRule -Name web | Get-NetFirewallPortFilter).LocalPort.GetType().Name", ["String"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallPortFilter).RemotePort", ["Any"]),
        ("(Get-NetFirewallPortFilter -All | Where-Object -FilterScript { $_.InstanceID -eq 'web' }).Protocol", ["TCP"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallAddressFilter).RemoteAddress", ["Any"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallApplicationFilter).Program", ["Any"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallServiceFilter).Service", ["Any"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallInterfaceFilter).InterfaceAlias", ["Any"]),
        ("[string] (Get-NetFirewallRule web | Get-NetFirewallInterfaceTypeFilter).InterfaceType", ["Any"]),
        ("[string] (Get-NetFirewallRule web | Get-NetFirewallSecurityFilter).Encryption", ["NotRequired"]),
        ("$r = Get-NetFirewallRule web; (Get-NetFirewallPortFilter -AssociatedNetFirewallRule $r).InstanceID", ["web"]),
        ("(Get-NetFirewallRule web | Get-NetFirewallPortFilter | Get-NetFirewallRule).Name", ["web"]),
        ("(Get-NetFirewallRule -Name web -PolicyStore ActiveStore).Name", ["web"]),
    ],
)
def test_a_rule_is_read_in_every_way(run: Run, script: str, values: list[Any]) -> None:
    assert run(WEB + script) == (values, [])


@pytest.mark.parametrize(
    ("script", "values"),
    [
        (
            (
                "Set-NetFirewallRule -Name web -LocalPort 81, 90-99 -NewDisplayName W; "
                "$r = Get-NetFirewallRule web; $r.DisplayName; ($r | Get-NetFirewallPortFilter).LocalPort"
            ),
            ["W", "81", "90-99"],
        ),
        (
            (
                "Set-NetFirewallRule web -RemoteAddress 10.0.0.0/8, LocalSubnet -Profile Private, Domain; "
                "$r = Get-NetFirewallRule web; [string] $r.Profile; ($r | Get-NetFirewallAddressFilter).RemoteAddress"
            ),
            ["Domain, Private", "10.0.0.0/255.0.0.0", "LocalSubnet"],
        ),
        ("Get-NetFirewallRule web | Disable-NetFirewallRule; [string] (Get-NetFirewallRule web).Enabled", ["False"]),
        ("(Disable-NetFirewallRule web -PassThru | Enable-NetFirewallRule -PassThru).Name", ["web"]),
        ("Rename-NetFirewallRule web -NewName site; (Get-NetFirewallRule -Group psnet).Name", ["site"]),
        ("Copy-NetFirewallRule web -NewName site; (Get-NetFirewallRule -Group psnet).Name", ["web", "site"]),
        ("Remove-NetFirewallRule -Name web; @(Get-NetFirewallRule we*).Count", [0]),
        ("Get-NetFirewallRule -Group psnet | Remove-NetFirewallRule; @(Get-NetFirewallRule we*).Count", [0]),
        ("Remove-NetFirewallRule -Name web -WhatIf; (Get-NetFirewallRule web).Name", ["web"]),
        (
            (
                "Get-NetFirewallRule web | Get-NetFirewallPortFilter | Set-NetFirewallPortFilter -LocalPort 8080; "
                "(Get-NetFirewallRule web | Get-NetFirewallPortFilter).LocalPort"
            ),
            ["8080"],
        ),
        (
            (
                "$r = Get-NetFirewallRule web; $r.Group = 'other'; $r | Set-NetFirewallRule; "
                "(Get-NetFirewallRule web).Group"
            ),
            ["other"],
        ),
        ("[string] (Set-NetFirewallProfile Public -Enabled False -PassThru).Enabled", ["False"]),
        ("(Get-NetFirewallRule WINRM-HTTP-In-TCP | Get-NetFirewallProfile).Name", ["Domain", "Private"]),
    ],
)
def test_a_rule_is_changed_in_every_way(run: Run, script: str, values: list[Any]) -> None:
    assert run(WEB + script) == (values, [])


@pytest.mark.parametrize(
    ("script", "error_id"),
    [
        ("New-NetFirewallRule -Name WEB -DisplayName x", "Windows System Error 183,New-NetFirewallRule"),
        ("New-NetFirewallRule -DisplayName x -LocalPort 80", "Windows System Error 87,New-NetFirewallRule"),
        (
            "New-NetFirewallRule -DisplayName x -Protocol TCP -LocalPort '80,443'",
            "Windows System Error 87,New-NetFirewallRule",
        ),
        ("New-NetFirewallRule -DisplayName x -InterfaceAlias none", "Windows System Error 87,New-NetFirewallRule"),
        ("Set-NetFirewallRule web -Protocol Any", "Windows System Error 87,Set-NetFirewallRule"),
        ("Get-NetFirewallRule none", "CmdletizationQuery_NotFound_InstanceID,Get-NetFirewallRule"),
        ("Get-NetFirewallRule -Group none", "CmdletizationQuery_NotFound_RuleGroup,Get-NetFirewallRule"),
        ("Get-NetFirewallRule -DisplayName none", "CmdletizationQuery_NotFound_DisplayName,Get-NetFirewallRule"),
        ("Get-NetFirewallRule -Group psnet -Enabled False", "CmdletizationQuery_NotFound,Get-NetFirewallRule"),
        ("Set-NetFirewallRule none -Enabled True", "CmdletizationQuery_NotFound_InstanceID,Set-NetFirewallRule"),
        ("Remove-NetFirewallRule none", "CmdletizationQuery_NotFound_InstanceID,Remove-NetFirewallRule"),
        ("Copy-NetFirewallRule web", "Windows System Error 183,Copy-NetFirewallRule"),
        ("Set-NetFirewallProfile None -Enabled True", "CmdletizationQuery_NotFound_Name,Set-NetFirewallProfile"),
        (
            "$r = Get-NetFirewallRule web; Remove-NetFirewallRule web; $r | Set-NetFirewallRule -Enabled False",
            "Windows System Error 2,Set-NetFirewallRule",
        ),
    ],
)
def test_what_is_refused_is_an_error_that_does_not_end_the_script(run: Run, script: str, error_id: str) -> None:
    assert run(f"{WEB}{script}; 'after'") == (["after"], [error_id])
    assert run(f"{script.replace(' web;', ' web -ErrorAction SilentlyContinue;')} 3>&1 2>$null; 'after'")[0] == [
        "after"
    ]
    with pytest.raises(PipelineFailed):
        run(f"$ErrorActionPreference = 'Stop'; {script}; 'after'")


@pytest.mark.parametrize(
    "script", ["Get-NetFirewallRule no*", "Get-NetFirewallRule none -ErrorAction SilentlyContinue"]
)
def test_a_pattern_without_matches_and_a_silenced_error_say_nothing(run: Run, script: str) -> None:
    assert run(script) == ([], [])


def test_an_unknown_word_is_refused_by_the_binder_as_a_functions_is(run: Run) -> None:
    _, errors = run("New-NetFirewallRule -DisplayName x -Direction Sideways")
    assert errors == ["ParameterArgumentTransformationError,New-NetFirewallRule"]


@pytest.mark.parametrize(
    "script",
    [
        "Get-NetFirewallRule -PolicyStore RSOP",
        "Set-NetFirewallRule web -Enabled False -PolicyStore ActiveStore",
        "New-NetFirewallRule -DisplayName x -DynamicTarget ProximityApps",
        "Set-NetFirewallPortFilter -LocalPort 80",
        "Get-NetFirewallRule -TracePolicyStore",
        "Stop-Service WinRM",
    ],
)
def test_what_the_lab_does_not_know_is_told_and_cannot_be_caught(run: Run, script: str) -> None:
    with pytest.raises(UnsupportedError):
        run(f"{WEB}try {{ {script} -ErrorAction SilentlyContinue }} catch {{ }}")


@pytest.mark.parametrize(
    ("script", "values", "errors"),
    [
        ("(Get-Service hns).Status.ToString()", ["Running"], []),
        ("(Get-Service -Name docker -ErrorAction SilentlyContinue) -eq $null", [True], []),
        (
            "Get-Service none",
            [],
            ["NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"],
        ),
        ("(Get-Service winnat).Name; @(Get-Service winn*).Count", ["winnat", 0], []),
        ("Stop-Service hns; (Get-Service hns).Status -eq 'Stopped'", [True], []),
        ("Get-Service hns | Restart-Service; (Get-Service hns).Status -eq 'Running'", [True], []),
        (
            "Stop-Service BFE; (Get-Service BFE).Status -eq 'Running'",
            [True],
            ["ServiceHasDependentServices,Microsoft.PowerShell.Commands.StopServiceCommand"],
        ),
        ("Restart-Service BFE -Force; (Get-Service mpssvc).Status -eq 'Running'", [True], []),
        (
            "Start-Service Spooler",
            [],
            ["CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand"],
        ),
        ("(Get-CimInstance Win32_OperatingSystem).BuildNumber", ["20348"], []),
        ("(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.GetType().Name", ["DateTime"], []),
        ("(Get-CimInstance -ClassName Win32_ComputerSystem).Name", ["A"], []),
        (
            "Get-CimInstance Win32_Nothing",
            [],
            ["HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand"],
        ),
    ],
)
def test_services_and_facts(run: Run, script: str, values: list[Any], errors: list[str]) -> None:
    assert run(script) == (values, errors)
