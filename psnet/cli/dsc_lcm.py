"""psnet dsc lcm: the Local Configuration Manager's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from psnet._internal.output import try_folder
from psnet._internal.terminal import echo
from psnet.cli import fleet
from psnet.cli.common import refuse_json
from psnet.cli.dsc_options import CertificatesOption, ForceOption, leave, run_dsc_call
from psnet.cli.fleet_flags import FleetFlags, over_fleet


@over_fleet()
def lcm(
    flags: FleetFlags,
    file: Annotated[
        Path | None, typer.Argument(metavar="LCM.yaml", help="The settings, repositories and report servers.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Only read the settings back.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", callback=try_folder, help="Write <node>.meta.mof here instead of applying it."),
    ] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="With --out: write registration keys too, in plain text.")
    ] = False,
    certificates: CertificatesOption = None,
    force: ForceOption = False,
) -> None:
    """Set each host's Local Configuration Manager from LCM.yaml, and read it back; or show how it is set.

    Registration keys travel inside the session and are on the host's disk only while they are applied.
    """
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import StatusOperation
    from psnet.dsc.deliver.operations import SetLcmOperation
    from psnet.dsc.lcm import compile_lcm, load_lcm
    from psnet.dsc.status.lines import result_data, result_lines, settings_lines
    from psnet.errors import InputError

    if out is not None:
        refuse_json("--out", json=flags.json)
    hosts = flags.hosts()
    call = flags.call("lcm", hosts, file)
    if show or file is None:
        if not show or file is not None:
            raise InputError("give LCM.yaml to set, or --show to read", remedy="psnet dsc lcm LCM.yaml, or --show")
        seen = run_dsc_call(call, StatusOperation(), result_data)
        if not flags.json:
            times = len(seen.hosts) <= fleet.MANY
            fleet.show_run(seen, lambda result: settings_lines(result, times=times))
        leave(seen)
    made = compile_lcm(load_lcm(file), hosts, SiteOptions(certificates=certificates)) if file is not None else ()
    if out is not None:
        from psnet.cli.dsc_output import write_files

        if any(item.secret for item in made) and not with_secrets:
            raise InputError(
                "the documents would hold registration keys in plain text",
                remedy="psnet dsc lcm applies them without a file; --with-secrets writes them anyway",
            )
        for path in write_files(out, {item.file: item.data for item in made}):
            echo(str(path))
        return
    run = run_dsc_call(call, {item.host: SetLcmOperation(item, force) for item in made}, result_data)
    if not flags.json:
        fleet.show_run(run, lambda result: result_lines(result, times=len(run.hosts) <= fleet.MANY))
    leave(run)
