"""psnet lab exec runs a script as powershell.exe -NonInteractive -File does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.lab.dotnet.errors import UnsupportedError

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """\
[CmdletBinding()] param([string]$Name, [int[]]$Port, [switch]$Force)
"hello $Name $($Port -join '+') $Force"
Get-NetAdapter | Select-Object -Property Name, Status
Write-Warning -Message 'look'
Write-Verbose -Message 'deep' -Verbose
Get-Item -LiteralPath C:\\nothing
exit 5
"""


def run(folder: Path, text: str, *arguments: str, options: tuple[str, ...] = ()) -> Any:
    script = folder / "script.ps1"
    script.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["lab", "exec", *options, str(script), *arguments])


def test_json_tells_what_the_script_did(tmp_path: Path) -> None:
    result = run(tmp_path, SCRIPT, "-Name", "web", "-Port:80", "-Force", options=("--os", "2019", "--json"))
    assert result.exit_code == 5
    assert json.loads(result.stdout) == {
        "stdout": [
            "hello web 80 True",
            "",
            "Name       Status",
            "----       ------",
            "Ethernet   Up    ",
            "Ethernet 2 Up    ",
            "",
            "",
            "WARNING: look",
            "VERBOSE: deep",
        ],
        "errors": ["PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand"],
        "warnings": ["look"],
        "verbose": ["deep"],
        "exit_code": 5,
    }


def test_the_console_shows_errors_on_standard_error(tmp_path: Path) -> None:
    result = run(tmp_path, "'before'\nGet-Item -LiteralPath C:\\nothing\n'after'")
    assert result.stdout == "before\nafter\n"
    assert "script.ps1:2 char:1" in result.stderr
    assert "FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand" in result.stderr
    assert result.exit_code == 0  # as with -File: only exit and terminating errors change it


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("throw 'no'", "no"),
        ("'a' 'b'", "UnexpectedToken"),
        ("$a = 1 ? 2 : 3", "UnexpectedToken"),
        ("param([int]$Count) $Count", "ParameterArgumentTransformationError,script.ps1"),
    ],
    ids=["throw", "syntax", "newer-syntax", "transformation"],
)
def test_a_terminating_error_is_exit_code_1(tmp_path: Path, text: str, error: str) -> None:
    result = run(tmp_path, text, "--json", "-Count", "x")
    assert (result.exit_code, json.loads(result.stdout)["errors"]) == (1, [error])


def test_language_7_reads_its_own_syntax(tmp_path: Path) -> None:
    assert run(tmp_path, "$true ? 'yes' : 'no'", options=("--language", "7")).stdout == "yes\n"


def test_what_the_engine_does_not_know_is_refused_with_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, "'one'\ntrap { 'x' }\nAdd-Type -TypeDefinition 'class X {}'\n")
    assert isinstance(result.exception, UnsupportedError)
    assert str(result.exception).startswith("unsupported: ")
    assert result.exception.exit_code == 3


def test_each_run_is_a_fresh_host_of_the_build_named(tmp_path: Path) -> None:
    text = "New-Item -Path C:\\mark -ItemType Directory | Out-Null; (Get-Command -Name New-ContainerNetwork*).Name"
    for _ in range(2):
        assert run(tmp_path, text, options=("--os", "2016")).stdout == "New-ContainerNetwork\n"
    assert run(tmp_path, text, options=("--os", "2022")).stdout == ""
