"""Change recorded scripts at random and look for an end that is no answer (``FUZZ_SECONDS=600 make fuzz``).

The parser has to read or to refuse every text, the engine to run it, to raise what PowerShell raises, or to say
``unsupported``; within a time. So have the readers of ``fuzz_inputs.py``. Anything else is printed
with the text that did it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fuzz_inputs import targets
from oracle_data import cases

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.engine.runspace import Runspace
from psnet.lab.run import make_hosts
from psnet.powershell.syntax import ParseErrors, parse

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNS = [
    *"{}()[]$@\"'`#<>|&;,.:?!-+*/=%\n\t abc019_",
    "..",
    "::",
    "$(",
    "@{",
    "@(",
    "-eq",
    "$_",
    "$null",
    "{}",
    "--",
    "2>&1",
]
LIMIT = 10.0  # seconds that one text may take
STEPS = 20_000  # statements that one script may run


def changed(text: str, chance: random.Random) -> str:
    """Return a text with one to four changes: marks put in, parts left out, doubled or moved."""
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randint(0, len(text)), chance.randint(0, 12)
        other = chance.randint(0, len(text))
        text = chance.choice(
            [
                text[:at] + chance.choice(SIGNS) + text[at:],
                text[:at] + text[at + size :],
                text[:at] + text[at : at + size] * 2 + text[at + size :],
                text[:other] + text[at : at + size] + text[other:],
            ]
        )
    return text


def read(text: str, language: str) -> None:
    """Parse a text."""
    try:
        parse(text, language=language)
    except ParseErrors:
        return


def executed(text: str, language: str) -> None:
    """Run a text on a fresh host with a bound on its steps."""
    (host,) = make_hosts(["2022"])
    before = Runspace.__init__.__kwdefaults__ or {}
    Runspace.__init__.__kwdefaults__ = {**before, "step_limit": STEPS}
    try:
        run_file(host, text, [], language, registry=lab_registry(host))
    except UnsupportedError:
        return
    finally:
        Runspace.__init__.__kwdefaults__ = before


def fuzz(name: str, target: Callable[[str, str], None], texts: list[str], seconds: float, seed: int) -> int:
    """Run one target for so long; return how many texts it failed on."""
    chance = random.Random(seed)  # noqa: S311 - the choice of changes is no secret
    end, count, failed = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        text, language = changed(chance.choice(texts), chance), chance.choice(["5.1", "7"])
        began = time.monotonic()
        try:
            target(text, language)
        except Exception as crash:  # noqa: BLE001 - every kind of end is looked for
            failed += 1
            sys.stdout.write(f"{name}: {type(crash).__name__}: {crash} ({language})\n{text!r}\n")
        if (took := time.monotonic() - began) > LIMIT:
            failed += 1
            sys.stdout.write(f"{name}: {took:.1f} s ({language})\n{text!r}\n")
        count += 1
    sys.stdout.write(f"{name}: {count} texts in {seconds:.0f} s, {failed} failed (seed {seed})\n")
    return failed


def main() -> int:
    """Run every target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="TARGET", help="run these targets alone")
    given = parser.parse_args()
    names = ("semantics.yaml", "semantics-2.yaml", "semantics-3.yaml", "binding.yaml")
    scripts = [str(case["script"]) for name in names for case in cases(name)]
    texts = [str(case["text"]) for case in cases("syntax.yaml")] + scripts
    work = {"parser": (read, texts), "engine": (executed, scripts), **targets()}
    if unknown := set(given.only or ()) - set(work):
        parser.error(f"no such target: {', '.join(sorted(unknown))} (there are {', '.join(work)})")
    failed = 0
    for name in given.only or work:
        target, inputs = work[name]
        failed += fuzz(name, target, inputs, given.seconds, given.seed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
