"""Ways to a host that work: client certificates, a proxy, and what docs/connections.md writes down."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import socketserver
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psnet.inventories import load_inventory
from psnet.transport import ConnectionSettings, RetryPolicy, open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

DOCS = Path(__file__).resolve().parents[2] / "docs" / "connections.md"
BOTH = pytest.mark.parametrize("transport", ["psrp", "pypsrp", "winrm"])


def run(lab: Lab, **changes: Any) -> list[str]:
    settings = load_inventory(lab.inventory).hosts[0].settings()
    given = ConnectionSettings.model_validate({**dict(settings), **changes})
    with contextlib.closing(open_session(given, "h1")) as session:
        return session.run("'in'").lines()


@BOTH
@pytest.mark.parametrize("auth", ["basic", "ntlm", "negotiate", "certificate"])
def test_each_logon_works_over_both_transports(psnet_lab: LabMaker, transport: str, auth: str) -> None:
    lab = psnet_lab("2022")
    changes: dict[str, Any] = {"auth": auth, "transport": transport}
    if auth == "certificate":
        issued = lab.server.client_certificate("Administrator@localhost")
        changes |= {"certificate_file": str(issued.certificate), "certificate_key_file": str(issued.key)}
        changes |= {"user": None, "password": None}
    assert run(lab, **changes) == ["in"]


class Tunnel(socketserver.StreamRequestHandler):
    """A proxy that knows CONNECT and nothing else."""

    def handle(self) -> None:
        line = self.rfile.readline().decode()
        while self.rfile.readline().strip():
            pass
        if not line.startswith("CONNECT "):
            return
        address, _, port = line.split()[1].rpartition(":")
        self.server.seen.append(f"{address}:{port}")  # type: ignore[attr-defined]
        with socket.create_connection((address, int(port))) as far:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            ends = {self.connection: far, far: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)


@pytest.fixture
def proxy() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as server:
        server.daemon_threads = True
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@BOTH
def test_a_proxy_is_used_when_one_is_given(
    psnet_lab: LabMaker, transport: str, proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # what the environment says does not count
    assert run(lab, transport=transport) == ["in"]
    url = f"http://127.0.0.1:{proxy.server_address[1]}"
    assert run(lab, transport=transport, proxy=url) == ["in"]
    settings = load_inventory(lab.inventory).hosts[0].settings()
    assert set(proxy.seen) == {f"127.0.0.1:{settings.effective_port}"}


def test_the_inventory_of_the_page_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert found is not None
    path = tmp_path / "hosts.yaml"
    path.write_text(found[1])
    monkeypatch.setattr("psnet._internal.secret._from_keyring", lambda _: None)
    hosts = {host.name: host.settings() for host in load_inventory(path)}
    assert hosts["web1"].retry == RetryPolicy(attempts=4, base=0.5, cap=8, resume_within=30)
    assert hosts["jea1"].configuration_name == "Networks"
    assert (hosts["web2"].auth, hosts["web2"].url) == ("kerberos", "http://web2:5985/wsman")
