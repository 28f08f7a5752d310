"""What Windows PowerShell 5.1 reads and PowerShell 7 does not, and small forms that public scripts have."""

from __future__ import annotations

import pytest

from psnet.powershell.syntax import parse, parse_with_errors, tree_text
from psnet.powershell.syntax.visit import descendants

_CONFIGURATION = """
[DscLocalConfigurationManager()]
configuration Lcm { Settings { RefreshMode = 'Push' } }
configuration Web {
    param([string[]] $NodeName = 'localhost')
    Import-DscResource -ModuleName PSDesiredStateConfiguration
    $names = 'a', 'b'
    node $AllNodes.Where{ $_.Role -eq 'Web' }.NodeName {
        File Marker { DestinationPath = 'C:\\marker.txt'; Contents = 'x'; Ensure = 'Present' }
        foreach ($name in $names) {
            Script "Run-$name"
            {
                GetScript  = { @{ Result = $using:name } }
                TestScript = { $false }
                SetScript  = { Write-Verbose $using:name }
                DependsOn  = '[File]Marker'
            }
        }
        if ($names) { xFirewall ('a' + 'b') { Profile = 'Domain', 'Private'; Nested = MSFT_Thing { A = 1 } } }
        WindowsFeature IIS { # what it is for
            Name = 'Web-Server' }
    }
}
Web -OutputPath C:\\mof
"""


def test_a_configuration_is_read_as_statements_of_keywords() -> None:
    tree = parse(_CONFIGURATION)
    found = [node for node in descendants(tree) if type(node).__name__ == "DynamicKeywordStatement"]
    names = [node.keyword for node in found]  # type: ignore[attr-defined]
    assert names == ["Settings", "node", "File", "Script", "xFirewall", "MSFT_Thing", "WindowsFeature"]
    assert "ConfigurationDefinition" in tree_text(tree)


def test_outside_a_configuration_the_same_words_are_commands() -> None:
    assert "DynamicKeyword" not in tree_text(parse("File Marker { Contents }"))


def test_powershell_7_on_linux_has_no_configurations() -> None:
    assert [error.error_id for error in parse_with_errors("configuration A { }", language="7")[1]] == [
        "UnsupportedConfiguration"
    ]


@pytest.mark.parametrize("keyword", ["function", "filter", "workflow"])
def test_empty_parentheses_after_a_name_leave_room_for_a_param_block(keyword: str) -> None:
    """cases/powershell s01 and s03."""
    tree = parse(f"{keyword} Get-Port() {{ param($Number = 80) $Number }}")
    assert tree.end is not None


def test_parameters_after_the_name_and_a_param_block_are_one_too_many() -> None:
    _, errors = parse_with_errors("function f($a) { param($b) }")
    assert [error.error_id for error in errors] == ["OnlyOneParameterListAllowed"]


def test_a_workflow_is_read_by_windows_powershell_only() -> None:
    text = "workflow Test-It { parallel { Get-Process } sequence { Get-Service } InlineScript { 1 } }"
    parse(text)
    assert parse_with_errors(text, language="7")[1][0].error_id == "WorkflowNotSupportedInPowerShellCore"


@pytest.mark.parametrize("name", ["Generic.List[string]", "Specialized.OrderedDictionary", "ArrayList"])
def test_a_partial_name_below_a_used_namespace_is_a_type(name: str) -> None:
    """cases/powershell s06."""
    parse(f"using namespace System.Collections\nclass A {{ [{name}] $B }}")
