"""Write docs/evidence.md from what the lab's rules rest on: ``python tools/evidence.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from reality import claims

from psnet.lab.evidence import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "evidence.md"
_HEAD: Final = """\
# What the lab rests on

The simulated hosts behave as recorded Windows hosts did. Each rule of the host model names its evidence: a claim or a
record of `tests/reality/` (its README says what they are), a page of Microsoft's documentation, a source, or the word
guess: what nobody outside has settled yet ([you can](record.md)). Written by `python tools/evidence.py`; a test holds
that it is current and that no rule of the code is missing.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    found = rules()
    guesses = sum(rule.guessed for rule in found)
    yield f"{len(found)} rules; {guesses} of them are guesses."
    for area in dict.fromkeys(rule.area for rule in found):
        yield from ("", f"## {area}", "", "| rule | builds | rests on |", "|---|---|---|")
        for rule in found:
            if rule.area == area:
                bases = ", ".join("**guess**" if base == "guess" else base for base in rule.rests_on)
                yield f"| {_cell(rule.rule)} (`{rule.id}`) | {_cell(rule.builds)} | {_cell(bases)} |"
    for title, reasons in (("Claims that are not followed", claims.argued()), ("Claims that wait", claims.pending())):
        if reasons:
            yield from ("", f"## {title}", "", "| claim | says | strength | why |", "|---|---|---|---|")
            for name, reason in reasons.items():
                one = claims.claims()[name]
                yield f"| {name} | {_cell(one['claim'])} | {one['strength']} | {_cell(reason)} |"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    if "--check" in sys.argv:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
