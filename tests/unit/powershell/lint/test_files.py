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
