"""psnet lab: simulated Windows container hosts on loopback."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psnet._internal.output import try_folder, try_output
from psnet._internal.terminal import echo
from psnet.cli import completion, lab_exec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.labhost import LabHost
    from psnet.lab.wire.faults import FaultPlan
    from psnet.lab.wire.server import LabServer

app = typer.Typer(
    help="Simulated Windows container hosts on this machine, behind a real WinRM endpoint.",
    no_args_is_help=True,
)

OsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--os",
        help="A Windows: 2016, 2019, 2022, 2025, 1709, 1803, 1903, 2004 or tp5; repeat it.",
        show_default="2022",
        autocompletion=completion.words(*completion.BUILDS, "tp5"),
    ),
]
_SHOWN = 10
_SAVE_EVERY = 2.0
CountOption = Annotated[int, typer.Option("--count", min=1, help="How many hosts of each Windows.")]
CultureOption = Annotated[
    str,
    typer.Option(
        "--culture",
        help="The language of the hosts' messages: en-US or de-DE; ids never change.",
        autocompletion=completion.words("en-US", "de-DE"),
    ),
]
DockerOption = Annotated[bool, typer.Option("--docker", help="Install the Docker Engine on every host.")]
ContainerdOption = Annotated[
    bool, typer.Option("--containerd", help="Install containerd with nerdctl and the CNI plug-ins on every host.")
]
ControllerOption = Annotated[
    bool, typer.Option("--controller", help="Add a Network Controller and its management host nc01.")
]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="LAB.yaml", help="Hosts, networks, containers and faults from a file."),
]
RecordingOption = Annotated[
    list[Path] | None,
    typer.Option("--recording", metavar="FILE", help="A host that answers as a recording says; repeat it."),
]
FaultsOption = Annotated[
    Path | None, typer.Option("--faults", metavar="PLAN.yaml", help="What goes wrong on purpose, and when.")
]


def _hosts(
    os_: list[str] | None,
    count: int,
    culture: str,
    file: Path | None,
    faults: Path | None,
    *,
    docker: bool,
    containerd: bool,
    controller: bool,
) -> tuple[list[LabHost], FaultPlan | None]:
    """Return the hosts to serve and what goes wrong with them."""
    import secrets

    from psnet.errors import InputError
    from psnet.lab.labfile import build, load_lab
    from psnet.lab.run import make_hosts
    from psnet.lab.wire.faults import FaultPlan

    plan = FaultPlan.load(faults) if faults else None
    if file is None:
        made = make_hosts(
            os_ or ["2022"], count, culture=culture, docker=docker, containerd=containerd, controller=controller
        )
        return made, plan
    if os_ or count != 1 or docker or containerd or controller or culture != "en-US":
        remedy = "leave out --os, --count, --culture, --docker, --containerd and --controller"
        raise InputError("--file says what the hosts are", remedy=remedy)
    lab = load_lab(file)
    if plan is not None and lab.faults:
        raise InputError(f"both {file} and {faults} name faults", remedy="keep them in one of the two")
    return build(lab, secrets.token_urlsafe(18), file.parent), plan or lab.plan()


def _played(recordings: list[Path], faults: Path | None) -> tuple[list[LabHost], FaultPlan | None]:
    """Return a host for each recording, named after its file; say what it cannot answer."""
    import secrets

    from psnet.lab.recording import played_host
    from psnet.lab.wire.faults import FaultPlan
    from psnet.recording import load_recording

    password = secrets.token_urlsafe(18)
    hosts = []
    for path in recordings:
        host = played_host(load_recording(path), path.stem)
        host.password = password
        hosts.append(host)
        for name in host.recording.unplayed if host.recording else ():
            echo(f"{path.stem}  not played: {name}", err=True)
    return hosts, FaultPlan.load(faults) if faults else None


@app.command("up")
def up(
    os_: OsOption = None,
    count: CountOption = 1,
    inventory_out: Annotated[
        Path, typer.Option("--inventory-out", callback=try_output, help="Where to write the inventory.")
    ] = Path("lab-hosts.yaml"),
    culture: CultureOption = "en-US",
    docker: DockerOption = False,
    containerd: ContainerdOption = False,
    controller: ControllerOption = False,
    file: FileOption = None,
    faults: FaultsOption = None,
    recording: RecordingOption = None,
    hostile: Annotated[
        bool,
        typer.Option("--hostile", help="Hosts that mean harm: one for each way to exhaust or mislead a client."),
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="DIR",
            callback=try_folder,
            help="Keep the hosts in this folder, so that a lab outlives a restart.",
        ),
    ] = None,
) -> None:
    """Run hosts until Ctrl-C."""
    from psnet.lab import state as disk
    from psnet.lab.run import write_inventory
    from psnet.lab.wire.server import LabServer

    if hostile:
        _hostile(inventory_out)
        return
    kept = disk.load(state) if state is not None else []
    hosts, plan = (
        _played(recording, faults)
        if recording
        else _hosts(os_, count, culture, file, faults, docker=docker, containerd=containerd, controller=controller)
    )
    hosts = kept or hosts
    done = threading.Event()
    with _until_told(done), LabServer(hosts, faults=plan) as server:
        path = write_inventory(server, hosts, inventory_out)
        for host in hosts[:_SHOWN]:
            url = server.endpoints[host.name].https_url
            echo(f"{host.name}  {host.os.product}, build {host.os.build}  {url}")
        if len(hosts) > _SHOWN:
            echo(f"... and {len(hosts) - _SHOWN} more")
        for name, served in server.controllers.items():
            echo(f"{name}  Network Controller  {served.url}/networking/v1/")
        if kept:
            echo(f"\n{len(kept)} hosts as {state} kept them; --os, --count and --file do not count for them")
        echo(f"\ninventory: {path}\ntry: psnet observe -i {path}\nCtrl-C stops the lab.")
        if state is None:
            done.wait()
        else:
            _keep(server, hosts, state, done)


def _hostile(inventory_out: Path) -> None:
    """Serve hostile hosts until told to stop."""
    from psnet.lab.hostile import HostileServer

    done = threading.Event()
    with _until_told(done), HostileServer() as server:
        path = server.write_inventory(inventory_out)
        for name, says in server.described():
            echo(f"{name:24} {says}")
        echo(f"\ninventory: {path}\ntry: psnet run -i {path} -- hostname\nCtrl-C stops the lab.")
        done.wait()


@contextlib.contextmanager
def _until_told(done: threading.Event) -> Iterator[None]:
    """Set an event at Ctrl-C or SIGTERM; the handlers of before come back at the end."""
    before = {each: signal.signal(each, lambda *_: done.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _keep(server: LabServer, hosts: list[LabHost], folder: Path, done: threading.Event) -> None:
    """Save what changed now and then, and everything at the end."""
    from psnet.lab import state as disk

    disk.save(hosts, folder)
    seen: dict[str, int] = {}
    while not done.wait(_SAVE_EVERY):
        counts = {host.name: server.stats(host.name).requests + _writes(host) for host in hosts}
        disk.save([host for host in hosts if counts[host.name] != seen.get(host.name, 0)], folder)
        seen = counts
    disk.save(hosts, folder)


def _writes(host: LabHost) -> int:
    """Count the writes to a host's Network Controller: REST reaches it beside WinRM."""
    return 0 if host.sdn is None else host.sdn.ids.drawn


@app.command("run", context_settings={"ignore_unknown_options": True})
def run(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="What to run.", show_default=False)],
    os_: OsOption = None,
    count: CountOption = 1,
    culture: CultureOption = "en-US",
    docker: DockerOption = False,
    containerd: ContainerdOption = False,
    controller: ControllerOption = False,
    file: FileOption = None,
    faults: FaultsOption = None,
) -> None:
    """Run a command against fresh hosts; their inventory is in PSNET_INVENTORY. Returns its exit code."""
    from psnet.errors import InputError
    from psnet.lab.run import running_lab

    hosts, plan = _hosts(os_, count, culture, file, faults, docker=docker, containerd=containerd, controller=controller)
    with (
        tempfile.TemporaryDirectory(prefix="psnet-lab-run-") as folder,
        running_lab(hosts, Path(folder), faults=plan) as path,
    ):
        try:
            code = subprocess.run(command, env={**os.environ, "PSNET_INVENTORY": str(path)}, check=False).returncode
        except FileNotFoundError:
            raise InputError(f"there is no command {command[0]}", remedy="give its path") from None
    raise typer.Exit(code)


# A script's own words such as -Name pass; -h would be one of them.
app.command("exec", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})(lab_exec.exec_)
