"""psnet top: a row a host, what needs attention first."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.cli.top_page import Page
from psnet.errors import InputError
from psnet.lab.wire import Fault, FaultPlan
from psnet.report.overview import HostRow, overview

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.testing import Result

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
    assert lines[-1] == "2 hosts, 1 network, 0 endpoints, 1 drifted, 1 not seen"


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
    screen = Console(width=80, height=20, record=True, file=io.StringIO())
    rows = [HostRow(f"web{number:03}", 20348, (("nat", 1),), 2, 1, number % 50 == 7) for number in range(500)]
    screen.print(overview(rows, "now", 20))
    shown = screen.export_text().splitlines()
    assert len(shown) <= 20
    assert shown[2].startswith("web007")
    assert "and 484 more hosts" in shown
    assert shown[-1] == "500 hosts, 500 networks, 1000 endpoints, 10 drifted"


def page_of(rows: list[HostRow], width: int, height: int) -> list[str]:
    screen = Console(width=width, height=height, record=True, file=io.StringIO())
    screen.print(overview(rows, "now  psnet top, every 10s", height, width))
    return screen.export_text().splitlines()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("height", [4, 10, 24, 50])
@pytest.mark.parametrize("sick", [0, 1, 30])
def test_a_page_fits_every_terminal_and_names_its_hosts(width: int, height: int, sick: int) -> None:
    said = "connecting: the host did not answer within 30 s, and that is said in a rather long sentence " * 2
    rows = [
        HostRow(f"web{number:03}", problem=said)
        if number < sick
        else HostRow(f"web{number:03}", 20348, (("l2bridge", 1), ("nat", 2), ("transparent", 1)), 20, 10, number % 9)
        for number in range(60)
    ]
    shown = page_of(rows, width, height)
    assert max(map(len, shown)) <= width
    assert len(shown) <= max(height, 6 if sick else 5), shown  # at least one host, why, and how many more
    assert shown[2].startswith("web000" if sick else "web001")
    assert "60 hosts" in "".join(shown[-5:])
    assert any(line.startswith("and ") for line in shown) is (not any("web059" in line for line in shown))
    assert any("connecting:" in line for line in shown) is bool(sick)


def test_a_host_that_does_not_answer_is_named_and_the_others_go_on() -> None:
    page = Page(None, "psnet top, every 10s")
    page.begin(["web01", "web02"])
    page.seen(HostRow("web01", 20348))
    screen = Console(width=100, record=True, file=io.StringIO())
    screen.print(page.overview())
    shown = screen.export_text()
    assert "waiting 0 s for web02" in shown.splitlines()[0]
    assert shown.splitlines()[2].startswith("web01")
    page.complete([HostRow("web01", 20348), HostRow("web02", problem="connecting: no")])
    screen.print(page.overview())
    assert "waiting" not in screen.export_text().splitlines()[0]


def test_a_site_that_is_being_written_holds_as_it_was(psnet_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    site = tmp_path / "site.yaml"
    site.write_text(SITE.read_text(encoding="utf-8"), encoding="utf-8")
    words = ["top", "-i", str(lab.inventory), "--site", str(site), "--every", "0", "--count", "2"]
    before = overview_of_rounds(words, after_first=lambda: site.write_text("container_networks: [{", encoding="utf-8"))
    assert before.exit_code == 0, before.output
    first, second = (line for line in before.output.splitlines() if "psnet top" in line)
    assert "as it was" not in first
    assert "site.yaml has a mistake: drift from it as it was" in second
    assert [line.split()[-1] for line in before.output.splitlines() if line.startswith("ws2022")] == ["3", "3"]
    site.write_text("container_networks: [{", encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, words).exception, InputError)


def overview_of_rounds(words: list[str], after_first: Callable[[], object]) -> Result:
    """Run psnet top, and do something after its first round."""
    whole, done = Page.complete, []

    def complete(page: Page, rows: Sequence[HostRow]) -> None:
        whole(page, rows)
        if not done:
            done.append(after_first())

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Page, "complete", complete)
        return CliRunner().invoke(app, words)


def test_the_live_page_follows_the_terminal_and_leaves_a_host_that_hangs(
    psnet_lab: Callable[..., Lab],
) -> None:
    lab = psnet_lab("2022")
    silent = socket.create_server(("127.0.0.1", 0))
    data = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))
    data["hosts"]["hangs"] = {"address": "127.0.0.1", "connection": {"port": silent.getsockname()[1]}}
    (inventory := lab.inventory.parent / "with-hangs.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    terminal, other = pty.openpty()
    resize(terminal, 40, 10)
    words = [sys.executable, "-m", "psnet", "top", "-i", str(inventory), "--every", "1s"]
    sized = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with (
        subprocess.Popen(words, stdin=other, stdout=other, stderr=other, start_new_session=True, env=sized) as running,
        contextlib.ExitStack() as last,
    ):
        last.callback(running.kill)
        os.close(other)
        said = until(terminal, b"20348")  # what the other host answered is shown while this one is waited for
        assert b"containers" not in said
        resize(terminal, 100, 30)
        said += until(terminal, b"containers")
        said += until(terminal, b"s for hangs")
        began = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)
        said += until(terminal, b"never said")
        assert running.wait(timeout=20) == 0, said
        assert time.monotonic() - began < 15
    os.close(terminal)
    silent.close()
    assert b"Traceback" not in said
    assert said.index(b"\x1b[?1049h") < said.rindex(b"\x1b[?1049l")


def resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def until(terminal: int, word: bytes) -> bytes:
    """Return what a terminal says until it has said a word, or no more (OSError on Linux)."""
    said = b""
    with contextlib.suppress(OSError):
        while word not in said and (piece := os.read(terminal, 65536)):
            said += piece
    return said
