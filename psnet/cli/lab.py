"""psnet lab: simulated Windows container hosts on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer

from psnet.cli import lab_exec

app = typer.Typer(
    help="Simulated Windows container hosts on this machine, behind a real WinRM endpoint.",
    no_args_is_help=True,
)

OsOption = Annotated[
    list[str] | None,
    typer.Option("--os", help="A Windows: 2016, 2019, 2022, 2025, 1709, 1803 or tp5; repeat it.", show_default="2022"),
]
_SHOWN = 10
CountOption = Annotated[int, typer.Option("--count", min=1, help="How many hosts of each Windows.")]


@app.command("up")
def up(
    os_: OsOption = None,
    count: CountOption = 1,
    inventory_out: Annotated[Path, typer.Option("--inventory-out", help="Where to write the inventory.")] = Path(
        "lab-hosts.yaml"
    ),
) -> None:
    """Run hosts until Ctrl-C."""
    from psnet.lab.run import make_hosts, write_inventory
    from psnet.lab.wire.server import LabServer

    hosts = make_hosts(os_ or ["2022"], count)
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with LabServer(hosts) as server:
        path = write_inventory(server, hosts, inventory_out)
        for host in hosts[:_SHOWN]:
            url = server.endpoints[host.name].https_url
            typer.echo(f"{host.name}  {host.os.product}, build {host.os.build}  {url}")
        if len(hosts) > _SHOWN:
            typer.echo(f"... and {len(hosts) - _SHOWN} more")
        typer.echo(f"\ninventory: {path}\ntry: psnet observe -i {path}\nCtrl-C stops the lab.")
        done.wait()


@app.command("run", context_settings={"ignore_unknown_options": True})
def run(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="What to run.", show_default=False)],
    os_: OsOption = None,
    count: CountOption = 1,
) -> None:
    """Run a command against fresh hosts; their inventory is in PSNET_INVENTORY. Returns its exit code."""
    from psnet.errors import InputError
    from psnet.lab.run import make_hosts, running_lab

    hosts = make_hosts(os_ or ["2022"], count)
    with (
        tempfile.TemporaryDirectory(prefix="psnet-lab-run-") as folder,
        running_lab(hosts, Path(folder)) as path,
    ):
        try:
            code = subprocess.run(  # noqa: S603 - the user's own command, no shell
                command, env={**os.environ, "PSNET_INVENTORY": str(path)}, check=False
            ).returncode
        except FileNotFoundError:
            raise InputError(f"there is no command {command[0]}", remedy="give its path") from None
    raise typer.Exit(code)


# A script's own words such as -Name pass; -h would be one of them.
app.command("exec", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})(lab_exec.exec_)
