"""``psnet dsc mof``: compile DSC configurations to MOF documents, without PowerShell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psnet._internal.output import try_folder
from psnet._internal.terminal import echo
from psnet.cli.dsc_compile import compile_
from psnet.errors import InputError

if TYPE_CHECKING:
    from psnet.mof import ModuleRule

app = typer.Typer(help="Desired State Configuration.", no_args_is_help=True)


@app.callback()
def _dsc() -> None:
    """Desired State Configuration."""


@app.command("mof")
def mof(
    file: Annotated[
        Path,
        typer.Argument(
            help="The configuration: a YAML file with name: and nodes:, or a .ps1 script with configuration blocks."
        ),
    ],
    schemas: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the resources' .schema.mof files, in modules or loose; a meta-configuration needs "
            "none, and a script has PSNetDsc's without."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(callback=try_folder, help="Folder for the documents; default: the configuration's name."),
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="utf-16 (with BOM, as Windows PowerShell 5.1 writes), utf-8 or utf-8-bom.")
    ] = "utf-16",
    module: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VERSION, or NAME=VERSION:Class,Class, for schemas without a module manifest."),
    ] = None,
    volatile: Annotated[
        bool,
        typer.Option(help="Write user, time and machine; --no-volatile gives the same bytes every time."),
    ] = True,
    author: Annotated[str | None, typer.Option(help="Author to write instead of the user's name.")] = None,
    host: Annotated[str | None, typer.Option(help="Host to write instead of this machine's name.")] = None,
    date: Annotated[str | None, typer.Option(help="Date to write instead of now.")] = None,
    timezone: Annotated[str, typer.Option(help="IANA zone of times without one, unless the file names it.")] = "UTC",
    checksum: Annotated[
        bool, typer.Option("--checksum", help="Write <document>.checksum beside each, as pull servers want it.")
    ] = False,
    certificates: Annotated[
        Path | None, typer.Option(help="Folder with certificates, to find a node's CertificateID in.")
    ] = None,
    allow_plain_text: Annotated[
        bool,
        typer.Option("--allow-plain-text", help="Let passwords be stored readable where no certificate is."),
    ] = False,
) -> None:
    """Compile FILE to one MOF document a node, or say why not; then nothing is written."""
    from dataclasses import replace

    from psnet._internal.bundle import dsc_module_folder
    from psnet.cli.dsc_output import header_options, show_input_error, write_files
    from psnet.dsc.server.content import checksum as checksum_of
    from psnet.mof import CompileOptions, SchemaSet, compile_configuration, load_schemas
    from psnet.mof.source import read_source

    try:
        options = CompileOptions(timezone=timezone, allow_plain_text=allow_plain_text, certificates=certificates)
        options = header_options(options, author, host, date, volatile=volatile)
        is_script = file.suffix.lower() == ".ps1"
        shipped = dsc_module_folder() if is_script and schemas is None else schemas
        known = SchemaSet() if shipped is None else load_schemas(shipped, _modules(module or []))
        if is_script:
            from psnet.lab.configuration import compile_script

            result, name = compile_script(file, known, options), file.stem
        else:
            document = read_source(file)
            result = compile_configuration(document.data, known, replace(options, source=document))
            name = _name(document.data)
        folder = out if out is not None else Path(name)
        documents = {item.file: item.encode(encoding) for item in result.documents}
        sums = {f"{name}.checksum": checksum_of(data).encode() for name, data in documents.items() if checksum}
        written = write_files(folder, documents | sums)
    except InputError as error:
        show_input_error(error)
        raise typer.Exit(error.exit_code) from None
    for warning in result.warnings:
        echo(f"warning: {warning}", style="yellow", err=True)
    for path, item in zip(written, result.documents, strict=False):  # the checksums come after
        count = len(item.instances)
        echo(f"{path}  {count} instance{'' if count == 1 else 's'}")
        beside = path.with_name(f"{path.name}.checksum")
        if not checksum and beside.exists():
            echo(f"warning: {beside} is of an earlier document; --checksum writes it anew", style="yellow", err=True)
    if not written:
        echo("nothing to write: no node has a resource", err=True)


def _modules(texts: list[str]) -> list[ModuleRule]:
    from psnet.mof.declaration import module_rules

    rules: list[ModuleRule] = []
    for text in texts:
        name, equals, rest = text.partition("=")
        version, _, classes = rest.partition(":")
        entry = {"version": version, "resources": [item for item in classes.split(",") if item]}
        found = module_rules({name: entry}) if equals and name else []
        if not found:
            raise InputError(f"--module {text} is not NAME=VERSION", remedy="write --module NetworkingDsc=9.0.0")
        rules += found
    return rules


def _name(data: object) -> str:
    inner = data.get("configuration", data) if isinstance(data, dict) else {}
    return str(inner.get("name", "mof")) if isinstance(inner, dict) else "mof"


app.command("compile")(compile_)
