"""psnet doctor --collect: what a support case needs of a fleet, in one archive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.text import Text

from psnet.cli import fleet
from psnet.cli.common import exit_code, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.container_host.collect import CollectedHost


def collect_archive(call: fleet.Call, path: Path, trace: int | None) -> int:
    """Collect hosts and write the archive; return the exit code: parts that could not be read are no failure."""
    from psnet.fleet.operations import CollectOperation
    from psnet.fleet.results import always_ok
    from psnet.report.support_archive import write_archive

    asked = replace(call, more={"collect": str(path), "trace": trace})
    run = fleet.run_call(asked, CollectOperation(trace), always_ok, _data)
    failed = {answer.host.name: answer.error.message for answer in run.hosts if answer.error is not None}
    failed |= dict.fromkeys(run.not_begun, "not begun")
    if run.values:
        write_archive(path, run.values, failed)
    if not call.json:
        fleet.show_run(run, _lines)
        if run.values:
            size = f"{path.stat().st_size:,} bytes" if path.is_file() else "written"
            show([Text(f"{path} ({size}): look through it before you send it", style="dim")])
    return exit_code(run.errors) or int(bool(run.not_begun))


def _lines(made: CollectedHost) -> Iterator[Text]:
    yield Text(made.host, style="bold")
    taken = ", ".join(f"{count} {kind}" for kind, count in made.taken_out.items())
    yield Text(f"  {len(made.files)} files; taken out: {taken or 'nothing'}")
    for name, reason in made.unread.items():
        yield Text(f"  not read: {name}: {reason}", style="yellow")


def _data(made: CollectedHost) -> dict[str, Any]:
    files = {name: len(content) for name, content in made.files.items()}
    return {"host": made.host, "files": files, "not_read": made.unread, "taken_out": made.taken_out}
