"""SIGKILL at any point, then resume: nothing is lost and nothing is repeated.

The points are counted, not timed: the n-th request that the lab gets, the n-th cmdlet of a kind that it runs, and just
before and after the n-th write of the journal.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.journal import open_journal
from psnet.lab.wire.faults import FaultPlan, Injector

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")
#: psnet that kills itself at a write of its journal.
SUICIDE = """
import os, signal, sys
from psnet.cli import main
from psnet.journal import Recorder
when, number = sys.argv.pop(1), int(sys.argv.pop(1))
write, count = Recorder.handle, 0
def handle(self, events):
    global count
    count += 1
    if when == "before" and count == number:
        os.kill(os.getpid(), signal.SIGKILL)
    write(self, events)
    if when == "after" and count == number:
        os.kill(os.getpid(), signal.SIGKILL)
Recorder.handle = handle
main()
"""


class Watch:
    """What the lab sees, and the process that dies at a point."""

    def __init__(self, lab: Lab) -> None:
        self.lock = threading.Lock()
        self.requests = 0
        self.cmdlets: Counter[tuple[str, str]] = Counter()
        self.point: tuple[str, int] = ("", 0)
        self.victim: subprocess.Popen[bytes] | None = None
        self.ready = threading.Event()
        for name in lab.hosts:
            lab.server.service(name).injector = _Eye(self, name)

    def seen(self, what: str, count: int) -> None:
        if self.point == (what, count) and self.victim is not None:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait()  # it is gone before the lab goes on


class _Eye(Injector):
    def __init__(self, watch: Watch, host: str) -> None:
        super().__init__(FaultPlan(), host)
        self.watch, self.name = watch, host

    def __bool__(self) -> bool:
        return True

    def for_request(self, operation: str) -> list[Any]:
        _ = operation
        self.watch.ready.wait(20)
        with self.watch.lock:
            self.watch.requests += 1
            self.watch.seen("request", self.watch.requests)
        return []

    def for_cmdlet(self, name: str) -> list[Any]:
        with self.watch.lock:
            self.watch.cmdlets[self.name, name] += 1
            self.watch.seen(name, sum(count for (_, each), count in self.watch.cmdlets.items() if each == name))
        return []


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("before", 1),
        swept(("after", 1)),
        swept(("after", 2)),
        swept(("after", 4)),
        ("after", 5),
        swept(("request", 12)),
        ("Add-NetNatStaticMapping", 1),
        swept(("New-NetFirewallRule", 2)),
        ("request", 19),
    ],
    ids=str,
)
def test_a_killed_run_is_resumed_and_loses_and_repeats_nothing(
    psnet_lab: LabMaker, tmp_path: Path, place: str, number: int
) -> None:
    point = (place, number)
    lab = psnet_lab("2022", count=2)
    watch = Watch(lab)
    journal = tmp_path / "j.sqlite"
    words = ["apply", SITE, "-i", str(lab.inventory), "--yes", "--forks", "1", "--journal", str(journal)]
    own = point[0] in ("before", "after")
    command = [sys.executable, "-c", SUICIDE, point[0], str(point[1])] if own else [sys.executable, "-m", "psnet"]
    if not own:
        watch.point = point
    process = subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch.victim = process
    watch.ready.set()
    assert process.wait(timeout=60) == -signal.SIGKILL
    watch.point = ("", 0)
    again = ["runs", "resume", "last", "--yes", "--journal", str(journal)]
    if point == ("before", 1):  # nothing was recorded, so nothing was done
        assert not watch.requests
        again = words
    done = set()
    if point != ("before", 1):
        killed = open_journal(f"sqlite:///{journal}").read("last")
        done = {str(row["host"]) for row in killed.hosts if row["status"] == "changed"}
    before = {name: lab.server.stats(name).requests for name in done}
    resumed = CliRunner().invoke(app, again)
    assert resumed.exit_code == 0, resumed.output
    for name, host in lab.hosts.items():
        assert [item.name for item in host.nat.nats] == ["web"], name
        assert [item.external_port for item in host.nat.mappings] == [8080], name
        assert [rule for rule in host.firewall.rules if rule.startswith("psnet-")] == ["psnet-mapping-http"], name
        for cmdlet in ("Add-NetNatStaticMapping", "New-NetFirewallRule"):
            assert watch.cmdlets[name, cmdlet] == 1, (name, cmdlet)
    assert {name: lab.server.stats(name).requests for name in done} == before
    assert set(open_journal(f"sqlite:///{journal}").read("last").counts()) <= {"changed", "unchanged"}
