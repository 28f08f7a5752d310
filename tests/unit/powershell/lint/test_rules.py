"""One planted error of each kind is found where it stands; what is right is left alone."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from psnet.powershell.lint import RULES, lint_text

PLANTED = yaml.safe_load(r"""
- [syntax-error, "$a = ", {}, "1:5"]
- [7-only-syntax, "$a = $b ?? 'c'", {}, "1:9"]
- [7-only-syntax, "Get-NetNat && Get-NetAdapter", {}, "1:12"]
- [unknown-command, "Get-NetNatt", {}, "1:1"]
- [unknown-command, "NetNat\\Get-NetNatz", {}, "1:1"]
- [unknown-command, "$a | Wehre-Object { $_ }", {}, "1:6"]
- [unknown-command, "function Get-NetPlan { 1 }\nGet-NetPlann", {}, "2:1"]
- [unknown-parameter, "Get-NetNat -Nam x -Naem y", {}, "1:19"]
- [unknown-parameter, "gci -Recursive .", {}, "1:5"]
- [unknown-parameter, "function f { [CmdletBinding()] param($Path) $Path }\nf -Bogus 1", {}, "2:3"]
- [unknown-parameter, "Get-NetAdapter @a -Bogus:$true", {}, "1:19"]
- [ambiguous-parameter, "New-NetFirewallRule -DisplayName x -Pr TCP", {}, "1:36"]
- [missing-argument, "Get-NetNat -Name", {}, "1:12"]
- [parameter-twice, "Get-NetNat -Name a -name b", {}, "1:20"]
- [parameter-set, "Get-Content -Path a -LiteralPath b", {}, "1:1"]
- [parameter-set, "Get-Process -Id 3 -Name x", {}, "1:1"]
- [missing-mandatory, "New-NetNat -InternalIPInterfaceAddressPrefix 10.0.0.0/8", {}, "1:1"]
- [missing-mandatory, "Set-NetNat", {}, "1:1"]
- [missing-mandatory, "function f { param([Parameter(Mandatory)] $Path, $More) $Path }\nf -More 1", {}, "2:1"]
- [missing-mandatory, "Join-Path", {}, "1:1"]
- [too-many-arguments, "Get-NetNat one two", {}, "1:16"]
- [too-many-arguments, "Start-Sleep 1 2", {}, "1:15"]
- [too-many-arguments, "function f { [CmdletBinding()] param($A) $A }\nf 1 2", {}, "2:5"]
- [bad-value, "New-NetFirewallRule -DisplayName x -Action Permit", {}, "1:44"]
- [bad-value, "Add-NetNatStaticMapping -NatName n -Protocol ICMP @others", {}, "1:46"]
- [bad-value, "Start-Sleep -Milliseconds -1", {}, "1:27"]
- [bad-value, "Write-Host x -ForegroundColor Purple", {}, "1:31"]
- [bad-value, "Start-Sleep -Seconds soon", {}, "1:22"]
- [bad-value, "Get-NetNat -ErrorAction Quiet", {}, "1:25"]
- [bad-value, "Test-Path x -PathType File", {}, "1:23"]
- [bad-value, "function f { param([ValidateSet('a', 'b')] $X) $X }\nf -X c", {}, "2:6"]
- [bad-value, "function f { param([ValidateRange(1, 5)] [int] $X) $X }\nf 9", {}, "2:3"]
- [bad-value, "New-NetNat -Name ''", {}, "1:18"]
- [not-on-build, "Get-HnsNetwork", {os: "2016"}, "1:1"]
- [not-on-build, "New-ContainerNetwork -Name x -Mode NAT", {os: "2019"}, "1:1"]
- [not-on-build, "Get-NetFirewallDynamicKeywordAddress", {os: "2019"}, "1:1"]
- [parameter-not-on-build, "New-NetFirewallRule -DisplayName x -RemoteDynamicKeywordAddresses y", {os: "2019"}, "1:36"]
- [7-only-command, "Test-Json '{}'", {}, "1:1"]
- [7-only-parameter, "1..3 | ForEach-Object -Parallel { $_ }", {}, "1:23"]
- [7-only-parameter, "'{}' | ConvertFrom-Json -AsHashtable", {}, "1:25"]
- [5.1-only-command, "Get-WmiObject Win32_BIOS", {language: "7"}, "1:1"]
- [suppression, "Get-NetNatt # psnet: ignore[unknown-command]", {}, "1:13"]
- [suppression, "Get-NetNat # psnet: ignore[unknown-command] none of ours", {}, "1:12"]
- [suppression, "Get-NetNat # psnet: ignore[no-such-rule] because", {}, "1:12"]
- [suppression, "Get-NetNat # psnet: ignore", {}, "1:12"]
""")

#: The kinds of true errors that public scripts had most, written anew: none of them may be lost for precision.
EVERYDAY = [
    ("Write-Warning 'no adapter ' + $name", "too-many-arguments"),
    ('Write-Warning = "$name failed"', "too-many-arguments"),
    ("Write-Error 'the file 'plan.txt' is missing'", "too-many-arguments"),
    ("Remove-Item -Path $path -Force -Confirm $false", "too-many-arguments"),
    ("$took = (Get-Date - $start).TotalSeconds", "too-many-arguments"),
    ("$items | Measure-Object Length -Sum  Select Name, Count", "too-many-arguments"),
    ('if (Test-Path $file) { Set-Content "$file.ignore" }', "missing-mandatory"),
    ("$names | Where-Object\n{ $_ -like 'a*' } | Sort-Object", "missing-mandatory"),
    ("Write-Verbose 'made {0}' -f $name", "unknown-parameter"),
    ("Write-Error 'no network' -ForegroundColor Red", "unknown-parameter"),
    ("$names | ForEach-Object { $_ } -join ', '", "unknown-parameter"),
    ("Write-Warning -InputObject 'no network'", "unknown-parameter"),
    ("function f { [CmdletBinding()] param($A, $B) }\nf -A$value", "unknown-parameter"),
    ("Write-Verbuse 'done'", "unknown-command"),
    ("Start-Sleep -s 20s", "bad-value"),
    ("param([switch]All, $More)", "syntax-error"),
    ("New-Thing -Owner <User>@example.org", "syntax-error"),
    ("if ('a' in $names) { 1 }", "syntax-error"),
]

RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("Get-NetNat x", {}),
    ("Get-NetNat -N x", {}),
    ("GET-NETNAT -name:x -ErrorA Stop -vb", {}),
    ("NetNat\\Get-NetNat", {}),
    ("New-NetNat @options", {}),
    ("New-NetNat @options -InternalIPInterfaceAddressPrefix 10.0.0.0/8", {}),
    ("Get-NetNat | Remove-NetNat -Confirm:$false", {}),
    ("'a', 'b' | Get-Content", {}),
    ("docker network ls; netsh.exe int show; ipconfig /all; docker-compose up -d", {}),
    ("& $tool -Any thing; & 'C:\\Program Files\\x.exe' -y; & { Get-NetNat }; . $profile; Get-Colour", {}),
    (".\\Get-Colour.ps1 -x; C:\\tools\\Set-It.exe; ./Do-It", {}),
    ("function Get-Colour { param($x) $args }\nGet-Colour 1 2 -Bogus 3", {}),
    ("filter Get-Colour { $_ }\n1 | Get-Colour", {}),
    ("function Get-Colour { dynamicparam { } }\nGet-Colour -Any 1", {}),
    ("Set-Alias -Name Get-Colour -Value Get-NetNat\nGet-Colour -Name x", {}),
    ("Import-Module Colours\nGet-Colour", {}),
    ("#requires -Modules Colours\nGet-Colour", {}),
    ("using module Colours\nGet-Colour", {}),
    ("Invoke-Expression $text\nGet-Colour", {}),
    ("${function:Get-Colour} = { 1 }\nGet-Colour -Any 1", {}),
    ("$PSDefaultParameterValues['New-NetNat:Name'] = 'x'\nNew-NetNat", {}),
    ("New-NetFirewallRule -DisplayName x -Action $action -Profile Domain, Private -LocalPort 80,443", {}),
    ("Get-NetFirewallRule -Enabled True -Action Allow", {}),
    ("Write-Host a b c -ForegroundColor Red; Write-Output 1 2 3", {}),
    ("$x | Where-Object Name -EQ y | Select-Object -First 1 | Sort-Object Name -Descending", {}),
    ("Get-VMHardDiskDrive x; Get-NetAdapterRss; Get-ADUser -Filter *", {}),
    ("Get-HnsNetwork", {"os": "1709"}),
    ("New-ContainerNetwork -Name x -Mode NAT", {"os": "2016"}),
    ("$a = $b ?? 'c'; 1..3 | ForEach-Object -Parallel { $_ }; Test-Json '{}'", {"language": "7"}),
    ("git --% --this -that 'and", {}),
    ("Get-NetNatt # psnet: ignore[unknown-command] it comes with the image", {}),
    ("# psnet: ignore[unknown-command] - it comes with the image\nGet-NetNatt", {}),
    ("'# psnet: ignore[x]'", {}),
    ("New-Object System.Net.Sockets.TcpClient; New-Object -TypeName PSObject -Property @{ a = 1 }", {}),
    ("Get-Content -Path x -Encoding UTF8 -Credential $c; Add-Content x y -PassThru", {}),
    ("Start-Sleep -Milliseconds 1; Start-Sleep -Seconds 2", {}),
]


@pytest.mark.parametrize(("rule", "text", "options", "place"), PLANTED, ids=lambda one: str(one)[:60])
def test_a_planted_error_is_found(rule: str, text: str, options: dict[str, Any], place: str) -> None:
    found = lint_text(text, "f.ps1", **options)
    assert [(one.rule, f"{one.line}:{one.column}") for one in found if one.rule == rule] == [(rule, place)], found
    assert {one.rule for one in found} <= {rule, "unknown-command", "7-only-syntax"}, found


@pytest.mark.parametrize(("text", "rule"), EVERYDAY, ids=lambda one: str(one)[:40])
def test_everyday_errors_are_found(text: str, rule: str) -> None:
    assert [one.rule for one in lint_text(text)][:1] == [rule]


def test_every_rule_is_planted() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES) - {"missing-mark"}  # a file's bytes: test_files.py


@pytest.mark.parametrize(("text", "options"), RIGHT, ids=lambda one: str(one)[:60])
def test_what_is_right_is_left_alone(text: str, options: dict[str, Any]) -> None:
    assert [str(one) for one in lint_text(text, **options)] == []


def test_a_remedy_names_the_nearest() -> None:
    (wrong,) = lint_text("Get-NetNat -Nmae x")
    assert str(wrong) == ("script.ps1:1:12: unknown-parameter: Get-NetNat has no parameter -Nmae (did you mean -Name?)")
    (wrong,) = lint_text("Get-NetFirewalRule")
    assert wrong.remedy == "did you mean Get-NetFirewallRule?"
