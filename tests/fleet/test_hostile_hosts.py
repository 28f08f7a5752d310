"""Hosts that mean harm, over real sockets: each ends with one sentence, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hostile_measure import OTHERWISE, SHOWN, TRANSPORTS, measure, settings, ways
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import HostError, ProtocolError
from psnet.lab.hostile import HostileServer
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What ends at once, for every run of the tests; the rest waits for its time to be over.
QUICK = (
    *("http-endless-head", "http-endless-line", "http-endless-body", "http-huge-length", "http-inflating-body"),
    *("http-inflating-refusal", "http-no-http", "http-html", "http-entities", "http-deep-xml"),
    *("psrp-endless-objects", "psrp-huge-object", "psrp-wide-object", "psrp-deep-object", "psrp-references"),
    *("psrp-cut-fragment", "psrp-stray-fragment", "psrp-broken-clixml", "psrp-wrong-values", "psrp-other-answer"),
)
SHORT = {"seconds": 2, "connect_seconds": 2}


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


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_fleet_of_five_with_one_that_holds_itself_has_five_results(
    server: HostileServer, tmp_path: Path, psnet_lab: Any, transport: str
) -> None:
    words = ["run", "--limit", "ws2022-*:psrp-cycle"]
    for path in (psnet_lab("2022", count=4).inventory, server.write_inventory(tmp_path / "hostile.yaml")):
        data = yaml.safe_load(path.read_text())
        data["connection"]["transport"] = transport
        path.write_text(yaml.safe_dump(data))
        words += ["-i", str(path)]
    made = CliRunner().invoke(app, [*words, "--", "'fine'"])
    assert made.exit_code == 0
    assert made.output.count("  fine") == 4
    assert "Self  <Object Name='me'" in made.output
    assert "5 hosts" in made.output
    assert "5 ok" in made.output


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "transport"), ways())
def test_every_mode_is_bounded(server: HostileServer, name: str, transport: str) -> None:
    """Under 64 MB more memory and under 30 s, in a process of its own (``tools/hostile.py`` prints the table)."""
    assert measure(server, name, transport).wrong() == []


@pytest.mark.sweep
def test_many_hours_in_a_minute() -> None:
    """What ``make soak`` does, smaller."""
    top = Path(__file__).resolve().parents[2]
    command = [sys.executable, "tools/soak.py", "--pipelines", "1100", "--hosts", "20", "--seconds", "10"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, cwd=top)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "1100 of 1100 pipelines" in made.stdout
