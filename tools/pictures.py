"""Draw the terminal pictures of the README and the docs: commands run for real against the lab, on a pseudo-terminal.

``python tools/pictures.py`` writes docs/img/apply.svg. It needs a POSIX system.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from psnet.lab.run import make_hosts, running_lab

ROOT: Final = Path(__file__).resolve().parent.parent
WIDTH: Final = 104


def typed(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """Return what a command prints on a terminal, its colours in escape sequences."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "psnet", *command],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, **environment, "COLUMNS": str(WIDTH), "LINES": "50", "TERM": "xterm-256color"},
        cwd=folder,
    ) as process:
        os.close(follower)
        parts = []
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
        process.wait()
    os.close(leader)
    return b"".join(parts).decode("utf-8", "replace")


def draw(path: Path, title: str, steps: list[tuple[str, str]]) -> None:
    """Write commands and what they printed as an SVG."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for index, (shown, printed) in enumerate(steps):
        console.print(Text(("\n" if index else "") + f"$ {shown}", style="bold"))
        # What a live display drew over is gone from a terminal too.
        text = re.sub(r"\x1b\[\?25[lh]|\x1b\[\d*[AJ]|\x1b\[2K|\r(?!\n)", "", printed).replace("\r\n", "\n")
        console.print(Text.from_ansi(text.strip("\n")), soft_wrap=False)
    console.save_svg(str(path), title=title)


def main() -> None:
    """Plan and apply the smallest site on two hosts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "examples" / "minimal" / "site.yaml", folder / "site.yaml")
        hosts = make_hosts(["2016", "2022"])
        with running_lab(hosts, folder / "lab", variables={}) as inventory:
            given = {"PSNET_INVENTORY": str(inventory), "PSNET_JOURNAL": str(folder / "journal.sqlite")}
            shown = (
                "plan site.yaml --limit ws2022",
                "apply site.yaml --limit ws2022 --yes",
                "plan site.yaml --limit ws2022",
            )
            steps = [(f"psnet {words}", typed(words.split(), given, folder)) for words in shown]
            draw(ROOT / "docs" / "img" / "apply.svg", "psnet", steps)


if __name__ == "__main__":
    main()
