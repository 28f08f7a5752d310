"""Hosts that mean harm, over real sockets: each ends with one sentence, in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import HostError, ProtocolError
from psnet.lab.hostile import HostileServer, mode_names
from psnet.transport import open_session
from psnet.transport.settings import ConnectionSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

TRANSPORTS = ("psrp", "pypsrp")
#: What ends at once, for every run of the tests; the rest waits for its time to be over.
QUICK = (
    *("http-endless-head", "http-endless-line", "http-endless-body", "http-huge-length", "http-inflating-body"),
    *("http-inflating-refusal", "http-no-http", "http-html", "http-entities", "http-deep-xml"),
    *("psrp-endless-objects", "psrp-huge-object", "psrp-wide-object", "psrp-deep-object", "psrp-references"),
    *("psrp-cut-fragment", "psrp-stray-fragment", "psrp-broken-clixml", "psrp-wrong-values", "psrp-other-answer"),
)
#: They answer in a way that can be shown.
SHOWN = ("psrp-cycle", "psrp-control-characters")
#: Over these the host is no less than what it says it is: unreachable, or one that refuses.
OTHERWISE = {
    "http-no-handshake": "connect-timeout",
    "http-slow-handshake": "connect-timeout",
    "http-silent": "read-timeout",
    "http-slow-head": "budget-connect",
    "http-slow-body": "budget-connect",
    "http-endless-logon": "password",
    "http-cut-body": "broken",
    "http-redirect": "redirect",
}
SHORT = {"seconds": 2, "connect_seconds": 2}


def settings(server: HostileServer, name: str, transport: str, **more: Any) -> ConnectionSettings:
    return ConnectionSettings.model_validate(
        {
            "address": "127.0.0.1",
            "port": server.ports[name],
            "transport": transport,
            "user": "Administrator",
            "password": server.password,
            "auth": "basic",
            "ca_file": str(server.ca_path),
            "connect_timeout": 2,
            "operation_timeout": 2,
            "read_timeout": 3,
            "retry": {"attempts": 1, "resume_within": 0},
            **more,
        }
    )


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as made:
        yield made


def outcome(server: HostileServer, name: str, transport: str, **budget: float) -> Any:
    session = open_session(settings(server, name, transport, budget=budget), "h")
    try:
        return session.run("hostname")
    except HostError as error:
        return error
    finally:
        session.close()


def said_well(error: HostError) -> None:
    text = str(error)
    assert text.startswith("h: ")
    assert "remedy" in text
    assert not any(word in text for word in ("Error(", "Exception", "object at 0x", "NoneType", "\x1b", "Traceback"))


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", QUICK)
def test_what_is_no_winrm_is_a_protocol_error(server: HostileServer, name: str, transport: str) -> None:
    error = outcome(server, name, transport)
    assert isinstance(error, ProtocolError)
    assert error.cause in ("protocol", "budget")
    said_well(error)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", ["http-slow-body", "http-redirect", "psrp-never-ends", "psrp-trickle"])
def test_what_takes_its_time_is_cut_off(server: HostileServer, name: str, transport: str) -> None:
    before = server.visits
    error = outcome(server, name, transport, **SHORT)
    assert isinstance(error, HostError)
    assert error.cause == OTHERWISE.get(name, "budget")
    said_well(error)
    assert server.visits == before  # where it was sent to, nobody came


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", SHOWN)
def test_what_can_be_shown_is_shown(server: HostileServer, name: str, transport: str) -> None:
    assert len(outcome(server, name, transport).objects) == 1


@pytest.mark.parametrize("name", ["http-html", "http-inflating-body", "http-deep-xml", "http-slow-body"])
def test_winrs_is_no_easier_prey(server: HostileServer, name: str) -> None:
    error = outcome(server, name, "winrm", **SHORT)
    assert isinstance(error, HostError)
    said_well(error)


def test_a_fleet_of_them_has_a_line_each_and_a_good_host_its_answer(
    server: HostileServer, tmp_path: Path, psnet_lab: Any
) -> None:
    lab = psnet_lab("2022")
    hostile = server.write_inventory(tmp_path / "hostile.yaml")
    chosen = ("http-html", "psrp-cycle", "psrp-huge-object", "psrp-wrong-values", "psrp-control-characters")
    made = CliRunner().invoke(
        app,
        [
            *("run", "-i", str(lab.inventory), "-i", str(hostile), "--limit", ":".join(("ws2022", *chosen))),
            *("--json", "--", "'fine'"),
        ],
    )
    ended = [json.loads(line) for line in made.stdout.splitlines() if '"event"' in line]
    assert {item["host"] for item in ended if item["event"] in ("host_finished", "host_failed")} == {"ws2022", *chosen}
    assert not set(made.output) & {"\x1b", "\x07", "\u202e"}


MEASURED = """
import sys, time
from tests.fleet.test_hostile_hosts import settings
from psnet.errors import HostError
from psnet.transport import open_session
import psnet.transport.psrp.session, psnet.transport.pypsrp_session
class Server: ports = {{{name!r}: {port}}}; password = {password!r}; ca_path = {ca!r}
def peak(): return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
more = dict(connect_timeout=5, operation_timeout=4, read_timeout=8, budget=dict(seconds=15, connect_seconds=10))
session = open_session(settings(Server, {name!r}, {transport!r}, **more), "h")
before, began = peak(), time.monotonic()
try:
    session.run("hostname")
except HostError as error:
    print(error.cause, end=" ")
else:
    print("shown", end=" ")
session.close()
print(peak() - before, time.monotonic() - began)
"""


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "transport"),
    [
        *((name, transport) for name in mode_names() for transport in TRANSPORTS),
        *((name, "winrm") for name in mode_names() if name.startswith("http-")),  # PSRP is no part of a text shell
    ],
)
def test_every_mode_is_bounded(server: HostileServer, name: str, transport: str) -> None:
    """Under 64 MB more memory and under 30 s, in a process of its own."""
    code = MEASURED.format(
        name=name, port=server.ports[name], password=server.password, ca=str(server.ca_path), transport=transport
    )
    top = Path(__file__).resolve().parents[2]
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, cwd=top, env=os.environ
    )
    cause, kilobytes, seconds = made.stdout.split()
    assert made.stderr == ""
    assert cause in (OTHERWISE.get(name, ""), "protocol", "budget", "budget-connect", "shown")
    assert (cause == "shown") == (name in SHOWN)
    assert int(kilobytes) < 64 * 1024
    assert float(seconds) < 30


@pytest.mark.sweep
def test_many_hours_in_a_minute() -> None:
    """What ``make soak`` does, smaller."""
    top = Path(__file__).resolve().parents[2]
    command = [sys.executable, "tools/soak.py", "--pipelines", "1100", "--hosts", "20", "--seconds", "10"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, cwd=top)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "1100 of 1100 pipelines" in made.stdout
