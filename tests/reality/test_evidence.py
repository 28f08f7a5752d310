"""Every rule of the host model says what it rests on."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from psnet.errors import LabError
from psnet.lab import evidence
from reality import claims, markers
from reality.records import records

ROOT = Path(__file__).resolve().parents[2]
DOCS = runpy.run_path(str(ROOT / "tools" / "evidence.py"))


def test_markers_and_entries_answer_each_other() -> None:
    marked, entries = set(markers.markers()), {rule.id for rule in evidence.rules()}
    assert not marked - entries, "a marker without an entry"
    assert not entries - marked, "an entry without a marker"


def test_every_refusal_of_the_host_model_names_its_rule() -> None:
    assert markers.unmarked_refusals() == []


def test_evidence_names_claims_and_records_that_exist() -> None:
    cited = {word for item in claims.claims().values() for word in map(str, item["sources"])}
    cited |= {str(word) for item in claims.claims().values() for word in (item.get("later") or {}).get("sources", ())}
    known = {f"claim {item}" for item in claims.claims()} | {f"record {item}" for item in {*records(), *cited}}
    for rule in evidence.rules():
        for base in rule.rests_on:
            assert base in known or base.split()[0] in ("page", "source", "guess"), f"{rule.id}: {base}"


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8") == DOCS["page"]()


@pytest.mark.parametrize(
    "text",
    [
        "- {id: a, rule: b, builds: all}",
        "- {id: a, rule: b, builds: all, rests_on: guess}",
        "- {id: a, rule: b, builds: all, rests_on: [hearsay]}",
        "- {id: A B, rule: b, builds: all, rests_on: [guess]}",
    ],
)
def test_an_entry_in_the_wrong_form_is_named(text: str) -> None:
    with pytest.raises(LabError, match=r"area\.yaml"):
        list(evidence.read_rules("area.yaml", text))
