"""One tool over hosts: ``python -m bench.client STATE TOOL INVENTORY FORKS LAST`` prints what it took as JSON.

Of every tool alike imports and the work on one host, which loads what the first needs, are done before the clock
starts; what that host cost stands beside the rest (``start``). CPU counts this process and its children. LAST is how
many hosts there are. In the place of a tool ``prime`` lets each do its work on one host, so that the lab knows the
answers; names of tools that are left out follow.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.commands import CHANGE, COMMANDS, LOOK
from bench.site import SITE
from psnet.fleet import run_fleet, run_options
from psnet.fleet.operations import ApplyOperation, result_status
from psnet.inventories import load_inventory
from psnet.journal import Recorder, open_journal
from psnet.journal.verified import connection_addresses, known_states, with_known_states
from psnet.transport import connect
from psnet.transport.psrp import session as _loaded  # noqa: F401 - imports are no part of what is measured

try:
    import winrm
    from pypsrp.powershell import PowerShell, RunspacePool
    from pypsrp.wsman import WSMan
except ImportError as error:
    print(f"peers are left out: {error}", file=sys.stderr)
    PEERS = False
else:
    PEERS = True

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.inventories import InventoryHost
    from psnet.journal import Journal
    from psnet.transport import ConnectionSettings


class Clock:
    """Starts when a tool says so, for what it does beforehand is not what is measured."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.cpu, self.wall = _cpu(), time.perf_counter()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, _cpu() - self.cpu


def psnet_apply(hosts: Sequence[InventoryHost], forks: int, clock: Clock, *, executor: str = "threads") -> None:
    """``psnet apply``: observe, plan, apply what there is, verify; recorded in a journal, as the command does it.

    BENCH_JOURNAL names the journal of an earlier run, by which unchanged hosts are known.
    """
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(f"sqlite:///{os.environ.get('BENCH_JOURNAL', folder)}/journal.sqlite")
        clock.start()
        _apply(hosts, forks, executor, journal)


def _apply(hosts: Sequence[InventoryHost], forks: int, executor: str, journal: Journal) -> None:
    work = with_known_states(journal, hosts, {host.name: ApplyOperation(SITE) for host in hosts})
    options = run_options(forks=forks, executor=executor)
    recorder = Recorder(journal, connection_addresses(hosts), known_states(work))
    run = run_fleet(hosts, work, options, status_of=result_status, journal=recorder)
    wrong = [answer for answer in run.hosts if answer.status not in ("unchanged", "changed")]
    if wrong:
        raise SystemExit(f"{wrong[0].host.name}: {wrong[0].status}: {wrong[0].error or wrong[0].value}")


def psnet_session(hosts: Sequence[InventoryHost], forks: int, script: str) -> None:
    """The transport alone: one script over ``psnet.transport.connect``."""

    async def one(host: InventoryHost, room: asyncio.Semaphore) -> None:
        async with room, connect(host.settings()) as session:
            output = await session.run(script)
            if output.failed or output.errors:
                raise SystemExit(f"{host.name}: {output.errors}")

    async def work() -> None:
        room = asyncio.Semaphore(forks)
        await asyncio.gather(*(one(host, room) for host in hosts))

    asyncio.run(work())


def by_pypsrp(hosts: Sequence[InventoryHost], forks: int, scripts: Sequence[str]) -> None:
    """A pool a host, a pipeline a script, as pypsrp's documentation shows it."""

    def work(host: InventoryHost) -> None:
        settings = host.settings()
        wsman = WSMan(
            settings.address,
            port=settings.effective_port,
            path=settings.path,
            auth=settings.auth,
            username=settings.user,
            password=_password(settings),
            cert_validation=settings.ca_file,
        )
        with wsman, RunspacePool(wsman) as pool:
            for script in scripts:
                shell = PowerShell(pool)
                shell.add_script(script)
                shell.invoke()
                if shell.had_errors or shell.streams.error:
                    raise SystemExit(f"{host.name}: {script}: {[item.message for item in shell.streams.error]}")

    _over(hosts, forks, work)


def by_pywinrm(hosts: Sequence[InventoryHost], forks: int, scripts: Sequence[str]) -> None:
    """run_ps for each script, as pywinrm's documentation shows it."""

    def work(host: InventoryHost) -> None:
        settings = host.settings()
        session = winrm.Session(
            f"https://{settings.address}:{settings.effective_port}/{settings.path}",
            auth=(settings.user or "", _password(settings)),
            transport=settings.auth,
            ca_trust_path=settings.ca_file or "legacy_requests",
        )
        for script in scripts:
            answer = session.run_ps(script)
            if answer.status_code:
                raise SystemExit(f"{host.name}: {script}: {answer.std_err!r}")

    _over(hosts, forks, work)


def _password(settings: ConnectionSettings) -> str:
    return settings.password.get_secret_value() if settings.password else ""


def _over(hosts: Sequence[InventoryHost], forks: int, work: Callable[[InventoryHost], None]) -> None:
    with ThreadPoolExecutor(forks) as pool:
        list(pool.map(work, hosts))


#: By the state of the hosts and the tool's name.
TOOLS: dict[str, dict[str, Callable[[Sequence[InventoryHost], int, Clock], Any]]] = {
    "unchanged": {
        "psnet": psnet_apply,
        "psnet, known": psnet_apply,
        "psnet, processes": lambda hosts, forks, clock: psnet_apply(
            hosts, forks, clock, executor=f"processes:{os.cpu_count()}"
        ),
        "psnet, transport": lambda hosts, forks, _: psnet_session(hosts, forks, LOOK),
        "pypsrp": lambda hosts, forks, _: by_pypsrp(hosts, forks, COMMANDS),
        "pypsrp, best": lambda hosts, forks, _: by_pypsrp(hosts, forks, (LOOK,)),
        "pywinrm": lambda hosts, forks, _: by_pywinrm(hosts, forks, COMMANDS),
        "pywinrm, best": lambda hosts, forks, _: by_pywinrm(hosts, forks, (LOOK,)),
    },
    "changed": {
        "psnet": psnet_apply,
        "psnet, transport": lambda hosts, forks, _: psnet_session(hosts, forks, CHANGE),
        "pypsrp, best": lambda hosts, forks, _: by_pypsrp(hosts, forks, (CHANGE,)),
    },
}


if not PEERS:
    TOOLS = {state: {name: each for name, each in tools.items() if "py" not in name} for state, tools in TOOLS.items()}


def main(state: str, tool: str, inventory: str, forks: int, last: int) -> None:
    """Measure one tool."""
    hosts = load_inventory(Path(inventory)).hosts[:last]
    gc.set_threshold(50_000, 20, 20)  # as psnet's commands have it; for all tools alike
    clock = Clock()
    TOOLS[state][tool](hosts[:1], forks, clock)
    _, start = clock.read()
    clock.start()
    TOOLS[state][tool](hosts, forks, clock)
    seconds, cpu = clock.read()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "start": start, "peak_mb": _peak_mb()}))


def prime(state: str, inventory: str, forks: int, without: Sequence[str]) -> None:
    """Let each tool do its work on one host: an unchanged one, or one that is fresh."""
    hosts = load_inventory(Path(inventory)).hosts
    for position, (tool, work) in enumerate(TOOLS[state].items()):
        if tool not in without:
            first = position % len(hosts) if state == "changed" else 0
            work(hosts[first : first + 1], forks, Clock())


def _peak_mb() -> float:
    """Return this process's own peak (Linux); ru_maxrss would hold that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


if __name__ == "__main__":
    if sys.argv[2] == "prime":
        prime(sys.argv[1], sys.argv[3], int(sys.argv[4]), sys.argv[5:])
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
