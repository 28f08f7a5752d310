"""No value leaves its literal."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from psnet.errors import RenderError
from psnet.powershell import Raw, Templates, literal
from psnet.powershell.literal import arguments
from psnet.powershell.syntax import parse
from psnet.powershell.syntax.ast import CommandExpression, Pipeline, StringConstantExpression
from psnet.types import Mode

HOSTILE = [
    "'; Remove-Item C:\\ -Recurse #",
    "’; Remove-Item C:\\ -Recurse #",
    "$(Get-Date) `$(x) ${env:PATH}",
    'a"b“c”d„e',
    "line\r\nRemove-Item\n`",
    "\0\a\b\t\v\f\x1b\x7f",
    "“$(whoami)\n”",
    "#>\n@'\n'@\n\"@",
    "🙂" * 3,
    "‘’‚‛",
    "--%",
    "",
]


def only_string(script: str) -> StringConstantExpression:
    tree = parse(script)
    assert tree.end_block is not None
    (statement,) = tree.end_block.statements
    assert isinstance(statement, Pipeline)
    (element,) = statement.elements
    assert isinstance(element, CommandExpression)
    assert isinstance(element.expression, StringConstantExpression)
    return element.expression


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("'")
@example("‘")
def test_any_string_is_one_constant_with_the_same_value(value: str) -> None:
    assert only_string(literal(value)).value == value


@pytest.mark.parametrize("value", [*HOSTILE, "x" * 10_000])
def test_hostile_strings_stay_inside_a_command_too(value: str) -> None:
    assert only_string(literal(value)).value == value
    tree = parse(f"New-NetFirewallRule -DisplayName {literal(value)} -Enabled True\n")
    assert tree.end_block is not None
    (statement,) = tree.end_block.statements
    assert isinstance(statement, Pipeline)
    assert len(statement.elements) == 1
    elements = statement.elements[0].elements  # type: ignore[attr-defined]
    assert [type(item).__name__ for item in elements] == [
        "StringConstantExpression",
        "CommandParameter",
        "StringConstantExpression",
        "CommandParameter",
        "StringConstantExpression",
    ]
    assert elements[2].value == value


def test_a_value_in_a_comment_stays_on_its_line() -> None:
    tree = parse(f"# {literal('a' + chr(10) + 'Remove-Item x')}\n'done'")
    assert tree.end_block is not None
    assert len(tree.end_block.statements) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "$null"),
        (True, "$true"),
        (False, "$false"),
        (80, "80"),
        (-1, "(-1)"),
        (2**31, "2147483648L"),
        (["a", 1], "@('a', 1)"),
        ((), "@()"),
        ({}, "[ordered]@{}"),
        ({"a b": [True]}, "[ordered]@{ 'a b' = @($true) }"),
        (ip_address("10.0.0.1"), "'10.0.0.1'"),
        (ip_network("10.0.0.0/8"), "'10.0.0.0/8'"),
        (Mode.NAT, "'nat'"),
        ("it's", "'it''s'"),
        ("a\n`$b", '"a`n```$b"'),
    ],
)
def test_values_have_the_literal_that_an_administrator_would_write(value: object, text: str) -> None:
    assert literal(value) == text


@pytest.mark.parametrize("value", [SecretStr("x"), b"x", object(), 2**64, "\ud800", {1: 2}, 1.5, {"a": SecretStr("x")}])
def test_what_has_no_safe_literal_is_refused(value: object) -> None:
    with pytest.raises(RenderError):
        literal(value)


def test_a_parameter_name_is_never_free_text() -> None:
    assert arguments({"Name": "x", "Force": True}) == "-Name 'x' -Force:$true"
    with pytest.raises(RenderError, match="parameter name"):
        arguments({"Name; Remove-Item": "x"})


def test_a_missing_value_names_the_template() -> None:
    with pytest.raises(RenderError, match=r"firewall_rule/any/remove\.ps1\.j2.*name"):
        Templates().render("firewall_rule/any/remove.ps1.j2")


def test_raw_is_the_only_way_round() -> None:
    assert literal(Raw("$x")) == "$x"
    assert literal(str(Raw("$x"))) == "'$x'"
