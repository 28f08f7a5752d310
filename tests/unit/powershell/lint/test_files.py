"""Files as they are in the world: encodings, folders, what a script says of itself, and the cases of each kind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from oracle_data import ROOT
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InputError
from psnet.powershell.facts import inbox
from psnet.powershell.lint import lint_file, lint_files, lint_text, script_files
from psnet.powershell.lint.names import SEVEN_PARAMETERS

CASES = Path(__file__).with_name("cases")
#: What each case has to say; a case that is not named here has nothing to say (cases/README.md).
SAID = {
    "l12-utf8-no-mark-dash.ps1": ["missing-mark"],
    "l14-seven-only-missed.ps1": ["7-only-parameter"] * 3,
}


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_case_is_judged_rightly(case: str) -> None:
    assert [finding.rule for finding in lint_file(CASES / case)] == SAID.get(case, [])


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def rules(folder: Path) -> list[tuple[str, str]]:
    return [(path.name, one.rule) for path, found in lint_files(script_files([folder])) for one in found]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Write-Host 'Größe'".encode("cp1252"), []),
        ("Write-Host 'Größe'".encode("utf-8-sig"), []),
        ("Write-Host 'Größe'".encode("utf-16"), []),
        ("\ufeffWrite-Host 'Größe'".encode("utf-32"), []),
        ("Write-Host 'Größe'".encode("utf-16-le"), []),
        (b"Write-Host 'plain'", []),
        ("Write-Host 'Größe'".encode(), ["missing-mark"]),
        ('Write-Host "nat – web"'.encode(), ["missing-mark"]),
        ("# Größe\nWrite-Host 'plain' # und Maße".encode(), []),
        ("#Requires -Version 7.0\nWrite-Host 'Größe'".encode(), []),
        ("#!/usr/bin/env pwsh\nWrite-Host 'Größe'".encode(), []),
        ("#AnsibleRequires -CSharpUtil Ansible.Basic\nWrite-Host 'Größe'".encode(), []),
        (b"\xff\xfe\x00", []),
        (b"\xef\xbb\xbfWrite-Host '\xff'", []),
        (b"\x81\x8d\x8f\x90\x9d", []),
    ],
)
def test_bytes_are_read_as_windows_powershell_reads_them(tmp_path: Path, content: bytes, found: list[str]) -> None:
    path = tmp_path / "a.ps1"
    path.write_bytes(content)
    assert [one.rule for one in lint_file(path)] == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("de-DE/Net.psd1", []),  # Import-LocalizedData reads it, as UTF-8
        ("fr/Net.psd1", []),
        ("zh-Hans-CN/Net.psd1", []),
        ("de-DE/Net.psm1", [("Net.psm1", "missing-mark")]),
        ("data/Net.psd1", [("Net.psd1", "missing-mark")]),
    ],
)
def test_the_texts_of_a_culture_need_no_mark(tmp_path: Path, name: str, found: list[tuple[str, str]]) -> None:
    assert rules(written(tmp_path, {name: "@{ Size = 'Größe' }"})) == found


def test_a_function_of_another_file_asks_for_the_version(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.ps1": "function Test-Seven { $PSVersionTable.PSVersion.Major -ge 7 }",
        "b.ps1": "if (Test-Seven) { Get-Uptime } else { 'unknown' }",
        "c.ps1": "if (Test-Sevens) { Get-Uptime }",
    }
    assert rules(written(tmp_path, files)) == [("c.ps1", "7-only-command")]


def test_a_folder_that_is_called_like_a_script_is_none(tmp_path: Path) -> None:
    assert rules(written(tmp_path, {"a.ps1/b.ps1": "Get-NetNatt"})) == [("b.ps1", "unknown-command")]


def test_a_template_of_somebody_else_does_not_end_the_run(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.ps1.j2": "{{ name }}", "b.ps1": "Get-NetNatt"})
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert "b.ps1:1:1: unknown-command" in done.stdout
    assert done.exit_code == 1
    done = CliRunner().invoke(app, ["check", str(folder / "a.ps1.j2")])
    assert isinstance(done.exception, InputError)


def test_one_file_of_bytes_does_not_end_the_run(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.ps1": b"'\xe9\xff' \x00", "b.ps1": "Get-NetNatt"})
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert "b.ps1:1:1: unknown-command" in done.stdout
    assert done.exit_code == 1


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "c" * 3000])
def test_a_name_that_no_file_can_have_does_not_end_the_run(tmp_path: Path, name: str) -> None:
    files: dict[str, str | bytes] = {"a.ps1": f". '.\\{name}.ps1'\nGet-Item -Pahth x", "b.ps1": "1"}
    folder = written(tmp_path, files)
    if "\x00" not in name:
        (folder / "link.ps1").symlink_to(name)
    assert rules(folder) == [("a.ps1", "unknown-parameter")]


def test_letters_of_another_code_page_are_no_errors(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.ps1": "$user = '配置管理者ユーザー'".encode("shift_jis"),
        "b.ps1": "$user = 'Größe' +\n".encode("cp1252"),
    }
    assert rules(written(tmp_path, files)) == [("b.ps1", "syntax-error")]


@pytest.mark.parametrize(
    "line", ["Set-Item -Path Function:Global:New-Guid -Value { }", "Set-LabAlias -Name New-Guid -To x"]
)
def test_functions_and_aliases_that_another_file_makes_by_name_are_known(tmp_path: Path, line: str) -> None:
    files: dict[str, str | bytes] = {"a.ps1": line, "b.ps1": "New-Guid -AsHex"}
    assert rules(written(tmp_path, files)) == []
    assert rules(written(tmp_path, {"a.ps1": "1"})) == [("b.ps1", "unknown-parameter")]


def test_what_a_function_with_a_syntax_error_accepts_is_not_known(tmp_path: Path) -> None:
    broken = "function f { [CmdletBinding()] param([ValidateScript({ $x\n| sort })] $A, $B) }"
    files: dict[str, str | bytes] = {"m.psd1": "@{ RootModule = 'a.ps1' }", "a.ps1": broken, "b.ps1": "f -B 1 -C 2"}
    assert [rule for _, rule in rules(written(tmp_path, files))] == ["7-only-syntax"]
    assert {one.rule for one in lint_text("function f { [CmdletBinding()] param($A $B) }\nf -B 1")} == {"syntax-error"}


def test_an_assembly_may_bring_any_command(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "Net.psd1": "@{\nRootModule = 'Net.dll'\nCmdletsToExport = '*'\n}",
        "use.ps1": "Get-NetAdaptr",
    }
    assert rules(written(tmp_path, files)) == []
    files["Net.psd1"] = "@{\nRootModule = 'Net.dll'\nCmdletsToExport = @('Get-NetAdapterr')\n}"
    assert rules(written(tmp_path, files)) == [("use.ps1", "unknown-command")]


def test_a_name_that_other_files_use_too_is_meant(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{name}.ps1": "Get-NetAdaptr" for name in "ab"}
    assert len(rules(written(tmp_path, files))) == 2
    assert rules(written(tmp_path, {"c.ps1": "# Get-NetAdaptr comes with our image"})) == []


def test_a_folder_is_one_scope(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "net/Net.psd1": "@{ RootModule = 'Net.psm1'; FunctionsToExport = @('Get-NetNatt', 'Set-NetNatt') }",
        "net/Net.psm1": "Get-ChildItem $PSScriptRoot\\lib\\*.ps1 | ForEach-Object { . $_.FullName }",
        "net/lib/Get-NetNatt.ps1": "function Get-NetNatt { param($Name) $Name }",
        "use.ps1": "Import-Module $PSScriptRoot\\net\\Net.psd1\nGet-NetNatt -Name a\nSet-NetNatt\nGet-NetAdaptr",
        "mock.ps1": "function Get-NetAdapter { param($Anything) }",
        "calls.ps1": "Get-NetAdapter -Anything 1",
    }
    assert rules(written(tmp_path, files)) == [("use.ps1", "unknown-command")]


def test_the_files_beside_a_file_are_looked_at(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.ps1": "Get-NetNatt", "b.ps1": "function Get-NetNatt { }"})
    assert lint_file(folder / "a.ps1") == []


def test_a_dot_sourced_file_says_what_its_functions_accept(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {
            "a.ps1": ". $PSScriptRoot\\b.ps1\nGet-Plan -Nmae x",
            "b.ps1": "function Get-Plan { [CmdletBinding()] param($Name) $Name }",
        },
    )
    assert [one.rule for one in lint_file(folder / "a.ps1")] == ["unknown-parameter"]


MODULE: dict[str, str | bytes] = {
    "m/m.psd1": "@{ RootModule = 'm.psm1' }",
    "m/private/Get-Plan.ps1": "function Get-Plan { [CmdletBinding()] param([string] $Name) $Name }",
    "m/public/Set-Plan.ps1": "function Set-Plan { Get-Plan -Nmae x }",
}


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ({}, ["unknown-parameter"]),
        ({"m/other.ps1": "function Get-Plan { param($Nmae) }"}, []),  # which of the two, only a run tells
        ({"m/public/Set-Plan.ps1": "Import-Module Mine\nGet-Plan -Nmae x"}, []),  # that module may have one
        ({"m/public/Set-Plan.ps1": "function f { function Get-Plan { } }\nGet-Plan -Nmae x"}, []),
        ({"m/private/Get-Plan.ps1": "if (1) { function Get-Plan { [CmdletBinding()] param($Name) } }"}, []),
        ({"m/public/Set-Plan.ps1": "", "use.ps1": "Get-Plan -Nmae x"}, []),  # outside of the module
        ({"m/public/Set-Plan.ps1": "Mock Get-Plan -RemoveParameterType Name { }\nGet-Plan -Nmae x"}, []),
    ],
)
def test_a_module_says_what_its_functions_accept(
    tmp_path: Path, others: dict[str, str | bytes], found: list[str]
) -> None:
    assert [rule for _, rule in rules(written(tmp_path, MODULE | others))] == found


@pytest.mark.parametrize("line", ["PowerShellVersion = '7.4'", "CompatiblePSEditions = @('Core')"])
def test_a_manifest_says_which_powershell_reads_its_module(tmp_path: Path, line: str) -> None:
    files: dict[str, str | bytes] = {
        "m/Manifest/m.psd1": f"@{{\nRootModule = '..\\m.psm1'\n{line}\nCopyright = '2014—2026'\n}}",
        "m/Private/a.ps1": "Get-Uptime",
        "other.ps1": "Get-Uptime",
    }
    assert rules(written(tmp_path, files)) == [("other.ps1", "7-only-command")]


def test_endings_are_read_in_any_case(tmp_path: Path) -> None:
    assert rules(written(tmp_path, {"A.PS1": "Get-NetNatt"})) == [("A.PS1", "unknown-command")]


def test_nothing_that_windows_powershell_has_is_said_to_have_come_later() -> None:
    for command, later in SEVEN_PARAMETERS.items():
        listed = inbox.command(command)
        assert listed is None or not {name.lower() for name in later} & {name.lower() for name in listed.parameters}


_A = "[Parameter(ParameterSetName = 'A')] [switch] $A"
_NO_SET = f"function f {{ param({_A}, [Parameter(ParameterSetName = '')] $B)\n$B }}\nf -A -B 1"
_LIST = "[System.Collections.Generic.IReadOnlyList[System.Object]]"
_REST = f"function f {{ param([Parameter(ValueFromRemainingArguments)] {_LIST} $Rest) $Rest }}\nf 1 -Path 2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Get-Colour; New-FirewallPlan; Install-Thing", []),  # far from every known name: of a module that is not here
        ("Get-NetAdaptr", ["unknown-command"]),
        ("Gte-NetAdapter", []),
        ("Import-Module ActiveDirectory\nGet-NetAdaptr", []),
        ("Import-Module NetNat\nGet-NetAdaptr", ["unknown-command"]),
        ("Import-Module Storage, PnpDevice\nGet-NetAdaptr", ["unknown-command"]),
        ("Storage\\Get-Dsk", ["unknown-command"]),
        ("Import-Module Mine\nGet-NetAdapter -Mine 1; Get-Item -Mine 1", ["unknown-parameter"]),
        ("Get-PnpDevice -Clas Net -FriendlyNmae a", ["unknown-parameter"]),
        ("Get-PnpDevice -Anything x", []),  # an alias that is not known
        ("Set-Item WSMan:\\localhost\\Client\\TrustedHosts * -Concatenate", []),
        ("Get-ChildItem Cert:\\LocalMachine\\My -DnsName a -Recursive", ["unknown-parameter"]),
        ("Get-ChildItem $path -CodeSigningCert", []),
        ("Get-ChildItem AD:\\ -Anything", []),
        ("Get-ChildItem C:\\ -CodeSigningCert", ["unknown-parameter"]),
        ("if ($PSVersionTable.PSVersion.Major -ge 7) { Get-Uptime } else { 1 }", []),
        ("if ($IsLinux) { Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("if ($PSVersionTable.PSVersion.Major -lt 7) { throw 'no' }\nGet-Uptime", []),
        ("function f { if ($PSEdition -ne 'Core') { return }; Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("#Requires -PSEdition Core\nGet-Uptime", []),
        ("gci -r -i *.md", []),  # -ReadOnly is the file system's: PowerShell looks at its own -Recurse first
        ("function f () { [CmdletBinding()] param($Name) $Name }\nf -Name 1", []),
        ("if ((Get-Command gc).Parameters.ContainsKey('AsByteStream')) { Get-Content a -AsByteStream }", []),
        ("function Get-enMailboxPermission { }\nGet-EXOMailboxPermission; Get-enMailboxPermision", ["unknown-command"]),
        (
            (
                "function f { param([Parameter(Position = 0)][Parameter(ParameterSetName = 'A')]$r,"
                "[Parameter(ParameterSetName = 'A')]$n) }\nf -n 1 { }"
            ),
            [],
        ),
        ("Get-Member -InputObject $a -MemberType *Property", []),  # an enumeration's wildcards are looked up
        ("function f { param([Parameter(Mandatory)] $a, $b) $a }\nf", []),  # wants PowerShell to ask
        ("$core = $PSVersionTable.PSEdition -eq 'Core'\nif ($core) { Get-Uptime }", []),
        ("Start-ThreadJob { 1 }; Find-PSResource a", []),  # the gallery has these modules for 5.1 too
        ("Copy-Item a -Destination b -FromSession $s -ToSession $t", []),  # 5.0 brought them
        ("Get-Process -IncludeUserName; Get-Help a -Online; Restart-Computer -WsmanAuthentication Kerberos", []),
        # A parameter for the rest takes an unknown name as text (PowerShell's HandleRemainingArguments).
        ("Write-Output a -ForegroundColor Red; New-Module -Name a { } -PassThru", []),
        ("1 | ForEach-Object { $_ } -join ';'", ["unknown-parameter"]),  # RemainingScripts takes no text
        (
            "{ Get-Item a -Nothing } | Should -Throw; { Get-Item a -Nothing } | Should -Not -Throw",
            ["unknown-parameter"],
        ),
        ("$block = { Get-Item a -Nothing }\n$block | Should -Throw -ErrorId x", []),
        ("{ Get-Item a -Nothing } | Should Throw; Get-Thrown { Get-Item a -Nothing }", []),
        (
            "function f { param([Parameter()][ValidateRange(1, 9)]$N) }\nMock f -RemoveParameterValidation N\nf -N 0",
            [],
        ),
        # A provider that is not known may add any parameter; of a path that a run tells, none is certain.
        ("Set-Item -Path ('BiosCfg:\\' + $item) -Value $new -Secret $s; Set-Item $path -Secret $s", []),
        ("Set-Item $path -Valeu 1; Get-ChildItem $path -Nothing", ["unknown-parameter"] * 2),
        ('Get-Item "HKLM:\\$key" -Nothing', ["unknown-parameter"]),
        # Other hypervisors' modules have commands of Hyper-V's names; PowerShell loads modules by itself.
        ("Connect-VIServer lab; Get-VMHost -Location one", []),
        ("Get-VMHost -Location one", []),
        ("Get-VMHost -ComputerNmae one", ["unknown-parameter"]),
        ("Connect-VIServer lab; Get-VMSwich", []),
        ("function Get-LabItems { }\nConnect-VIServer lab; Get-LabItem; Get-LabIetms", ["unknown-command"]),
        ("Get-VDSwitch", []),  # another prefix, no misspelling of Get-VMSwitch
        ("$lines = { ConvertTo-Csv -Delimiter ';' }.GetSteppablePipeline()", []),  # input comes by Process()
        # Written without anything it asks, also where a steppable pipeline may feed it.
        ("function f { param([Parameter(Mandatory)]$A) }\n$p = @{ b = { f } }; $p.b.GetSteppablePipeline()", []),
        # What only PowerShell 7 has makes nothing ambiguous in 5.1, and is no help there.
        ("Get-Date -u %Y; 1 | ForEach-Object -b { } -p { $_ }", []),
        ("#Requires -Version 7.0\nGet-Date -u %Y", ["ambiguous-parameter"]),
        ("PS C:\\> $a | Get-It", []),  # a line that was copied from a console
        ("if ($Host.Version.Major -eq 7) { Import-Module MSOnline -UseWindowsPowerShell }", []),
        # In a workflow there are activities, which have more parameters; so has the workflow (-PSComputerName).
        ("workflow w { [CmdletBinding()] param($A) Get-Process -PSPersist $true }\nw -PSComputerName b -AsJob", []),
        ("workflow w { Get-Process }\nGet-Process -PSPersist $true", ["unknown-parameter"]),
        # What comes after a syntax error on its line mostly belonged to what stands before it.
        ("Get-It\n} | Set-Content -Path a\nGet-Item -Pahth x", ["syntax-error", "unknown-parameter"]),
        ("?\n%\n1 | ?", ["missing-mandatory"]),
        # Commands of a batch file or of VBScript.
        ('rem gone\nRD /S /Q "C:\\Temp"', []),
        ("Dim shell\nSet shell = CreateObject('x')", []),
        ("function Rem { }\nrem gone\nRemove-Item /S /Q C:\\Temp", ["too-many-arguments"]),
        # A name with a module is that module's command.
        ("BetterCredentials\\Get-Credential -Store; Mine\\Get-Uptime; Mine\\Get-NetAdaptr", []),
        ("Microsoft.PowerShell.Security\\Get-Credential -Store", ["unknown-parameter"]),
        ("Microsoft.PowerShell.Utility\\Get-Uptime", ["7-only-command"]),
        ("ConvertTo-Csv ($rows | Select-Object a) ';' -NoTypeInformation", []),
        ("function Test-Core { $PSEdition -eq 'Core' }\nif (Test-Core) { Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("Push-Location Cert:\\\nGet-ChildItem -Recurse -CodeSigningCert", []),  # of the current location
        ("configuration A { Node 'x' { param([Parameter()] [string] $Q)\nFile f { Ensure = 'Present' } } }", []),
        ("try { Get-Item a -Nothing; throw 'no error' } catch { $_ }", []),  # an error is wanted
        ("try { Get-Item a -Nothing } catch { throw }", ["unknown-parameter"]),
        ("Hyper-V\\Remove-VMCheckpoint -Name a; Get-VMChekpoint", ["unknown-command"]),  # an alias of the module
        # Another session has other functions of these names; here it runs without a target.
        ("function f { [CmdletBinding()] param($A) }\nInvoke-LabJob a { Import-Module M; f -B 1 }", []),
        ("Invoke-Command $s { function f { [CmdletBinding()] param($A) } }\nf -B 1", []),
        ("function f { [CmdletBinding()] param($A) }\nInvoke-Command { f -B 1 }", ["unknown-parameter"]),
        ("function f { [CmdletBinding()] param($A) }\nSet-Alias f Get-Item\nf -B 1", []),  # the alias comes first
        ("if ($a) {\n  foreach ($b in $c) {\n    Get-Item -Pahth x\n", ["syntax-error", "unknown-parameter"]),
        ("workflow w { foreach -parallel -throttlelimit 4 ($a in $b) { Get-Item $a } }", []),
        ("foreach -parallel ($a in $b) { Get-Item $a }", ["syntax-error"]),
        ("Get-Command -CommandType Cmdlet, Workflow", []),
        ("Get-Command -CommandType Cmdlet, Workflo, Bogus", ["bad-value"]),
        ("Remove-AppPackage $a -AllUsers; Remove-AppxPackgae $a", ["unknown-command"]),
        # Resources of DSC in a file that a configuration dot-sources.
        ("ReplaceText 'x'\n{\n  Type = 'Text'\n  Path = 'y'\n}", []),
        ("WebSetting 'x'\n{\n  Filter = $rule.Section\n  Value = 1\n}\nGet-Item -Pahth x", ["unknown-parameter"]),
        ("Assert-VerifiableMock", []),  # newer versions of Pester have it
        ("$text | ConvertTo-SecureString -Force", []),  # -AsPlainText is of that set, and not mandatory
        (_NO_SET, []),  # an empty name means every set
        (_REST, []),
        ("ConvertTo-SecureString $a -AsPlainText $true", []),  # $true is -Force, by its position
        ("function Connect-VBR-Server { }\nGet-VBRJob; Connect-VBRServer", []),
        ("class A { [NotHere.Type] $B }", []),  # another file of the module may bring it
        # A known noun's plural, or with a number, is somebody's own function; a function of this script is known whole.
        ("Get-Events a; Get-NetAdapters; Get-Service2", []),
        ("function Get-LabItem { }\nGet-LabItme", ["unknown-command"]),
        # Of modules that grew, only what fingers do in passing is a misspelling.
        ("Get-AppxPakage; Get-AppxPackagge", ["unknown-command"] * 2),
        ("Get-AppxPackega", []),
        ("Get-NetAdaptr; Get-NetAdaptr; Get-NetAdaptr", []),  # written three times it is meant
        ("Add-PSSnapin Mine\nGet-NetAdaptr", []),
        ("#Requires -PSSnapin Mine\nGet-NetAdaptr", []),
        ('New-Item -Path "function:global:$name" -Value { }\nGet-NetAdaptr', []),
        ("Import-LabModule Mine\nGet-NetAdaptr", []),
        # Blocks of which only the text, the tree or the first command is asked.
        ("{ Get-Date -Nothing }.ToString(); { Get-Date -Nothing }.Ast; { Add-Type }.GetPowerShell()", []),
        ("{ Get-Date -Nothing }.Invoke()", ["unknown-parameter"]),
        ("#Requires -PSEdition Core\nps -eo pid; Get-Process -eo pid", ["unknown-parameter"]),  # the program on Linux
        ("if ($IsLinux) { ps -eo pid }", []),
        # Templates of other tools.
        ('Write-Warning -Message "{{A}}"{{B}}', []),
        ("{% if a %}\n$a = \n{% endif %}", []),
        ("for ($i = 0; $i -le ~COUNT~; $i++) { 1 }\nStart-Sleep -Seconds '~DELAY~'", []),
        ("function f { param([ValidateSet('a')] $X) $X }\nf '#X#'\nf '<your value>'\nf b", ["bad-value"]),
        # For a string PowerShell makes an empty one of $null (LanguagePrimitives.ConvertTo).
        ("function f { param([AllowEmptyString()][Parameter(Mandatory)][string] $A) $A }\nf $null", []),
        ("function f { param([Parameter(Mandatory)][string] $A) $A }\nf $null", ["bad-value"]),
        # What a question for the version decides, through variables too.
        (
            (
                "$all = $true\nif ($PSVersionTable.PSVersion.Major -lt 7) { $all = $false }\n"
                "if ($all) { $how = 'all' }\nif ($how -eq 'all') { 1 | ForEach-Object -Parallel { 1 } }"
            ),
            [],
        ),
        ("if ('System.Management.Automation.Cleared' -as [type]) { Add-Type $a -CompilerOptions b }", []),
        ("#Requires -Version 7.0\nConfiguration A { Node x { } }", []),  # with PSDesiredStateConfiguration 2
        ("Add-Type $a -CompilerOptions b; Read-Host a -MaskInput", ["7-only-parameter"] * 2),
        # A file with many errors of their own is in another language.
        (
            "using System;\nvar a = 1,\nGet-Date\nforeach (a b) { }\nGet-Date\n$b = 1 +\n\nGet-Date -Nothing",
            ["syntax-error"],
        ),
    ],
)
def test_only_what_is_certain_is_said(text: str, found: list[str]) -> None:
    assert [one.rule for one in lint_text(text)] == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("@echo off\nrem clean up\nif exist a.txt goto end\ndel a.txt\n", "a batch file"),
        ("Dim shell\nSet shell = CreateObject('x')\n'a comment\n", "VBScript"),
        ("CREATE USER x\nGO\n--then, (\nuse master\n", "SQL"),
        ("using System;\nnamespace Net\n{\n  public class A { int B(int c, int d) { return c; } }\n}\n", "C#"),
        ('{ "name": 1, "more": [2, 3] }', "JSON"),
        ("{\\rtf1\\ansi\n\\f0 (Get-Item | Where \\{1\\}}", "rich text"),
        ("// the name\ndef host = props.get('a')\nString b = ('c' + host)[-1])\n", "Groovy or JavaScript"),
        ("import os\nfor one in [\n  'a'\n]:\n  print('b')\n", "Python"),
        ("## Use\n- Run the script (\n1. Copy it\n```powershell\n```\n", "Markdown"),
        ("$a = 1 +\n\nGo\n", None),
        ("$q = @'\nCREATE TABLE x\nGO\n'@\n$a = 1 +\n", None),
    ],
)
def test_a_text_in_another_language_is_said_to_be_one(text: str, language: str | None) -> None:
    (found,) = lint_text(text)
    assert found.rule == "syntax-error"
    assert found.remedy == (f"it reads like {language}: give it that language's ending" if language else None)


@pytest.mark.parametrize("line", ["PS C:\\> $a = (1", "Name     Size\n------   -- ----\nx (1"])
def test_what_a_console_has_printed_is_said_to_be_that(line: str) -> None:
    (found,) = lint_text(f"$x = 1\n{line}\nGet-Item -Pahth x")
    assert found.rule == "syntax-error"
    assert found.remedy == "it reads like what a console has printed: make that a comment"


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# Requires PowerShell 7", []),
        ("<#\n.NOTES\n    Notice: requires PowerShell 6+ (-Depth)\n#>", []),
        ("# PowerShell 7.2 or later is required", []),
        ("# Minimum PowerShell Core version: 7", []),
        ("# Minimum PowerShell version: 7", []),
        ("# Run this from the root (PowerShell 7+, elevated)", []),
        ("<#\n.EXAMPLE\n    pwsh -File .\\Get-It.ps1\n#>", []),
        ("# PowerShell 7+ or Windows PowerShell", ["7-only-parameter"]),
        ("<#\n pwsh -File a.ps1\n powershell.exe -File a.ps1\n#>", ["7-only-parameter"]),
        ("# Works with PowerShell 5.1 and PowerShell 7", ["7-only-parameter"]),
        ("# Needs PowerShell 7 or 5.1", ["7-only-parameter"]),
        ("#Requires -Version 5.1\n# Parallel runs require PowerShell 7", ["7-only-parameter"]),
        ("$text = 'requires PowerShell 7'", ["7-only-parameter"]),
    ],
)
def test_a_comment_at_the_head_may_ask_for_powershell_7(comment: str, found: list[str]) -> None:
    assert [one.rule for one in lint_text(f"{comment}\n1..3 | ForEach-Object -Parallel {{ $_ }}")] == found


def test_a_remedy_names_nothing_that_windows_powershell_has_not() -> None:
    (found,) = lint_text("Get-Credential -Store x")
    assert found.remedy == "it has -Credential, -Message, -UserName"


def test_one_syntax_error_does_not_hide_the_rest() -> None:
    text = "Get-Item -Pahth a\nfunction f { Get-Item -Pahth b\n if ( }\n}\nfunction g { Get-Item -Pahth c }"
    found = [(one.line, one.rule) for one in lint_text(text)]
    assert found[0] == (1, "unknown-parameter")
    assert (3, "syntax-error") in found
    assert sum(rule == "syntax-error" for _, rule in found) == 1


def test_each_syntax_error_of_its_own_is_said_and_none_that_follows_from_one() -> None:
    text = "$a = 1 +\n\nGet-Item x\nGet-Date\nforeach ($x on $y) { 2 }\nGet-Item -Pahth z\n"
    found = [(one.line, one.rule) for one in lint_text(text)]
    assert found == [(1, "syntax-error"), (5, "syntax-error"), (6, "unknown-parameter")]
    unclosed = "function f {\n for (;;) {\n $page.Remove(A.B)\n}\nGet-Item x\n}\nGet-Item y\n}"
    assert [one.rule for one in lint_text(unclosed)] == ["syntax-error"]


def test_what_follows_from_a_broken_list_of_parameters_is_not_said() -> None:
    broken = "function f { param( [string] $A [string] $B,\n[Parameter()] $C)\nGet-Item x\nif ( ) { }\n}\n"
    assert [(one.line, one.rule) for one in lint_text(broken)] == [(1, "syntax-error")]
    assert [one.line for one in lint_text(f"{broken}function g {{ Get-Item y }}\n$a = 1 +\n")] == [1, 7]


def test_psscriptanalyzers_names_excuse_what_is_the_same_rule() -> None:
    said = "[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseCompatibleCommands', '')]"
    assert lint_text(f"function f {{ {said} param() Test-Json '{{}}' }}") == []
    assert len(lint_text(f"function f {{ {said} param() }}\nTest-Json '{{}}'")) == 1
    assert lint_text("Test-Json '{}' # psnet: ignore[PSUseCompatibleCommands] only where 7 is installed") == []


def test_sarif_names_rules_places_and_the_tool(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.ps1": "Get-NetNatt"})
    done = CliRunner().invoke(app, ["check", str(folder), "--format", "sarif"])
    (run,) = json.loads(done.stdout)["runs"]
    assert run["tool"]["driver"]["name"] == "psnet check"
    (result,) = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "unknown-command"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 1}
    assert place["artifactLocation"]["uri"].endswith("/a.ps1")
    assert done.exit_code == 1


def test_standard_input_is_checked_as_a_file(tmp_path: Path) -> None:
    written(tmp_path, {"lib.ps1": "function Get-Plan { [CmdletBinding()] param($Name) }"})
    text = ". $PSScriptRoot\\lib.ps1\nGet-Plan -Nmae x"
    done = CliRunner().invoke(app, ["check", "--stdin", str(tmp_path / "open.ps1")], input=text)
    assert "open.ps1:2:10: unknown-parameter" in done.stdout
    done = CliRunner().invoke(app, ["check", "--stdin", "a.ps1", "--format", "json"], input="Get-NetNat")
    assert json.loads(done.stdout) == {"files": 1, "findings": []}


def test_the_pre_commit_hook_runs_a_command_that_is_there() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (hook,) = (hook for hook in hooks if hook["id"] == "psnet-check")
    assert hook["entry"].split() == ["psnet", "check"]


def test_the_precision_tool_prints_findings_by_rule(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.ps1": "Get-NetNatt", "b.ps1": "Get-Item -Pahth x"})
    tool = ROOT / "tools" / "precision.py"
    done = subprocess.run([sys.executable, tool, folder], capture_output=True, text=True, check=True)
    assert "## unknown-command: 1" in done.stdout
    assert "2 files, 2 findings, 2 drawn" in done.stdout
    text = "Get-NetNatt\nGet-NetNatt\nGet-Item -Pahth x"
    folder = written(tmp_path / "more", {"a.ps1": text})
    done = subprocess.run([sys.executable, tool, folder, "--each", "1"], capture_output=True, text=True, check=True)
    assert "1 files, 3 findings, 2 drawn" in done.stdout
