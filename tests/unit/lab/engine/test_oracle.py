"""The engine does with every recorded script what the real one did; docs/lab-conformance-engine.md has the rest."""

from __future__ import annotations

import re
from typing import Any

import pytest
from generated_scripts import generated
from oracle_data import ROOT, cases
from oracle_runs import binding, clixml, languages, semantics
from sampling import every

PAGE = (ROOT / "docs" / "lab-conformance-engine.md").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE))


def runs(name: str, *, both: bool = True) -> list[Any]:
    """Return a file's cases in their languages; without ``both`` one of the two, in turn, is the sweep's."""
    return [
        pytest.param(case, language, id=f"{case['id']}-{language}", marks=() if both or shown else pytest.mark.sweep)
        for place, case in enumerate(cases(name))
        for number, language in enumerate(languages(case))
        for shown in [number == place % len(languages(case))]
    ]


@pytest.mark.parametrize(("case", "language"), runs("semantics.yaml", both=False))
def test_a_script_does_what_was_recorded(case: dict[str, Any], language: str) -> None:
    assert semantics(case, language) == ""


@pytest.mark.parametrize(
    ("case", "language"), [*runs("semantics-2.yaml", both=False), *runs("semantics-3.yaml", both=False)]
)
def test_what_administrators_write_does_what_was_recorded_or_is_refused(case: dict[str, Any], language: str) -> None:
    different = semantics(case, language)
    # What is wrong is on the page; a refusal is allowed, and the page's figures count it.
    assert not different or different.startswith("unsupported:") or case["id"] in KNOWN, different


@pytest.mark.parametrize("language", ["5.1", "7"])
@pytest.mark.parametrize("case", every(10, generated()))
def test_a_generated_script_gives_what_python_works_out(case: dict[str, Any], language: str) -> None:
    assert semantics(case, language) == ""


@pytest.mark.parametrize(("case", "language"), runs("binding.yaml", both=False))
def test_parameters_bind_as_was_recorded(case: dict[str, Any], language: str) -> None:
    assert binding(case, language) == ""


@pytest.mark.parametrize("case", cases("clixml.yaml"), ids=lambda case: case["id"])
def test_values_are_serialised_as_was_recorded(case: dict[str, Any]) -> None:
    different = clixml(case)
    # The page names what is not reached; a case that is reached has to leave it.
    assert bool(different) == (case["id"] in KNOWN), different


def test_the_page_names_recorded_cases_only() -> None:
    names = ("clixml.yaml", "semantics-2.yaml", "semantics-3.yaml")
    assert {case["id"] for name in names for case in cases(name)} >= KNOWN
