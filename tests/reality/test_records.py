"""The lab answers as recorded hosts did."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from reality import compare
from reality.records import records

DIFFERING = yaml.safe_load((Path(__file__).parent / "differing.yaml").read_text(encoding="utf-8")) or {}


@pytest.mark.parametrize("identifier", [item for item in compare.situations() if item not in DIFFERING])
def test_the_lab_answers_as_recorded(identifier: str) -> None:
    assert [str(item) for item in compare.compared(identifier)] == []


@pytest.mark.parametrize("identifier", DIFFERING)
def test_a_record_that_the_lab_agrees_with_is_no_longer_listed_as_differing(identifier: str) -> None:
    assert compare.compared(identifier), f"{identifier} agrees now: take it out of differing.yaml"


def test_most_of_what_can_be_compared_agrees() -> None:
    assert len(DIFFERING) <= 0.05 * len(compare.situations())


def test_every_record_of_the_labs_builds_is_compared_or_says_why_not() -> None:
    known = {*compare.situations(), *compare.unasked()}
    assert [item for item in compare.of_the_labs_builds() if item not in known] == []
    assert not set(compare.situations()) & set(compare.unasked())
    assert not known - set(records())
