"""Print how far the lab agrees with recorded reality (``make conformance``).

Its engine is held against the recorded output of a real one, its hosts against the answers of real hosts;
``--hosts`` prints the second alone.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from generated_scripts import generated
from oracle_data import cases
from oracle_runs import binding, clixml, languages, semantics
from reality import report
from rich.console import Console
from rich.table import Table

from psnet.powershell.syntax import tree_or_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"()\[\]]+|[()\[\]]')


def syntax(case: dict[str, Any]) -> str:
    """Compare a tree token by token, or every refusal with its offset."""
    shown, valid = tree_or_errors(case["text"], "7")
    if "tree" in case:
        same = valid and TOKEN.findall(shown) == TOKEN.findall(case["tree"])
    else:
        same = not valid and [json.loads(line) for line in shown.splitlines()] == case["errors"]
    return "" if same else "wrong: the reading differs"


def runs(name: str, run: Any) -> Iterable[tuple[str, str]]:
    """Run the cases of a file in every language in which their result is known."""
    for case in cases(name):
        for language in languages(case):
            yield f"{case['id']} ({language})", _answer(run, case, language)


def _answer(run: Any, *given: Any) -> str:
    """Run a case; an engine that ends with an error of its own is silently wrong, and the table goes on."""
    try:
        return str(run(*given))
    except Exception as crash:  # noqa: BLE001 - whatever it is, it is counted and shown
        return f"wrong: the engine ended with {type(crash).__name__}: {crash}"


def main() -> int:
    """Print both parts; the exit code is 1 when an answer is wrong."""
    console = Console()
    wrong = 0 if "--hosts" in sys.argv else engine(console)
    return max(wrong, report.hosts(console))


def engine(console: Console) -> int:
    """Print the table of the engine and what is not reached; 1 when an answer is wrong."""
    table = Table(
        title="The lab's engine against real engines: right, loud (unsupported), wrong (silently)",
        title_justify="left",
    )
    for name in ("measure", "of", "right", "", "loud", "", "wrong", ""):
        table.add_column(name, justify="left" if name == "measure" else "right")
    measures: dict[str, list[tuple[str, str]]] = {
        "syntax: trees": [(case["id"], syntax(case)) for case in cases("syntax.yaml") if "tree" in case],
        "syntax: refusals": [(case["id"], syntax(case)) for case in cases("syntax.yaml") if "errors" in case],
        "semantics": list(runs("semantics.yaml", semantics)),
        "semantics-2": list(runs("semantics-2.yaml", semantics)),
        "semantics-3": list(runs("semantics-3.yaml", semantics)),
        "generated": [
            (f"{case['id']} ({language})", _answer(semantics, case, language))
            for case in generated()
            for language in languages(case)
        ],
        "binding": list(runs("binding.yaml", binding)),
        "CLIXML": [(case["id"], _answer(clixml, case)) for case in cases("clixml.yaml")],
    }
    missed: list[tuple[str, str, str]] = []
    for measure, results in measures.items():
        bad = [(measure, name, reason) for name, reason in results if reason]
        refused = sum(reason.startswith("unsupported:") for _, _, reason in bad)
        figures = [len(results) - len(bad), refused, len(bad) - refused]
        shares = [text for figure in figures for text in (str(figure), f"{figure / len(results):.1%}")]
        table.add_row(measure, str(len(results)), *shares)
        missed += bad
    console.print(table)
    for measure, name, reason in missed:
        console.print(f"{measure}  {name}  {reason}", soft_wrap=True, highlight=False, markup=False)
    return 1 if any(not reason.startswith("unsupported:") for _, _, reason in missed) else 0


if __name__ == "__main__":
    sys.exit(main())
