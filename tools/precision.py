"""Run psnet check over a folder and print its findings by rule with the lines they stand on, for judging by hand.

Usage: python tools/precision.py FOLDER... [--sample N] [--seed N]

Each folder is checked as one scope. With --sample a random part of the findings is printed.
Judge each finding: is it an error in Windows PowerShell 5.1 too? The figures go into docs/check.md.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from psnet.powershell.lint import lint_files, script_files
from psnet.powershell.lint.reading import read_script

if TYPE_CHECKING:
    from psnet.powershell.lint import Finding


def main() -> None:
    """Print the findings, then how many files and findings there are, and how long a file takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="print so many findings, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found: list[Finding] = []
    files, begin = 0, time.perf_counter()
    for folder in options.folders:
        scripts = [path for path in script_files([folder]) if path.suffix != ".j2"]
        for _, findings in lint_files(scripts):
            files += 1
            found += findings
    seconds = time.perf_counter() - begin
    drawn = random.Random(options.seed).sample(found, min(options.sample or len(found), len(found)))  # noqa: S311 - no secret
    for rule, count in sorted(Counter(one.rule for one in found).items()):
        print(f"\n## {rule}: {count}")  # noqa: T201 - prints its answer
        for one in sorted(finding for finding in drawn if finding.rule == rule):
            line = read_script(Path(one.path)).splitlines()[one.line - 1].strip() if one.line else ""
            print(f"{one}\n    {line[:160]}")  # noqa: T201 - prints its answer
    print(f"\n{files} files, {len(found)} findings, {1000 * seconds / max(1, files):.1f} ms a file")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
