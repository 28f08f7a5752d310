"""Write docs/documents.md from psnet/planning/documents.yaml: ``python tools/document_pages.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "psnet" / "planning" / "documents.yaml"
PAGE = ROOT / "docs" / "documents.md"
SENT = ROOT / "tests" / "unit" / "planning" / "scripts"


def table() -> dict[str, dict[str, list[str]]]:
    """Return the sources of each document's fields; ``_`` stands for the fields that are not named."""
    found: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def sources(document: str, field: str) -> list[str]:
    """Return what a field rests on, empty when the table does not say."""
    fields = table().get(document, {})
    return fields.get(field) or fields.get("_") or []


def page(sent: set[tuple[str, str]]) -> str:
    """Return the page: each field that scripts send, and what it rests on."""
    lines = [
        "# What is sent, and what it rests on",
        "",
        "<!-- written by tools/document_pages.py from psnet/planning/documents.yaml -->",
        "",
        "Every field of every document that psnet's scripts send to HNS, HCN, docker or CNI, and the source that says",
        "so: a claim or record of the lab's [evidence](evidence.md), a page of Microsoft, a file of public code that",
        "sends it, or the word guess. The fields are those of the exact scripts in `tests/unit/planning/scripts`,",
        "which hold every kind through every backend; a field without a source fails a test. HNS documents are of v1",
        "(`HNSCall`), HCN documents those of v2 (`computenetwork.dll`).",
    ]
    for document in sorted({name for name, _ in sent}):
        lines += ["", f"## {document}", "", "| field | rests on |", "|---|---|"]
        fields = sorted(field for name, field in sent if name == document)
        lines += [f"| `{field}` | {'; '.join(sources(document, field))} |" for field in fields]
    return "\n".join(lines) + "\n"


def sent() -> set[tuple[str, str]]:
    """Return what the exact scripts send."""
    sys.path.insert(0, str(ROOT / "tests"))
    from sent_fields import sent_fields  # noqa: PLC0415 - the tests' reader of scripts

    return {pair for path in SENT.glob("*.ps1") for pair in sent_fields(path.read_text(encoding="utf-8"))}


def main() -> int:
    """Write the page, or with --check say that it is out of date."""
    text = page(sent())
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text
        if stale:
            sys.stderr.write(f"{PAGE.relative_to(ROOT)} is out of date: run python tools/document_pages.py\n")
        return int(stale)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
