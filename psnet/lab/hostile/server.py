"""The hostile hosts of a lab: one port each, all on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from psnet._internal.output import make_folder, write_whole
from psnet.errors import LabError
from psnet.lab.contract.lifecycle import Startable
from psnet.lab.hostile.connection import Connection, DisconnectedError
from psnet.lab.hostile.http_modes import HTTP, RAW
from psnet.lab.hostile.psrp_modes import MODES, WSMAN_MODES
from psnet.lab.hostile.wsman import Shell
from psnet.lab.run import ADMINISTRATOR, write_secret
from psnet.lab.wire.tls import Authority

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Sequence

_PREFIX = {"http": (*RAW, *HTTP), "psrp": (*MODES, *WSMAN_MODES)}


def mode_names() -> tuple[str, ...]:
    """Return the names of all modes: ``http-...`` act before WSMan, ``psrp-...`` after the logon."""
    return tuple(f"{kind}-{name}" for kind, names in _PREFIX.items() for name in names)


class HostileServer(Startable):
    """Serves one host a mode until ``stop``; also a context manager.

    ``visits`` counts the requests that came to the place where the mode ``http-redirect`` sends its clients.
    """

    def __init__(self, modes: Sequence[str] = (), *, address: str = "127.0.0.1") -> None:
        unknown = sorted(set(modes) - set(mode_names()))
        if unknown:
            raise LabError(f"there is no hostile mode {unknown[0]}", remedy=f"one of {', '.join(mode_names())}")
        self.modes = tuple(modes) or mode_names()
        self.password = secrets.token_urlsafe(18)
        self.ports: dict[str, int] = {}
        self.visits = 0
        self.address = address
        self._folder = tempfile.TemporaryDirectory(prefix="psnet-hostile-")
        self._authority: Authority | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="psnet-hostile", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._elsewhere = ""

    @property
    def ca_path(self) -> Path:
        """The CA of the hosts' certificate."""
        if self._authority is None:
            raise LabError("the hostile hosts are not started")
        return self._authority.ca_path

    def start(self) -> None:
        """Start listening on one port for each mode."""
        self._authority = Authority(Path(self._folder.name))
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def stop(self) -> None:
        """Close everything."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def described(self) -> list[tuple[str, str]]:
        """Return each host's name and what it does."""
        ways: dict[str, Any] = {
            **{f"http-{name}": way for name, way in {**RAW, **HTTP}.items()},
            **{f"psrp-{name}": way for name, way in MODES.items()},
        }
        said = {"psrp-other-answer": "Answer another request.", "psrp-endless-pool": "Open a runspace pool for ever."}
        return [(name, said.get(name) or str(ways[name].__doc__)) for name in self.ports]

    def write_inventory(self, path: Path) -> Path:
        """Write an inventory that reaches every host, its CA and its password; return the path.

        Time-outs are short, so that a fleet of such hosts ends within half a minute; other budgets are the defaults.
        """
        make_folder(path.parent)
        authority, password = path.with_name(f"{path.stem}.ca.pem"), path.with_name(f"{path.stem}.password")
        shutil.copyfile(self.ca_path, authority)
        write_secret(password, f"{self.password}\n")
        data: dict[str, Any] = {
            "connection": {
                "user": ADMINISTRATOR,
                "password": {"file": password.name},
                "ca_file": authority.name,
                "auth": "basic",
                "connect_timeout": 5,
                "operation_timeout": 4,
                "read_timeout": 8,
                "retry": {"attempts": 1, "resume_within": 0},
                "budget": {"seconds": 12, "connect_seconds": 10},
            },
            "hosts": {
                name: {"address": self.address, "connection": {"port": port}} for name, port in self.ports.items()
            },
        }
        text = yaml.safe_dump(data, sort_keys=False)
        write_whole(path, f"# Hostile hosts of psnet lab.\n{text}")
        return path

    async def _open(self) -> None:
        assert self._authority is not None  # noqa: S101 - start() has made it
        context = self._authority.context
        there = await asyncio.start_server(self._visited, self.address, 0, ssl=context)
        self._servers.append(there)
        self._elsewhere = f"https://{self.address}:{there.sockets[0].getsockname()[1]}/wsman"
        for name in self.modes:
            kind, _, mode = name.partition("-")
            raw = kind == "http" and mode in RAW
            server = await asyncio.start_server(
                self._serving(kind, mode), self.address, 0, ssl=None if raw else context
            )
            self._servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]

    def _serving(self, kind: str, mode: str) -> Any:
        shell = Shell(mode) if kind == "psrp" else None

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            connection = Connection(reader, writer, self._elsewhere)
            try:
                if shell is not None:
                    await shell.serve(connection)
                elif mode in RAW:
                    await RAW[mode](connection)
                else:
                    await connection.request()
                    await HTTP[mode](connection)
            except (DisconnectedError, OSError, asyncio.CancelledError):
                return
            finally:
                writer.close()

        return serve

    async def _visited(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(DisconnectedError, OSError):
            await Connection(reader, writer).request()
            self.visits += 1
        writer.close()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
