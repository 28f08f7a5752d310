"""Short output for many hosts: names as ranges (``web[01:40]``), hosts with the same lines grouped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBERED: Final = re.compile(r"(.*?)(\d+)([^\d]*)")
#: More ranges than this are a rest that nobody reads; psnet runs show has every name.
_MOST: Final = 8
_PLACE: Final = re.compile(r"https?://[^\s/]+/\S*")


def name_ranges(names: Sequence[str]) -> str:
    """Return names with runs of numbers as ranges, as ``--limit`` takes them: ``web[01:40],db1``."""
    words: list[str] = []
    run: list[tuple[str, str, str]] = []

    def close() -> None:
        if len(run) > 1:
            head, first, tail = run[0]
            words.append(f"{head}[{first}:{run[-1][1]}]{tail}")
        elif run:
            words.append("".join(run[0]))
        run.clear()

    for name in names:
        match = _NUMBERED.fullmatch(name)
        if match is None:
            close()
            words.append(name)
            continue
        part = (match[1], match[2], match[3])
        if run and not _follows(run[-1], part):
            close()
        run.append(part)
    close()
    return ",".join(words)


def _follows(last: tuple[str, str, str], part: tuple[str, str, str]) -> bool:
    return (last[0], last[2], len(last[1])) == (part[0], part[2], len(part[1])) and int(part[1]) == int(last[1]) + 1


def alike_hosts(blocks: Iterable[tuple[str, Sequence[Text]]]) -> list[tuple[tuple[str, ...], Sequence[Text]]]:
    """Return hosts whose lines are alike but for their own name and address, with the lines of the first of them."""
    found: dict[str, tuple[list[str], Sequence[Text]]] = {}
    for host, lines in blocks:
        key = _PLACE.sub("", "\n".join(line.plain for line in lines)).replace(host, "")
        found.setdefault(key, ([], lines))[0].append(host)
    return [(tuple(hosts), lines) for hosts, lines in found.values()]


def group_heading(hosts: Sequence[str]) -> Text:
    """Return the line over what hosts have in common."""
    words = name_ranges(hosts).split(",")
    shown = ",".join(words[:_MOST]) + (f" ... {len(words) - _MOST} more" if len(words) > _MOST else "")
    line = Text(shown, style="bold")
    if len(hosts) > 1:
        line.append(f"  {len(hosts)} hosts", style="dim")
    return line
