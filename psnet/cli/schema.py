"""psnet schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from psnet._internal.output import try_output, write_whole
from psnet._internal.terminal import echo_json
from psnet.cli import completion

#: What is no verb: files that people write.
FILES: Final = ("site", "inventory")


def schema(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHAT]",
            help="site, inventory, or a verb such as plan or runs show: what it prints for --json.",
            show_default="site",
            autocompletion=completion.schemas,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", callback=try_output, help="Write it to this file.")] = None,
    events: Annotated[bool, typer.Option("--events", help="That of the events of every verb over hosts.")] = False,
) -> None:
    """Print the JSON Schema of a site file or an inventory, which editors check with, or of what a verb prints."""
    from psnet.errors import InputError

    if events and what:
        raise InputError("--events is a schema of its own", remedy="leave out --events, or the rest")
    text = json.dumps(_events() if events else _schema(" ".join(what or ["site"])), indent=2, ensure_ascii=False)
    if out is None:
        echo_json(text)
    else:
        write_whole(out, text + "\n", public=True)


def _events() -> dict[str, Any]:
    from psnet.fleet.events import events_schema

    return events_schema()


def _schema(what: str) -> dict[str, Any]:
    if what == "site":
        from psnet.site.schema import site_schema

        return site_schema()
    if what == "inventory":
        from psnet.inventories.schema import inventory_schema

        return inventory_schema()
    from psnet._internal.yaml import nearest
    from psnet.cli.schemas import ANSWERS, verb_schema
    from psnet.errors import InputError

    if what not in ANSWERS:
        near = nearest(what, [*FILES, *ANSWERS])
        raise InputError(
            f"there is no schema of {what}", remedy=f"did you mean {near}?" if near else f"one of {', '.join(ANSWERS)}"
        )
    return verb_schema(what)
