"""What the commands of psnet dsc that go over hosts share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from psnet._internal.terminal import echo
from psnet.cli import fleet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psnet.dsc.compile import SiteDocument, SiteOptions
    from psnet.fleet import FleetRun, Operation
    from psnet.inventories import InventoryHost

TimeoutOption = Annotated[
    int, typer.Option("--timeout", min=1, help="Seconds to wait for a host's Local Configuration Manager.")
]
ForceOption = Annotated[
    bool,
    typer.Option("--force", help="Cancel what runs, discard what is pending, and push to a host that pulls."),
]
CertificatesOption = Annotated[
    Path | None, typer.Option("--certificates", help="Folder with a certificate a node: NODE.cer.", show_default=False)
]
DowntimeOption = Annotated[
    Literal["none", "endpoints", "all"],
    typer.Option(
        "--allow-downtime",
        help="What may go: nothing that has an endpoint, nothing that carries a running container, or anything.",
    ),
]
RunAsOption = Annotated[
    str | None,
    typer.Option("--run-as", help="Run every resource as this credential: connection, or a host variable's name."),
]


def documents(
    site: Path, hosts: Sequence[InventoryHost], options: SiteOptions
) -> tuple[dict[str, SiteDocument], tuple[str, ...]]:
    """Return each host's document and warnings; raise InputError when a host has nothing to configure."""
    from psnet.dsc.compile import compile_site
    from psnet.errors import InputError
    from psnet.site import load_site

    made = compile_site(load_site(site), hosts, options)
    found = {item.host: item for item in made.documents}
    empty = [host.name for host in hosts if host.name not in found]
    if empty:
        raise InputError(f"{site} declares nothing for {', '.join(empty)}", remedy="use --limit, or declare something")
    return found, made.warnings


def warn(warnings: Sequence[str]) -> None:
    """Print what a compiler warned of."""
    for warning in warnings:
        echo(f"warning: {warning}", style="yellow", err=True)


def run_dsc_call(
    call: fleet.Call, operation: Operation[Any] | Mapping[str, Operation[Any]], describe: Callable[[Any], Any]
) -> FleetRun[Any]:
    """Carry out a run of psnet dsc."""
    from psnet.dsc.deliver.operations import status_of

    return fleet.run_call(replace(call, command=f"dsc {call.command}"), operation, status_of, describe)


def leave(run: FleetRun[Any], *, drifted: bool = False) -> None:
    """Exit with the code of a run: of its errors, 1 for a failure, 2 for drift that is asked for."""
    from psnet.cli.common import exit_code

    bad = any(answer.failed for answer in run.hosts if answer.result_status is not None) or bool(run.not_begun)
    raise typer.Exit(exit_code(run.errors) or int(bad) or (2 if drifted else 0))
