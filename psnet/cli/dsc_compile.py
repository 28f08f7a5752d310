"""psnet dsc compile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from psnet._internal.output import try_folder
from psnet._internal.terminal import echo
from psnet.cli.common import InventoryOption, LimitOption, SiteArgument
from psnet.cli.dsc_options import CertificatesOption, DowntimeOption, RunAsOption

if TYPE_CHECKING:
    from psnet.dsc.compile import SiteDocuments


def compile_(
    site: SiteArgument,
    inventory: InventoryOption,
    out: Annotated[
        Path, typer.Option("--out", "-o", callback=try_folder, help="The folder to write to.", show_default=False)
    ],
    limit: LimitOption = None,
    format_: Annotated[
        Literal["mof", "dsc3", "guestconfig"],
        typer.Option("--format", help="MOF; Microsoft DSC v3 (YAML and JSON); packages for policy services."),
    ] = "mof",
    adapter: Annotated[
        Literal["direct", "nested"],
        typer.Option("--dsc3-adapter", help="List the resources directly (DSC 3.2), or nested in the older adapter."),
    ] = "direct",
    encoding: Annotated[
        str, typer.Option(help="utf-16 (with BOM, as Windows PowerShell 5.1 writes), utf-8 or utf-8-bom.")
    ] = "utf-16",
    volatile: Annotated[
        bool, typer.Option(help="Write user, time and machine into the documents; without, the same bytes every time.")
    ] = False,
    certificates: CertificatesOption = None,
    run_as: RunAsOption = None,
    allow_downtime: DowntimeOption = "endpoints",
    allow_plain_text: Annotated[
        list[str] | None,
        typer.Option("--allow-plain-text", help="A host whose document may hold a readable password; repeatable."),
    ] = None,
) -> None:
    """Compile SITE to one DSC document a host, with its checksum, or say why not; then nothing is written."""
    from psnet.cli.dsc_output import header_options, show_input_error, write_files
    from psnet.dsc.compile import SiteOptions, compile_site
    from psnet.errors import InputError
    from psnet.inventories import load_inventory
    from psnet.mof import CompileOptions
    from psnet.site import load_site

    try:
        source = load_site(site)
        hosts = load_inventory(inventory)
        plain = frozenset(hosts[name].name for name in allow_plain_text or ())
        options = SiteOptions(
            format=format_,
            adapter=adapter,
            encoding=encoding,
            header=header_options(CompileOptions(), None, None, None, volatile=volatile),
            certificates=certificates,
            run_as=run_as,
            plain_text=plain,
            allow_downtime=allow_downtime,
        )
        made = compile_site(source, hosts.select(limit), options)
        written = write_files(out, _files(made))
    except InputError as error:
        show_input_error(error)
        raise typer.Exit(error.exit_code) from None
    for warning in made.warnings:
        echo(f"warning: {warning}", style="yellow", err=True)
    paths = {path.name: path for path in written}
    for item in made.documents:
        echo(f"{paths[item.file]}  {item.instances} resource{'' if item.instances == 1 else 's'}")
    if not made.documents:
        echo("nothing to write: the site declares nothing for these hosts", err=True)


def _files(made: SiteDocuments) -> dict[str, bytes]:
    """Return every file by name: each document, and its checksum where it has one."""
    files: dict[str, bytes] = {}
    for item in made.documents:
        files[item.file] = item.data
        if item.has_checksum:
            files[f"{item.file}.checksum"] = item.checksum.encode()
    return files
