"""Write what is said of every verb to programs: ``python tools/verb_docs.py [--check]``.

docs/reference/json.md and docs/reference/schemas/ from psnet/cli/schemas, docs/reference/exit-codes.md from
psnet/cli/exit_codes.py.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from psnet.cli.exit_codes import EXIT_CODES, MEANING
from psnet.cli.schemas import ANSWERS, verb_schema
from psnet.inventories.schema import inventory_schema
from psnet.site.schema import site_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
FORMS = {"document": "one document", "lines": "[events](../events.md), one a line", "play": "events of its own"}


def pages() -> dict[Path, str]:
    """Return every file with its text."""
    schemas = {"site": site_schema(), "inventory": inventory_schema()}
    schemas |= {file_of(verb): verb_schema(verb) for verb in ANSWERS}
    return {
        REFERENCE / "json.md": "\n".join(_json_page()) + "\n",
        REFERENCE / "exit-codes.md": "\n".join(_codes_page()) + "\n",
        **{REFERENCE / "schemas" / f"{name}.json": _document(made) for name, made in schemas.items()},
    }


def file_of(verb: str) -> str:
    """Return the name of a verb's schema."""
    return verb.replace(" ", "-")


def _document(made: object) -> str:
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _json_page() -> Iterator[str]:
    yield from [
        "# What `--json` prints",
        "",
        "<!-- written by tools/verb_docs.py from psnet/cli/schemas -->",
        "",
        "Standard output is JSON and nothing else; what people need is on standard error. `psnet schema VERB`",
        "prints the JSON Schema (draft 2020-12) of what a verb prints, `psnet schema` and `psnet schema inventory`",
        "those of the files that you write: [site](schemas/site.json), [inventory](schemas/inventory.json).",
        "",
        "A verb prints one document, or [events](../events.md), one a line, as they happen; `result` of",
        "`host_finished` is what the table says. A command that ends with an error prints that in the place of its",
        'document, or behind its lines: `{"error": {"kind", "message", "step", "remedy", "error_id", "problems"}}`.',
        "The [exit code](exit-codes.md) is the same with and without `--json`.",
        "",
        "| verb | prints | what | schema |",
        "|---|---|---|---|",
    ]
    for verb, answer in sorted(ANSWERS.items()):
        option = "" if verb == "runs export" else " --json"
        link = f"[{file_of(verb)}.json](schemas/{file_of(verb)}.json)"
        yield f"| `psnet {verb}{option}` | {FORMS[answer.form]} | {answer.about} | {link} |"


def _codes_page() -> Iterator[str]:
    yield from [
        "# Exit codes",
        "",
        "<!-- written by tools/verb_docs.py from psnet/cli/exit_codes.py -->",
        "",
        "| code | means |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in MEANING.items()),
        "",
        "Of several hosts the worst counts: 1 before 4 before 3. A file that psnet is to write is tried before",
        "anything is sent: what cannot be written is bad input. A journal that cannot be written, and standard",
        "output that nobody reads, end a command with 1. `psnet play` has the exit codes of Ansible.",
        "",
        "| verb | code | when |",
        "|---|---|---|",
    ]
    for verb, codes in EXIT_CODES.items():
        for number, (code, when) in enumerate(codes.items()):
            yield f"| {f'`{verb}`' if number == 0 else ''} | {code} | {when} |"


def main() -> int:
    """Write the files, or with --check say which are out of date."""
    stale = []
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if "--check" not in sys.argv[1:]:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv[1:] and stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.stderr.write(f"out of date: {names}: run python tools/verb_docs.py\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
