"""psnet top: a row a host, what needs attention first."""

from __future__ import annotations

import io
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.lab.wire import Fault, FaultPlan
from psnet.report.overview import HostRow, overview

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

SITE = Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml"


def test_one_round_shows_networks_drift_and_what_is_not_seen(psnet_lab: Callable[..., Lab]) -> None:
    faults = FaultPlan.of(Fault(action="unauthorized", host="ws2022-02", times="always"))
    lab = psnet_lab("2022", count=2, docker=True, faults=faults)
    done = CliRunner().invoke(app, ["top", "-i", str(lab.inventory), "--site", str(SITE), "--count", "1"])
    lines = done.output.splitlines()
    assert done.exit_code == 4
    assert lines[1].split() == ["host", "build", "networks", "endpoints", "containers", "drift"]
    assert lines[2].split() == ["ws2022-02", "not", "seen"]
    assert lines[3].split()[:4] == ["ws2022-01", "20348", "1", "nat"]
    assert lines[3].split()[-1] == "3"
    assert "refused the logon" in done.output
    assert lines[-1] == "2 hosts, 1 networks, 0 endpoints, 1 drifted, 1 not seen"


def test_the_live_page_is_drawn_again_until_ctrl_c_and_gives_the_screen_back(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022")
    terminal, other = pty.openpty()
    words = [sys.executable, "-m", "psnet", "top", "-i", str(lab.inventory), "--every", "1s"]
    with subprocess.Popen(words, stdin=other, stdout=other, stderr=other, start_new_session=True) as running:
        os.close(other)
        said = b""
        while said.count(b"ws2022") < 3:
            said += os.read(terminal, 65536)
        os.killpg(running.pid, signal.SIGINT)
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # Linux says so at the end of a terminal
                break
            if not piece:
                break
            said += piece
    os.close(terminal)
    assert running.returncode == 0, said
    assert b"Traceback" not in said
    assert said.index(b"\x1b[?1049h") < said.rindex(b"\x1b[?1049l")  # the alternate screen, and back


def test_a_page_shows_what_fits() -> None:
    from rich.console import Console

    screen = Console(width=80, height=20, record=True, file=io.StringIO())
    rows = [HostRow(f"web{number:03}", 20348, (("nat", 1),), 2, 1, number % 50 == 7) for number in range(500)]
    screen.print(overview(rows, "now", 20))
    shown = screen.export_text().splitlines()
    assert len(shown) <= 20
    assert shown[2].startswith("web007")
    assert "and 486 more hosts" in shown
    assert shown[-1] == "500 hosts, 500 networks, 1000 endpoints, 10 drifted"
