"""psnet show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from psnet._internal.output import try_output, write_whole
from psnet.cli.common import JsonOption, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.planning.saved import SavedPlans


def show_plan(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan saved with --out.", show_default=False)],
    json_: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", callback=try_output, help="Write one page: changes, prices, pictures.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", callback=try_output, help="Draw the changes: .svg, .html, .mmd or .dot."),
    ] = None,
) -> None:
    """Show a saved plan: what it was made from, and what it would change. No host is needed."""
    from psnet.planning.saved import load_plans

    saved = load_plans(plan)
    if html is not None:
        from psnet.report.plan_html import plan_html

        write_whole(html, plan_html(saved))
    if picture is not None:
        from psnet.cli.pictures import write_picture
        from psnet.report.plan_html import saved_graph

        write_picture(saved_graph(saved), picture, None)
    if json_:
        from psnet._internal.terminal import echo_json

        echo_json(saved.model_dump_json(indent=2))
    elif html is None and picture is None:
        show(_lines(saved))
    else:
        show(
            Text(f"{path}: {len(saved.plans)} host{'s' * (len(saved.plans) != 1)}")
            for path in (html, picture)
            if path is not None
        )


def _lines(saved: SavedPlans) -> Iterator[Text]:
    from psnet.planning.saved import site_title
    from psnet.report import plan_lines, plan_summary
    from psnet.report.grouping import alike_hosts, group_heading

    yield Text(f"planned {saved.made} by psnet {saved.psnet} from {site_title(saved.site.path)}", style="dim")
    if saved.inventory:
        scope = f", --limit {saved.limit}" if saved.limit else ""
        yield Text(f"for {len(saved.plans)} hosts of {', '.join(saved.inventory)}{scope}", style="dim")
    yield Text("")
    blocks = [(item.host, list(plan_lines(item))) for item in saved.plans]
    for hosts, lines in alike_hosts(blocks):
        yield from [group_heading(hosts), *lines[1:], Text("")] if len(hosts) > 1 else [*lines, Text("")]
    yield from (plan_summary(item) for item in saved.plans)
