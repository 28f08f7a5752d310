"""Every recorded text gives the tree, or the refusals, that the real engine gave."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from oracle_data import ROOT, cases

from psnet.powershell.syntax import ParseErrors, parse, tree_or_errors

ALL = cases("syntax.yaml")
TREES = [case for case in ALL if "tree" in case]
REFUSALS = [case for case in ALL if "errors" in case]
BOTH = [case for case in ALL if "only" not in case]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"()\[\]]+|[()\[\]]')


def tokens(tree: str) -> list[str]:
    return [json.loads(token) if token[0] == '"' else token for token in TOKEN.findall(tree)]


def refusals(text: str, language: Any) -> list[list[Any]]:
    shown, valid = tree_or_errors(text, language)
    assert not valid, shown
    return [json.loads(line) for line in shown.splitlines()]


@pytest.mark.parametrize("case", TREES, ids=lambda case: case["id"])
def test_a_valid_text_gives_the_recorded_tree(case: dict[str, Any]) -> None:
    shown, valid = tree_or_errors(case["text"], "7")
    assert valid, shown
    assert tokens(shown) == tokens(case["tree"])


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["id"])
def test_an_invalid_text_gives_the_recorded_refusals(case: dict[str, Any]) -> None:
    assert refusals(case["text"], "7") == case["errors"]


@pytest.mark.parametrize("case", BOTH, ids=lambda case: case["id"])
def test_windows_powershell_reads_the_common_language_in_the_same_way(case: dict[str, Any]) -> None:
    if "tree" in case:
        shown, valid = tree_or_errors(case["text"])
        assert valid, shown
        assert tokens(shown) == tokens(case["tree"])
    else:
        assert refusals(case["text"], "5.1")[0] == case["errors"][0]


@pytest.mark.parametrize("case", [case for case in TREES if "only" in case], ids=lambda case: case["id"])
def test_windows_powershell_does_not_take_the_syntax_of_7(case: dict[str, Any]) -> None:
    shown, valid = tree_or_errors(case["text"], "5.1")
    assert not valid or tokens(shown) != tokens(case["tree"])


@pytest.mark.parametrize("case", [case for case in ALL if "requires" in case], ids=lambda case: case["id"])
def test_requires_lines_are_read(case: dict[str, Any]) -> None:
    found = parse(case["text"]).requires
    assert found is not None
    shown: dict[str, Any] = {"version": found.version, "editions": list(found.editions)}
    fields = {"version": "ModuleVersion", "required_version": "RequiredVersion"}
    shown["modules"] = [
        {"name": one.name} | {key: getattr(one, name) for name, key in fields.items() if getattr(one, name)}
        for one in found.modules
    ]
    shown |= {"elevated": found.elevated, "shell_id": found.shell_id}
    expected = {key: value for key, value in case["requires"].items() if key in shown}
    assert expected
    assert {key: shown[key] for key in expected} == expected


def test_the_conformance_page_says_what_is_so() -> None:
    def right(case: dict[str, Any]) -> bool:
        shown, valid = tree_or_errors(case["text"], "7")
        if "tree" in case:
            return valid and tokens(shown) == tokens(case["tree"])
        return not valid and [json.loads(line) for line in shown.splitlines()] == case["errors"]

    page = (ROOT / "docs" / "lab-conformance-syntax.md").read_text(encoding="utf-8")
    missed = [case["id"] for case in ALL if not right(case)]
    assert re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE) == missed
    trees = sum(case["id"] not in missed for case in TREES)
    refused = sum(case["id"] not in missed for case in REFUSALS)
    assert f"{trees} of {len(TREES)} trees" in page
    assert f"{refused} of {len(REFUSALS)} refusals" in page


def test_parse_raises_with_every_refusal() -> None:
    with pytest.raises(ParseErrors) as caught:
        parse("if $a { 1 }\n$b[", file="x.ps1")
    assert [(one.error_id, one.start) for one in caught.value.errors] == [
        ("MissingOpenParenthesisInIfStatement", 2),
        ("UnexpectedToken", 6),
        ("MissingArrayIndexExpression", 15),
    ]
    assert str(caught.value).startswith("x.ps1:1:3: ")
