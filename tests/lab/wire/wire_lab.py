from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from tiny_backend import ACCOUNTS, TinyBackend, TinyHost

from psnet.lab.wire import LabServer

USER, PASSWORD = ACCOUNTS[0].user, ACCOUNTS[0].password


@dataclass
class Lab:
    server: LabServer
    backends: dict[str, TinyBackend]

    def wsman(self, auth: str = "basic", host: str = "HOST1", **options: Any) -> WSMan:
        """A pypsrp connection; auth ``ntlm-tls`` and the like chooses HTTPS."""
        endpoint = self.server.endpoints[host]
        method, _, over = auth.partition("-")
        tls = method in {"basic", "certificate"} or over == "tls"
        settings: dict[str, Any] = {
            "port": endpoint.https_port if tls else endpoint.http_port,
            "username": USER,
            "password": PASSWORD,
            "ssl": tls,
            "path": endpoint.path,
            "auth": method,
            "cert_validation": str(endpoint.ca_path),
            "no_proxy": True,
            "operation_timeout": 10,
        }
        settings.update(options)
        connection = WSMan(endpoint.address, **settings)
        if connection.transport.session is None:
            session = connection.transport._build_session()
            session.trust_env = False
            connection.transport.session = session
        return connection

    @contextlib.contextmanager
    def pool(self, auth: str = "basic", host: str = "HOST1", **options: Any) -> Iterator[RunspacePool]:
        with self.wsman(auth, host) as connection, RunspacePool(connection, **options) as pool:
            yield pool


LabMaker = Callable[..., Lab]
Run = Callable[..., PowerShell]


@contextlib.contextmanager
def running_lab(*hosts: TinyHost, **options: Any) -> Iterator[Lab]:
    backends: dict[str, TinyBackend] = {}

    def make(host: Any) -> TinyBackend:
        backends[host.name] = TinyBackend(host)
        return backends[host.name]

    with LabServer(hosts or (TinyHost("HOST1"),), backend=make, **options) as server:
        yield Lab(server, backends)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread is about to do."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running_lab(TinyHost("HOST1"), TinyHost("HOST2", accounts=())) as running:
        yield running


@pytest.fixture
def make_lab() -> Iterator[LabMaker]:
    with contextlib.ExitStack() as stack:
        yield lambda *hosts, **options: stack.enter_context(running_lab(*hosts, **options))


@pytest.fixture(scope="session")
def run() -> Run:
    def invoke(pool: RunspacePool, script: str, input_: Any = None) -> PowerShell:
        shell = PowerShell(pool)
        shell.add_script(script)
        shell.invoke(input=input_)
        return shell

    return invoke
