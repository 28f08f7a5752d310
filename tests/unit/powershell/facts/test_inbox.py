"""Windows PowerShell 5.1's own commands, as a real engine listed them."""

from __future__ import annotations

import pytest

from psnet.powershell.facts import inbox


def test_every_command_and_module_of_the_list_is_there() -> None:
    assert len(inbox.modules()) == 73
    assert len(inbox.commands()) == 1647
    assert sum(len(module.commands) for module in inbox.modules().values()) == 1647


@pytest.mark.parametrize("name", ["Get-CimInstance", "get-ciminstance", "GET-CIMINSTANCE"])
def test_a_command_is_found_in_any_case_with_its_parameters_in_order(name: str) -> None:
    found = inbox.command(name)
    assert found is not None
    assert (found.name, found.module, found.kind) == ("Get-CimInstance", "CimCmdlets", "cmdlet")
    assert list(found.parameters)[:2] == ["ClassName", "ComputerName"]
    assert found.parameters["KeyOnly"] == "switch"


def test_what_windows_powershell_does_not_bring_is_none() -> None:
    assert inbox.command("Get-NetworkControllerNode") is None
    assert inbox.command("ConvertFrom-Markdown") is None


def test_a_module_has_its_version_commands_and_aliases() -> None:
    module = inbox.modules()["nettcpip"]
    assert module.version == "1.0.0.0"
    assert "Test-NetConnection" in module.commands
    assert "TNC" in module.aliases
