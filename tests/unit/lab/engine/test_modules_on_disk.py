"""Modules below $env:PSModulePath: listed, and found in the version that is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from psnet.lab.contract.hosts import MemoryHost
from psnet.lab.engine.runspace import Runspace
from psnet.lab.engine.streams import Collector

ROOT = "C:\\Program Files\\WindowsPowerShell\\Modules"
LISTED = "Get-Module -ListAvailable"
SHOW = "ForEach-Object { '{0} {1}' -f $_.Name, $_.Version }"


def run(script: str) -> tuple[list[Any], list[str]]:
    host = MemoryHost()
    for name, version, folder in (
        ("Tool", "1.9.0", "Tool\\1.9.0"),
        ("Tool", "1.10.0", "Tool\\1.10.0"),
        ("Tool", "2.0.0", "Tool\\3.0.0"),  # the folder is not named as the manifest: no module
        ("Flat", "0.5", "Flat"),
    ):
        base = f"{ROOT}\\{folder}"
        host.files.write_text(f"{base}\\{name}.psd1", f"@{{ ModuleVersion = '{version}'; RootModule = '{name}.psm1' }}")
        host.files.write_text(f"{base}\\{name}.psm1", f"function Get-{name}Version {{ '{version}' }}")
    host.files.write_text(f"{ROOT}\\Bare\\Bare.psm1", "function Get-Bare { 'bare' }")
    sink = Collector()
    Runspace(host).invoke(script, [], sink)
    return sink.values, [record.full_id.split(",")[0] for record in sink.errors]


@pytest.mark.parametrize(
    ("script", "values"),
    [
        (
            f"Get-Module -ListAvailable -Name Tool, Flat, Bare | {SHOW}",
            ["Bare 0.0", "Flat 0.5", "Tool 1.10.0", "Tool 1.9.0"],
        ),
        (f"Get-Module -ListAvailable -Name To* | {SHOW}", ["Tool 1.10.0", "Tool 1.9.0"]),
        (
            f"{LISTED} -FullyQualifiedName @{{ ModuleName = 'Tool'; ModuleVersion = '1.10' }} | {SHOW}",
            ["Tool 1.10.0"],
        ),
        (
            f"{LISTED} -FullyQualifiedName @{{ ModuleName = 'Tool'; RequiredVersion = '1.9.0' }} | {SHOW}",
            ["Tool 1.9.0"],
        ),
        ("(Get-Module -ListAvailable -Name Flat).ModuleBase", [f"{ROOT}\\Flat"]),
        ("Import-Module -Name Tool; Get-ToolVersion", ["1.10.0"]),
        ("Import-Module -Name Tool -RequiredVersion 1.9.0; Get-ToolVersion", ["1.9.0"]),
        ("Import-Module -Name Tool -MinimumVersion 1.9.5; Get-ToolVersion", ["1.10.0"]),
        ("Import-Module -Name Tool; Import-Module -Name Tool -RequiredVersion 1.9.0; Get-ToolVersion", ["1.9.0"]),
        (f"Import-Module -Name '{ROOT}\\Tool\\1.9.0\\Tool.psd1'; Get-ToolVersion", ["1.9.0"]),
        ("Import-Module -Name Bare; Get-Bare", ["bare"]),
    ],
)
def test_the_right_version_is_found(script: str, values: list[Any]) -> None:
    assert run(script) == (values, [])


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("Import-Module -Name Tool -RequiredVersion 1.9.1", "Modules_ModuleWithVersionNotFound"),
        ("Import-Module -Name Tool -MinimumVersion 2.0.0", "Modules_ModuleWithVersionNotFound"),
        ("Import-Module -Name Nothing", "Modules_ModuleNotFound"),
    ],
)
def test_a_version_that_is_not_there_is_an_error(script: str, error: str) -> None:
    assert run(script) == ([], [error])
