"""Texts near the recorded ones: what the grammar of the engine makes of them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from psnet.lab import values
from psnet.powershell.syntax import ast, parse, tree_or_errors

REFUSED = """
$a[                                   | MissingArrayIndexExpression 3
$a.b(1                                | MissingEndParenthesisInMethodCall 6
[int]::                               | MissingPropertyName 7
[a,]                                  | MissingAssemblyNameSpecification 3
[a[b,c]                               | EndSquareBracketExpectedAtEndOfAttribute 7
@(1                                   | MissingEndParenthesisInSubexpression 4
if (1) {} else                        | MissingStatementBlockAfterElse 14
while (1)                             | MissingLoopStatement 9
do {} until (1                        | MissingEndParenthesisAfterStatement 14
for (;;                               | MissingEndParenthesisAfterStatement 7
foreach ($a in                        | MissingForeachExpression 14
foreach (1 in 2) { }                  | MissingVariableNameAfterForeach 9
foreach -parallel ($a in 1) { }       | KeywordParameterReservedForFutureUse 0
switch -file                          | MissingFilenameOption 12
switch (1) { 1 }                      | MissingSwitchStatementClause 14
try { } catch [int], { }              | MissingTypeLiteralToken 20
try { } finally                       | MissingFinallyStatementBlock 15
try { } catch [IO.IOException] { } catch [IO.FileNotFoundException] { } | ExceptionTypeAlreadyCaught 41
while (1) { try { } finally { continue } }  | ControlLeavingFinally 30
begin { } begin { }                   | DuplicateScriptCommandClause 10
param([int])                          | InvalidFunctionParameter 11
[int]param($a)                        | TypeNotAllowedBeforeParam 0
function { }                          | MissingNameAfterKeyword 8
function f($a, [void]$b) { }          | VoidTypeConstraintNotAllowed 15
Get-A -Name:                          | ParameterRequiresArgument 12
Get-A <a                              | RedirectionNotSupported 6
Get-A 1>&1                            | RedirectionNotSupported 6
Get-A 2>&1 2>x                        | StreamAlreadyRedirected 11
$a = @b                               | SplattingNotPermitted 5
$a += 1, 2 = 3                        | InvalidLeftHandSide 6
($a + 1) = 2                          | InvalidLeftHandSide 1
$a, ($b, 1) = 2                       | InvalidLeftHandSide 9
[ref][int]$x = 1                      | ReferenceNeedsToBeByItselfInTypeConstraint 0
[int][ref]$x                          | ReferenceNeedsToBeLastTypeInTypeConversion 5
[string]$args = 1                     | AssignmentStatementToAutomaticNotSupported 0
$using:a.b()                          | InvalidUsingExpression 0
@{ 1 = 1; '1' = 2 }                   | DuplicateKeyInHashLiteral 10
"${a                                  | IncompleteDollarVariableReference 2
"$(1                                  | IncompleteDollarSubexpressionReference 1
${a{b}                                | OpenBraceNeedsToBeBackTickedInVariableName 4
$x = 0xFFFFFFFFFFFFFFFFF              | BadNumericConstant 24
data { $x }                           | VariableReferenceNotSupportedInDataSection 7
data { 1..3 }                         | OperatorNotSupportedInDataSection 8
data { [foo]1 }                       | TypeNotAllowedInDataSection 7
data { 'a'.Length }                   | PropertyReferenceNotSupportedInDataSection 7
using namespace A = B                 | UsingStatementNotSupported 0
using command a                       | MissingEqualsInUsingAlias 15
using module x*                       | WildCardModuleNameError 0
#requires -Modules @{ a = 1 }         | RequiresModuleInvalid 19
#requires -PSEdition Home             | RequiresPSEditionInvalid 21
#requires now                         | ScriptRequiresInvalidFormat 10
#requires -RunAsAdministrator yes     | ParameterCannotHaveArgument 10
class A { [int] M() { if ($true) { return 1 } } }  | MethodHasCodePathNotReturn 16
class A { [int] M() { return $y } }   | VariableNotLocal 29
class A { [int] A() { return 1 } }    | ConstructorCantHaveReturnType 10
class A { [int] $x; [void] M() { $x = 1 } }   | MissingThis 33
class A { static [int] M() { return $this.x } }  | NonStaticMemberAccessInStaticMember 36
class A { [NoSuchType] $x }           | TypeNotFound 11
class A { [NoSuch()] $x }             | CustomAttributeTypeNotFound 11
class A { static static $x }          | DuplicateQualifier 17
class A { $x $y }                     | MissingPropertyTerminator 12
class A { [void] M() { break foo } }  | LabelNotFound 23
enum A : string { X }                 | InvalidUnderlyingType 9
enum A { X = }                        | ExpectedValueExpression 12
parallel { 1 }                        | UnexpectedKeyword 0
"""

READ = """
class A { [int] M([int]$y) { foreach ($i in 1..3) { return $i } throw 'x' } }
class A { [int] M() { switch (1) { 1 { return 1 } default { return 2 } } return 3 } }
class A { [int] M() { while ($true) { if ($this.x) { return 1 } } return 0 } [int] $x }
class A { [string] M() { $s = "$($this.x)"; return { $unknown } } $x }
class A { [int] M() { try { return 1 } catch { throw } } }
$a?.b = 1
[ref]$x
while (1) { try { } finally { while (1) { break } } }
try { } catch [IO.FileNotFoundException] { } catch [IO.IOException] { } catch { }
data { @{ a = 'x'; b = 1, 2 }; ConvertFrom-StringData 'a=b' }
function f { param([ValidateScript({ $_ })] $x = $(1), [Parameter(Position = 0)] $y) }
"""

ROWS = [row.rsplit("|", 1) for row in REFUSED.strip().splitlines()]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[row[0].strip() for row in ROWS])
def test_what_the_engine_refuses_is_refused_where_it_refuses_it(text: str, expected: str) -> None:
    error_id, start = expected.split()
    shown, valid = tree_or_errors(text.rstrip())
    assert not valid
    assert json.loads(shown.splitlines()[0]) == [error_id, int(start)]


@pytest.mark.parametrize("text", READ.strip().splitlines())
def test_what_the_engine_accepts_is_read(text: str) -> None:
    shown, valid = tree_or_errors(text)
    assert valid, shown


NUMBERS: list[tuple[str, Any]] = [
    ("2147483647", 2147483647),
    ("2147483648", values.Int64(2147483648)),
    ("9223372036854775808", Decimal(9223372036854775808)),
    ("79228162514264337593543950336", 79228162514264337593543950336.0),
    ("0xFFFFFFFF", -1),
    ("0x80000000", -2147483648),
    ("0x100000000", values.Int64(4294967296)),
    ("0xFFFFFFFFFFFFFFFF", values.Int64(-1)),
    ("0x0000000000000001", values.Int64(1)),
    ("1.50d", Decimal("1.50")),
    ("1e3d", Decimal(1000)),
    ("1.5l", values.Int64(2)),
    ("2kb", 2048),
    ("1.5mb", 1572864.0),
    ("4gb", values.Int64(4294967296)),
    ("-1", -1),
    ("+1", 1),
    (".5", 0.5),
    ("1e\u20132", 0.01),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_has_the_type_and_value_of_net(text: str, value: Any) -> None:
    constant = expression(text)
    assert isinstance(constant, ast.ConstantExpression)
    assert type(constant.value) is type(value)
    assert str(constant.value) == str(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1n", values.BigInteger(1)), ("200uy", values.Byte(200)), ("0b101", 5), ("5us", values.UInt16(5))],
)
def test_only_7_has_the_newer_numbers(text: str, value: Any) -> None:
    assert type(expression(text, "7").value) is type(value)
    assert expression(text, "7").value == value
    assert isinstance(parse(text).end_block.statements[0].elements[0], ast.Command)  # type: ignore[union-attr,attr-defined]


def expression(text: str, language: Any = "5.1") -> Any:
    block = parse(text, language=language).end_block
    assert block is not None
    element = block.statements[0].elements[0]  # type: ignore[attr-defined]
    assert isinstance(element, ast.CommandExpression), text
    return element.expression


def test_the_pieces_of_a_string_are_its_texts_and_nodes_in_order() -> None:
    node = expression('"a`t$b c$($d.e)${f g}`$h"')
    assert isinstance(node, ast.ExpandableStringExpression)
    kinds = [piece if isinstance(piece, str) else type(piece).__name__ for piece in node.pieces]
    assert kinds == [
        "a\t",
        "VariableExpression",
        " c",
        "SubExpression",
        "VariableExpression",
        "$h",
    ]
    assert [piece for piece in node.pieces if not isinstance(piece, str)] == list(node.nested)


def test_doubled_quotes_in_a_subexpression_keep_offsets_in_the_whole_text() -> None:
    text = '"x$(Get-A ""b c"" d)"'
    sub = expression(text).nested[0]
    command = sub.body.statements[0].elements[0]
    assert [text[one.start : one.end] for one in command.elements] == ["Get-A", '""b c""', "d"]
    assert command.elements[1].value == "b c"


def test_typographic_quotes_and_dashes_count_as_plain_ones() -> None:
    assert expression("\u2018it\u2019").value == "it"
    assert expression("\u201ca\u201d").value == "a"
    assert expression("$a \u2013eq 1").operator == "Ieq"
    assert expression("3 \u2014 1").operator == "Minus"
