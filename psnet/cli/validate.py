"""psnet validate: what CI runs, without a host."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import write_whole
from psnet.cli.advise import BUILDS, rows_of
from psnet.cli.common import BuildsOption, JsonOption, LimitOption, SarifOption, show, show_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.errors import Problem
    from psnet.resources import Finding


@dataclass(slots=True)
class _Checked:
    """What was found in one file: what makes it no site, and what Windows would say against it, with its builds."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    rows: dict[Finding, list[str]] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)  #: templates that no inventory fills

    @property
    def wrong(self) -> bool:
        """Whether an error was found."""
        return bool(self.problems) or any(item.severity == "error" for item in self.rows)


def validate(
    sites: Annotated[list[Path], typer.Argument(metavar="SITE...", help="Site files.", show_default=False)],
    os_: BuildsOption = None,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="PSNET_INVENTORY", help="Fill the sites with these hosts' variables."),
    ] = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
    sarif: SarifOption = None,
) -> None:
    """Check site files without a host: their form, and what Windows would refuse of what they declare.

    Without an inventory, values that are templates are left open; everything else is checked. Exit codes: 0 nothing is
    wrong, 1 Windows would refuse something, 3 a file is no site.
    """
    from psnet.errors import InputError
    from psnet.inventories import load_inventory

    unknown = [word for word in os_ or () if word not in BUILDS]
    if unknown:
        raise InputError(f"no such Windows: {unknown[0]}", remedy=f"one of {', '.join(BUILDS)}")
    hosts = load_inventory(inventory).select(limit) if inventory is not None else ()
    variables = {host.name: dict(host.variables) for host in hosts}
    checked = [_check(path, variables, os_ or list(BUILDS)) for path in sites]
    if sarif is not None:
        from psnet._internal.version import VERSION
        from psnet.report.sarif import site_sarif

        problems = [problem for item in checked for problem in item.problems]
        found = [(finding, str(item.path)) for item in checked for finding in item.rows]
        write_whole(sarif, json.dumps(site_sarif(problems, found, VERSION), indent=2) + "\n")
    if json_:
        show_json([_data(item) for item in checked])
    else:
        for item in checked:
            show(_lines(item))
    raise typer.Exit(3 if any(item.problems for item in checked) else int(any(item.wrong for item in checked)))


def _check(path: Path, variables: dict[str, dict[str, Any]], builds: list[str]) -> _Checked:
    from psnet.errors import Problem, SiteError
    from psnet.site import load_site

    made = _Checked(path)
    try:
        source = load_site(path)
        if variables:
            made.rows = rows_of(source, variables, builds)
        else:
            open_, found = source.without_variables("any-host")
            made.open, made.problems = open_, found
            if not open_ and not found:
                made.rows = rows_of(source, {"any-host": {}}, builds)
    except SiteError as error:
        made.problems += error.problems or [Problem(error.message, str(path), remedy=error.remedy)]
    return made


def _lines(item: _Checked) -> Iterator[Text]:
    from psnet.report.plans import finding_lines

    for problem in item.problems:
        yield Text.assemble(("error ", "bold red"), str(problem))
    for finding, where in item.rows.items():
        words = sorted(set(where))
        yield Text(f"{item.path}: Windows Server {', '.join(words)}", style="dim")
        yield from finding_lines(finding)
    if item.open:
        yield Text(f"{item.path}: left open without an inventory: {', '.join(item.open)}", style="dim")
    if not item.wrong:
        yield Text(f"{item.path}: valid", style="green")


def _data(item: _Checked) -> dict[str, Any]:
    return {
        "site": str(item.path),
        "valid": not item.wrong,
        "problems": [
            {"line": each.line, "column": each.column, "key": each.key, "message": each.message, "remedy": each.remedy}
            for each in item.problems
        ],
        "findings": [
            {**json.loads(finding.model_dump_json()), "os": sorted(set(where))} for finding, where in item.rows.items()
        ],
        "open": item.open,
    }
