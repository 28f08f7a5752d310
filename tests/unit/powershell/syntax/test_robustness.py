"""No text makes the parser fail in any other way than by refusing the text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle_data import ROOT, cases
from sampling import examples

from psnet.powershell.syntax import ParseErrors, line_and_column, line_starts, parse, tree_or_errors, tree_text

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = [case["text"] for case in cases("syntax.yaml")]
SIGNS = "{}()[]$@\"'`#<>|&;,.:?!-+*/=%\n\r\t \0abcxyz019_\u2019\u201c\u2013\U0001f600\\~^"
PARTS = [
    "$(", "@{", "@(", '"$(', '@"\n', '\n"@', "@'\n", "\n'@", "<#", "#>", "class A {", "if(",
    "switch(", "[int", "::", "?.", "??", "&&", "--%", "-eq", "2>&1", "try {", "} catch",
    "foreach ($a in", "data {", "#requires ", "`u{", "${", "trap", "begin {", "[Parameter(", "return",
    "static", "enum E {", "using module", "1e", "0x",
]  # fmt: skip
LANGUAGES = st.sampled_from(["5.1", "7"])
QUICK = settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(text: str, language: Any) -> None:
    began = time.process_time()
    try:
        tree = parse(text, language=language)
    except ParseErrors as refused:
        assert all(0 <= one.start <= len(text) + 1 for one in refused.errors)  # noqa: PT017 - what is refused varies
    else:
        assert tree_text(tree).startswith(f"(ScriptBlock 0-{len(text)}")
    assert time.process_time() - began < 2


@QUICK
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 6), st.sampled_from([*SIGNS, *PARTS, ""])),
        min_size=1,
        max_size=4,
    ),
    LANGUAGES,
)
def test_a_changed_text_is_read_or_refused(text: str, changes: list[tuple[int, int, str]], language: str) -> None:
    for place, removed, added in changes:
        at = min(place, len(text))
        text = text[:at] + added + text[at + removed :]
    survives(text, language)


@QUICK
@given(st.lists(st.sampled_from([*SIGNS, *PARTS]), max_size=40).map("".join), LANGUAGES)
def test_any_text_is_read_or_refused(text: str, language: str) -> None:
    survives(text, language)


DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "1" + ")" * n,
    "open parentheses": lambda n: "(" * n,
    "script blocks": lambda n: "{" * n + "}" * n,
    "subexpressions": lambda n: "$(" * n + ")" * n,
    "strings": lambda n: '"$(' * n + ')"' * n,
    "statements": lambda n: "if (1) {" * n + "}" * n,
    "hashtables": lambda n: "@{ a = " * n + "1" + "}" * n,
    "unary operators": lambda n: "!" * n + "1",
    "binary operators": lambda n: "1" + " + 1" * n,
    "casts": lambda n: "[int]" * n + "1",
    "members": lambda n: "$a" + ".b" * n,
    "type arguments": lambda n: "[a" + "[a" * n + "]" * n + "]",
    "assignments": lambda n: "$a = " * n + "1",
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_nesting_is_read_or_refused_cleanly(kind: str, depth: int) -> None:
    shown, valid = tree_or_errors(DEEP[kind](depth), "7")
    if depth == 50:
        assert valid or kind == "open parentheses"
    else:
        assert valid or "ScriptTooComplicated" in shown or kind == "open parentheses"


def test_a_script_of_a_thousand_lines_is_read_quickly() -> None:
    line = "$result = Get-NetNat -Name 'n1' | Where-Object { $_.Active -eq $true -and $x.Count[0] -gt 5 } # c\n"
    function = f'function Get-It {{\n    param([string] $Name = "a$b", [int[]] $Ids)\n{line * 7}}}\n'
    script = function * 100
    began = time.process_time()
    parse(script)
    assert script.count("\n") == 1000
    assert time.process_time() - began < 1.5


def test_every_script_of_the_project_is_valid_in_windows_powershell() -> None:
    scripts = [
        path
        for folder in ("templates", "dsc")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".ps1", ".psm1", ".psd1"}
    ]
    for script in scripts:
        parse(script.read_text(encoding="utf-8-sig"), file=str(script.relative_to(ROOT)))


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [("ab", 0, (1, 1)), ("a\nb", 2, (2, 1)), ("a\r\nbc", 4, (2, 2)), ("a\rb", 2, (2, 1)), ("a\n", 2, (2, 1))],
)
def test_offsets_become_lines_and_columns(text: str, offset: int, place: tuple[int, int]) -> None:
    assert line_and_column(text, offset) == place
    assert line_starts(text)[place[0] - 1] == offset - place[1] + 1


@QUICK
@given(st.binary(max_size=200), LANGUAGES)
def test_random_bytes_are_read_or_refused(raw: bytes, language: str) -> None:
    survives(raw.decode("utf-8", "replace"), language)
    survives(raw.decode("latin-1"), language)
