"""Sessions that lie idle: the host closes their shell, or only the connection; what is safe to repeat goes on.

WinRM ends a shell after its IdleTimeout, and HTTP.SYS a connection on which nothing was said for two minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.inventories import load_inventory
from psnet.lab.run import make_hosts, write_inventory
from psnet.lab.wire import AuthPolicy
from psnet.lab.wire.quotas import Quotas
from psnet.lab.wire.server import LabServer
from psnet.transport import RetryPolicy, open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psnet.transport import Session

TRANSPORTS = ("psrp", "pypsrp", "winrm")
#: Logons over TLS, and such that encrypt each message for its connection.
LOGONS = ("basic", "ntlm", "encrypted", "credssp", "credssp encrypted")
WAYS = [
    swept((transport, logon), when=logon not in ("basic", "encrypted")) for transport in TRANSPORTS for logon in LOGONS
]
ADDS = "[System.IO.File]::AppendAllText('C:\\count.txt', 'x')"


class Idle:
    """A host whose shells are closed after a second without a request."""

    def __init__(self, server: LabServer, settings: Any) -> None:
        self.server = server
        self._settings = settings
        self.service = server.service("ws2022")

    def session(self, transport: str, logon: str) -> Session:
        """Return a session by one of the ways."""
        changes: dict[str, Any] = {"transport": transport, "auth": logon.partition(" ")[0]}
        if logon.endswith("encrypted"):
            port = next(iter(self.server.endpoints.values())).http_port
            auth = "credssp" if logon.startswith("credssp") else "ntlm"
            changes |= {"scheme": "http", "port": port, "auth": auth}
        settings = type(self._settings).model_validate({**dict(self._settings), **changes})
        return open_session(settings, "ws2022")

    def wait(self, over: Callable[[], bool]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + 30
        while not over():
            assert time.monotonic() < until
            time.sleep(0.01)

    def close_shells(self) -> None:
        """Let the idle time of every shell be over, as its timer does."""

        async def over() -> None:
            for shell in list(self.service.shells.values()):
                self.service.remove_shell(shell)

        self._on_loop(over)
        assert not self.service.shells

    def close_connections(self) -> None:
        """Close every connection with FIN, as HTTP.SYS does with idle ones."""

        async def over() -> None:
            for connection in list(self.service.connections):
                if connection.transport is not None:
                    connection.transport.abort()  # nothing is unread, so that FIN is what is sent

        self._on_loop(over)
        self.wait(lambda: not self.service.connections)

    def _on_loop(self, work: Callable[[], Any]) -> None:
        asyncio.run_coroutine_threadsafe(work(), self.service.loop).result(20)


@pytest.fixture
def idle(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Idle]:
    given: dict[str, Any] = getattr(request, "param", {})
    hosts = make_hosts(["2022"])
    with LabServer(hosts, policy=AuthPolicy(credssp=True), **given) as server:
        path = write_inventory(server, hosts, tmp_path / "hosts.yaml")
        settings = load_inventory(path).hosts[0].settings()
        yield Idle(server, settings.model_copy(update={"retry": RetryPolicy(base=0.01, cap=0.05)}))


@pytest.mark.parametrize("idle", [{"quotas": Quotas(idle_timeout_ms=1000)}], indirect=True)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_shell_that_the_host_closes_as_idle_is_opened_anew(idle: Idle, transport: str) -> None:
    """The host's own timer, nothing else."""
    with contextlib.closing(idle.session(transport, "basic")) as session:
        assert session.run("'first'").lines() == ["first"]
        idle.wait(lambda: not idle.service.shells)
        assert session.run("'second'", reading=True).lines() == ["second"]
        idle.wait(lambda: not idle.service.shells)
        assert session.run(f"{ADDS}; 'third'").lines() == ["third"]


@pytest.mark.parametrize(("transport", "logon"), WAYS)
@pytest.mark.parametrize("what", ["connection", "both"])
def test_after_idling_everything_goes_on(idle: Idle, transport: str, logon: str, what: str, tmp_path: Path) -> None:
    """A script that reads, one that writes (once), and files: none of them has begun when the host says no."""

    def lie_idle() -> None:
        if what == "both":
            idle.close_shells()
        idle.close_connections()

    source = tmp_path / "file"
    source.write_bytes(bytes(range(256)) * 1200)
    with contextlib.closing(idle.session(transport, logon)) as session:
        assert session.run("'first'").lines() == ["first"]
        lie_idle()
        assert session.run("'second'", reading=True).lines() == ["second"]
        lie_idle()
        assert session.run(f"{ADDS}; 'third'").lines() == ["third"]
        lie_idle()
        session.put(source, "C:\\put.bin")
        lie_idle()
        assert session.get("C:\\put.bin") == source.read_bytes()
        assert session.get("C:\\count.txt") == b"x"


@pytest.mark.parametrize("logon", ["basic", "encrypted"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_after_idling_a_closed_session_has_nothing_to_say(idle: Idle, transport: str, logon: str) -> None:
    session = idle.session(transport, logon)
    session.run("1")
    idle.close_shells()
    idle.close_connections()
    session.close()
    assert not session.stop()
