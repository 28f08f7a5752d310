"""What everyday scripts of administrators print: Windows' own views, drives, services, jobs, the registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.run import make_hosts

CASES: Final[list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("everyday.yaml").read_text("utf-8"))


def printed(script: str) -> list[str]:
    """Return the lines that a script prints on a fresh host, without blank ones.

    How many blank lines stand around tables and lists, the oracle's cases hold.
    """
    (host,) = make_hosts(["2022"])
    shown = run_file(host, script, registry=lab_registry(host)).stdout
    return [line.rstrip() for line in shown if line.strip()]


@pytest.mark.parametrize("case", [case for case in CASES if "prints" in case], ids=lambda case: case["id"])
def test_an_everyday_script_prints_what_windows_prints(case: dict[str, Any]) -> None:
    assert printed(case["script"]) == case["prints"].splitlines()


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case], ids=lambda case: case["script"].strip())
def test_what_only_windows_knows_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedError) as refused:
        printed(case["script"])
    assert refused.value.construct == case["refused"]


def test_what_does_not_exist_is_reported_where_its_name_stands() -> None:
    (host,) = make_hosts(["2022"])
    text = run_file(host, "docker ps", registry=lab_registry(host)).stderr_text.replace("\r\n", "\n").split("\n")
    assert text[0].startswith("docker : The term 'docker' is not recognized")
    assert text[2:4] == ["+ docker ps", "+ ~~~~~~"]
