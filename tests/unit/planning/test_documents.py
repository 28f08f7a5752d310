"""Each field that a script sends says what it rests on; docs/documents.md is written from the same table."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from sent_fields import sent_fields

ROOT = Path(__file__).resolve().parents[3]
PAGES: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools" / "document_pages.py"))
WORDS = ("claim ", "record ", "page ", "source ")


@cache
def sent() -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = PAGES["sent"]()
    return frozenset(found)


def test_every_field_that_is_sent_has_a_source() -> None:
    assert [pair for pair in sorted(sent()) if not PAGES["sources"](*pair)] == []


def test_the_table_names_only_what_is_sent() -> None:
    named = {(name, field) for name, fields in PAGES["table"]().items() for field in fields if field != "_"}
    assert named - sent() == set()
    assert set(PAGES["table"]()) == {name for name, _ in sent()}


def test_a_source_is_a_claim_a_record_a_page_a_file_or_a_guess() -> None:
    said = {word for fields in PAGES["table"]().values() for words in fields.values() for word in words}
    assert [word for word in said if word != "guess" and not word.startswith(WORDS)] == []


def test_the_page_is_current() -> None:
    text = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
    assert text == PAGES["page"](set(sent())), "run python tools/document_pages.py"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "$network = [ordered]@{ Name = 'x'; Subnets = @([ordered]@{ AddressPrefix = 'p' }) }",
            {"Subnets.AddressPrefix"},
        ),
        ("$status = @{ Name = 1 }", set()),
    ],
)
def test_fields_are_read_from_the_tree(script: str, expected: set[str]) -> None:
    assert expected <= {field for _, field in sent_fields(script)}
