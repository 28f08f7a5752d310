"""A run on the terminal, in the lines that users of Ansible know; or as JSON, one event a line."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.text import Text

from psnet.playbook.events import (
    Event,
    Included,
    ItemEnded,
    NoHosts,
    PlayBegan,
    Retrying,
    RunEnded,
    TaskBegan,
    TaskEnded,
)
from psnet.playbook.run.play import public
from psnet.playbook.run.state import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.playbook.template import Secrets

_COLORS: Final = {
    "ok": "green",
    "changed": "yellow",
    "skipped": "cyan",
    "failed": "red",
    "unreachable": "bold red",
    "ignored": "red",
    "rescued": "red",
}
_WIDTH: Final = 79
_HOST: Final = 26
_QUIET: Final = frozenset({"diff", "changes"})


class TextView:
    """Prints events as lines; ``verbose`` shows every result."""

    def __init__(self, write: Callable[[Text], None], secrets: Secrets, *, verbose: bool = False) -> None:
        self._write, self._secrets, self._verbose = write, secrets, verbose

    def __call__(self, event: Event) -> None:
        """Print an event."""
        for line in self.lines(event):
            self._write(Text(self._secrets.masked(line.plain), style=line.style) if not line.spans else line)

    def lines(self, event: Event) -> Iterator[Text]:
        """Yield the lines of an event."""
        match event:
            case PlayBegan():
                yield from banner(f"PLAY [{event.name}]" + (" [CHECK MODE]" if event.check else ""))
            case NoHosts(remaining=True):
                yield from banner("NO MORE HOSTS LEFT")
            case NoHosts():
                yield Text("skipping: no hosts matched", "cyan")
            case TaskBegan():
                word = "RUNNING HANDLER" if event.handler else "TASK"
                yield from banner(f"{word} [{event.title}]" + (" [CHECK MODE]" if event.check else ""))
            case ItemEnded():
                yield from self._item(event)
            case TaskEnded():
                yield from self._task(event)
            case Retrying():
                yield Text(f"FAILED - RETRYING: [{event.host}]: {event.title} ({event.left} retries left).", "dim")
            case Included():
                label = f" => (item={event.label})" if event.label else ""
                yield Text(f"included: {event.path} for {', '.join(event.hosts)}{label}", "cyan")
            case RunEnded():
                yield from banner("PLAY RECAP")
                yield from (recap(host, row) for host, row in event.counts.items())
                yield Text("")

    def _item(self, event: ItemEnded) -> Iterator[Text]:
        if event.diff and event.status == "changed":
            yield from diff_lines(event.result)
        word = {"unreachable": "failed", "skipped": "skipping"}.get(event.status, event.status)
        shown = event.status in ("failed", "unreachable") or bool(event.result.get("_show"))
        tail = self._result(event.result, shown=shown)
        arrow = "" if event.status in ("failed", "unreachable") else "=> "
        yield Text(f"{word}: [{event.host}] {arrow}(item={event.label}){tail}", _COLORS[event.status])

    def _task(self, event: TaskEnded) -> Iterator[Text]:
        host = f"{event.host} -> {event.delegated}" if event.delegated else event.host
        failed = event.status in ("failed", "rescued", "unreachable", "ignored")
        color = _COLORS[event.status]
        if event.loop and event.status != "skipped" and not event.ignored:
            return
        if event.diff and event.status == "changed":
            yield from diff_lines(event.result)
        if failed and event.loop:
            yield Text("...ignoring", "cyan")
            return
        if failed:
            word = "UNREACHABLE" if event.result.get("unreachable") else "FAILED"
            yield Text(f"fatal: [{host}]: {word}! => {self._dump(event.result, loop=event.loop)}", color)
            if event.ignored:
                yield Text("...ignoring", "cyan")
            return
        word = "skipping" if event.status == "skipped" else event.status
        yield Text(f"{word}: [{host}]{self._result(event.result, shown=bool(event.result.get('_show')))}", color)

    def _result(self, result: dict[str, Any], *, shown: bool) -> str:
        return f" => {self._dump(result)}" if shown or self._verbose else ""

    def _dump(self, result: dict[str, Any], *, loop: bool = False) -> str:
        said = {key: value for key, value in public(result).items() if key not in _QUIET or self._verbose}
        if loop:
            said = {key: value for key, value in said.items() if key != "results"}
        for key in result.get("_hide") or ():
            said.pop(key, None)
        return json.dumps(said, indent=4, sort_keys=True, ensure_ascii=False, default=str)


def banner(text: str) -> Iterator[Text]:
    """Yield an empty line, and a text with stars to the edge."""
    yield Text("")
    yield Text(f"{text} {'*' * max(3, _WIDTH - cell_len(text))}", "bold")


def recap(host: str, row: dict[str, int]) -> Text:
    """Return a host's line of the recap."""
    columns = {"failed": "failed"}
    line = Text()
    bad = row["failed"] or row["unreachable"]
    line.append(f"{host:<{_HOST}} : ", "red" if bad else "yellow" if row["changed"] else "green")
    for column in COUNTS:
        style = _COLORS.get(column, "") if row[column] else ""
        line.append(f"{columns.get(column, column)}={row[column]:<4}", style)
        line.append(" ")
    line.rstrip()
    return line


def diff_lines(result: dict[str, Any]) -> Iterator[Text]:
    """Yield what a result's ``diff`` says."""
    given = result.get("diff") or []
    for part in given if isinstance(given, list) else [given]:
        if "prepared" in part:
            for line in str(part["prepared"]).splitlines():
                yield Text(line, {"+": "green", "-": "red", "~": "yellow"}.get(line.strip()[:1], ""))
            continue
        before, after = str(part.get("before", "")), str(part.get("after", ""))
        names = (str(part.get("before_header", "before")), str(part.get("after_header", "after")))
        for line in unified_diff(before.splitlines(), after.splitlines(), *names, lineterm=""):
            yield Text(line, {"+": "green", "-": "red"}.get(line[:1], "cyan" if line.startswith("@") else ""))


def as_json(event: Event, secrets: Secrets, run: str) -> str:
    """Return an event as one line of JSON, in the form of the run engine's events: event, run, time, and its own."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    data = secrets.masked(public(dataclasses.asdict(event)))
    return json.dumps({"event": name, "run": run, "time": time, **data}, ensure_ascii=False, default=str)
