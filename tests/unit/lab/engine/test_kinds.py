"""Kinds of answers in which the lab once differed from a real engine: neighbours of the recorded sets 2 and 3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.run import make_hosts

CASES = yaml.safe_load(Path(__file__).with_name("kinds.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["5.1", "7"])
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_kind_holds(case: dict[str, Any], language: str) -> None:
    if case.get("only", language) != language:
        return
    (host,) = make_hosts(["2022"])
    result = run_file(host, case["script"], [], language, registry=lab_registry(host))
    assert "\n".join(result.stdout).rstrip() == case["expect"].rstrip()
    assert result.errors == case.get("errors", [])


@pytest.mark.parametrize("value", ["[Text.Encoding]::UTF8", "[cultureinfo]'de-DE'"])
def test_a_list_with_a_gap_is_refused(value: str) -> None:
    (host,) = make_hosts(["2022"])
    with pytest.raises(UnsupportedError, match=r"the list of .* properties"):
        run_file(host, f"{value} | Format-List *", registry=lab_registry(host))


@pytest.mark.parametrize(
    ("script", "construct"),
    [
        ("(Get-WmiObject Win32_NetworkAdapterConfiguration)[0].EnableDHCP()", "EnableDHCP"),
        ("Test-NetConnection", "which sends pings"),
        ("Get-Help Get-ChildItem", "the help of Get-ChildItem"),
        ("$ExecutionContext.InvokeCommand.InvokeScript('1')", "InvokeScript"),
        ("$Host.PrivateData", "PrivateData"),
        ("Set-Content C:\\f.txt x; (Get-Item C:\\f.txt).VersionInfo", "VersionInfo"),
        ("Get-Content Function:\\prompt", "the text of the function prompt"),
    ],
)
def test_what_only_windows_knows_is_refused(script: str, construct: str) -> None:
    (host,) = make_hosts(["2022"])
    with pytest.raises(UnsupportedError, match=construct):
        run_file(host, f"try {{ {script} }} catch {{ 'caught' }}", registry=lab_registry(host))


def test_a_name_that_nobody_has_is_not_resolved() -> None:
    """Microsoft Learn, Test-NetConnection; psnet's rule test-net-connection."""
    (host,) = make_hosts(["2022"])
    script = "$t = Test-NetConnection server01 -Port 443; $t.TcpTestSucceeded; tnc server01 -InformationLevel Quiet"
    result = run_file(host, script, registry=lab_registry(host))
    assert result.stdout[-2:] == ["WARNING: Name resolution of server01 failed", "False"]
    assert "False" in result.stdout[:2]
