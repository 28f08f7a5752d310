"""Run psnet check over a folder and print its findings by rule with the lines they stand on, for judging by hand.

Usage: python tools/precision.py FOLDER... [--each N] [--sample N] [--seed N]

Each folder is checked as one scope. With --each at most N findings of a rule are drawn of each folder, so that one
folder does not decide the figures; with --sample at most N findings are drawn of what is left.
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
    parser.add_argument("--each", type=int, default=0, help="draw so many findings of each rule from each folder")
    parser.add_argument("--sample", type=int, default=0, help="print so many findings, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    found: list[Finding] = []
    chosen: list[Finding] = []
    files, begin, slowest = 0, time.process_time(), (0.0, "")
    for folder in options.folders:
        here: dict[str, list[Finding]] = {}
        last = time.process_time()
        for path, findings in lint_files(path for path in script_files([folder]) if path.suffix != ".j2"):
            now = time.process_time()
            slowest, last = max(slowest, (now - last, str(path))), now
            files += 1
            found += findings
            for one in findings:
                here.setdefault(one.rule, []).append(one)
        for group in here.values():
            chosen += chance.sample(group, min(options.each or len(group), len(group)))
    seconds = time.process_time() - begin
    drawn = set(chance.sample(chosen, min(options.sample or len(chosen), len(chosen))))
    for rule, count in sorted(Counter(one.rule for one in found).items()):
        print(f"\n## {rule}: {count}")  # noqa: T201 - prints its answer
        for one in sorted(finding for finding in drawn if finding.rule == rule):
            line = read_script(Path(one.path)).splitlines()[one.line - 1].strip() if one.line else ""
            print(f"{one}\n    {line[:160]}")  # noqa: T201 - prints its answer
    print(f"\n{files} files, {len(found)} findings, {len(drawn)} drawn, {1000 * seconds / max(1, files):.1f} ms a file")  # noqa: T201 - as above
    print(f"slowest: {slowest[0]:.1f} s {slowest[1]}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
