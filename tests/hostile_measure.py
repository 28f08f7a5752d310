"""What one hostile host costs a client: peak memory and time, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psnet.lab.hostile import HostileServer, mode_names
from psnet.transport.settings import ConnectionSettings

#: The most that a hostile host may cost: memory in kB beyond what psnet has at rest, and seconds.
MOST_KILOBYTES = 64 * 1024
MOST_SECONDS = 30.0
TRANSPORTS = ("psrp", "pypsrp")
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
_MEASURED = """
import sys, time
from hostile_measure import settings
from psnet.errors import HostError
from psnet.transport import open_session
import psnet.transport.psrp.session, psnet.transport.pypsrp_session, psnet.transport.winrm_session
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


@dataclass(frozen=True)
class Cost:
    """How a session with a hostile host ended, and what it took."""

    name: str
    transport: str
    cause: str
    kilobytes: int
    seconds: float

    def wrong(self) -> list[str]:
        """Return what is not as it should be."""
        expected = (OTHERWISE.get(self.name, ""), "protocol", "budget", "budget-connect", "shown")
        return [
            said
            for said, holds in (
                (f"ended with {self.cause}", self.cause in expected),
                (f"ended with {self.cause}", (self.cause == "shown") == (self.name in SHOWN)),
                (f"{self.kilobytes} kB", self.kilobytes < MOST_KILOBYTES),
                (f"{self.seconds:.0f} s", self.seconds < MOST_SECONDS),
            )
            if not holds
        ]


def settings(server: HostileServer, name: str, transport: str, **more: Any) -> ConnectionSettings:
    """Return how one host of a hostile server is reached, with short times."""
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


def ways() -> list[tuple[str, str]]:
    """Return every mode by every transport; what harms PSRP is no part of pywinrm's text shell."""
    names = mode_names()
    return [
        *((name, transport) for name in names for transport in TRANSPORTS),
        *((name, "winrm") for name in names if name.startswith("http-")),
    ]


def measure(server: HostileServer, name: str, transport: str) -> Cost:
    """Run one script on one hostile host in a new process; raise AssertionError when that process fails."""
    code = _MEASURED.format(
        name=name, port=server.ports[name], password=server.password, ca=str(server.ca_path), transport=transport
    )
    here = str(Path(__file__).parent)
    made = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "PYTHONPATH": here},
    )
    assert made.returncode == 0, made.stderr
    assert made.stderr == ""
    cause, kilobytes, seconds = made.stdout.split()
    return Cost(name, transport, cause, int(kilobytes), float(seconds))
