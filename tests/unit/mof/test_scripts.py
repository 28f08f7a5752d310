"""Recorded Configuration scripts, run on the lab's engine, give the recorded documents or the recorded refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mof_oracle import oracle_cases
from mof_scripts import script_difference
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.mof import parse_mof

if TYPE_CHECKING:
    from pathlib import Path

# Recorded in PowerShell 7, whose "`u{1}" Windows PowerShell 5.1 does not know: it reads u{1}.
ONLY_7 = {"string-control", "string-nul"}


@pytest.mark.parametrize(
    "case", [each for each in oracle_cases() if each["id"] not in ONLY_7], ids=lambda case: case["id"]
)
def test_a_recorded_script_gives_its_documents_or_its_refusal(case: dict[str, Any]) -> None:
    assert script_difference(case) == ""


SCRIPT = """\
configuration Web {
    param([string[]]$NodeName = @('web01', 'web02'))
    Import-DscResource -ModuleName PSNetDsc
    Node $NodeName {
        PSNetNat Out { Name = 'nat'; Prefix = '172.16.0.0/24' }
        foreach ($port in 80, 443) {
            PSNetNatStaticMapping "Web$port" {
                Name = "web-$port"; Protocol = 'TCP'; ExternalPort = $port; ExternalAddress = '0.0.0.0'; Network = 'nat'
                InternalAddress = '172.16.0.5'; DependsOn = '[PSNetNat]Out'
            }
        }
    }
}
"""


def test_a_script_becomes_documents_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "web.ps1").write_text(SCRIPT, encoding="utf-8")
    result = CliRunner().invoke(app, ["dsc", "mof", str(tmp_path / "web.ps1"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["web01.mof", "web02.mof"]
    instances = parse_mof((tmp_path / "out" / "web01.mof").read_text(encoding="utf-16"))
    assert [each.class_name for each in instances[:-1]] == ["PSNet_Nat", *["PSNet_NatStaticMapping"] * 2]


def test_a_refused_script_names_line_and_column_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "web.ps1").write_text(SCRIPT.replace("Prefix =", "Prefx ="), encoding="utf-8")
    result = CliRunner().invoke(app, ["dsc", "mof", str(tmp_path / "web.ps1"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "web.ps1:5:38: InvalidInstanceProperty" in result.output.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_what_the_engine_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "web.ps1").write_text(f"{SCRIPT}\nStart-Process notepad\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["dsc", "mof", str(tmp_path / "web.ps1"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "unsupported: Start-Process, line 15" in result.output
