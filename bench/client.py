"""One tool over a whole inventory: ``python -m bench.client TOOL INVENTORY FORKS`` prints what it took as JSON.

Imports are done before the clock starts; CPU counts this process and its children.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import winrm
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from bench.commands import COMMANDS
from bench.site import SITE
from psnet.fleet import Confirmation, run_fleet, run_options
from psnet.fleet.operations import ApplyOperation, judge_result
from psnet.inventory import load_inventory
from psnet.journal import Recorder, open_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.inventory import InventoryHost


def psnet_apply(hosts: Sequence[InventoryHost], forks: int, executor: str = "threads") -> None:
    """``psnet apply`` on hosts that are as declared: observe, plan, nothing to do; recorded in a journal."""
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(open_journal(f"sqlite:///{folder}/journal.sqlite"))
        options = run_options(forks=forks, executor=executor)
        run = run_fleet(
            hosts, ApplyOperation(SITE, confirmation=Confirmation()), options, judge=judge_result, journal=recorder
        )
    wrong = [answer for answer in run.answers if answer.status != "unchanged"]
    if wrong:
        raise SystemExit(f"{wrong[0].host.name}: {wrong[0].status}: {wrong[0].error}")


def straight_pypsrp(hosts: Sequence[InventoryHost], forks: int) -> None:
    """A pool a host, a pipeline a cmdlet, as pypsrp's documentation shows it."""

    def work(host: InventoryHost) -> None:
        settings = host.settings()
        wsman = WSMan(
            settings.address,
            port=settings.effective_port,
            path=settings.path,
            auth="basic",
            username=settings.user,
            password=settings.password.get_secret_value() if settings.password else None,
            cert_validation=settings.ca_file,
        )
        with wsman, RunspacePool(wsman) as pool:
            for command in COMMANDS:
                shell = PowerShell(pool)
                shell.add_script(command)
                shell.invoke()
                if shell.had_errors:
                    raise SystemExit(f"{host.name}: {command}: {shell.streams.error}")

    _over(hosts, forks, work)


def pywinrm_run_ps(hosts: Sequence[InventoryHost], forks: int) -> None:
    """run_ps for each cmdlet, as pywinrm's documentation shows it."""

    def work(host: InventoryHost) -> None:
        settings = host.settings()
        session = winrm.Session(
            f"https://{settings.address}:{settings.effective_port}/{settings.path}",
            auth=(settings.user or "", settings.password.get_secret_value() if settings.password else ""),
            transport="basic",
            ca_trust_path=settings.ca_file or "legacy_requests",
        )
        for command in COMMANDS:
            answer = session.run_ps(command)
            if answer.status_code:
                raise SystemExit(f"{host.name}: {command}: {answer.std_err!r}")

    _over(hosts, forks, work)


def _over(hosts: Sequence[InventoryHost], forks: int, work: Callable[[InventoryHost], None]) -> None:
    with ThreadPoolExecutor(forks) as pool:
        list(pool.map(work, hosts))


TOOLS: dict[str, Callable[[Sequence[InventoryHost], int], Any]] = {
    "psnet": psnet_apply,
    "psnet, processes": lambda hosts, forks: psnet_apply(hosts, forks, f"processes:{os.cpu_count()}"),
    "pypsrp": straight_pypsrp,
    "pywinrm": pywinrm_run_ps,
}


def main(tool: str, inventory: str, forks: int) -> None:
    """Measure one tool."""
    hosts = load_inventory(Path(inventory)).hosts
    before = _cpu()
    start = time.perf_counter()
    TOOLS[tool](hosts, forks)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "cpu": _cpu() - before, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Return this process's own peak (Linux); ru_maxrss would hold that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
