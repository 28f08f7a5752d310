"""What a lab that runs says and writes, and what objects of psnet's show of themselves: nothing of a password."""

from __future__ import annotations

import pprint
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from canaries import canary, found_in

import psnet
from psnet.errors import PsnetError
from psnet.inventories import load_inventory
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab


@pytest.mark.parametrize("more", [[], ["--hostile"]], ids=["hosts", "hostile"])
def test_a_lab_prints_no_password_and_keeps_its_files_closed(more: list[str], tmp_path: Path) -> None:
    inventory, state = tmp_path / "inner" / "hosts.yaml", tmp_path / "state"
    inventory.parent.mkdir(mode=0o700)
    words = ["-v", "lab", "up", "--inventory-out", str(inventory), *(more or ["--state", str(state)])]
    with subprocess.Popen(
        [sys.executable, "-m", "psnet", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        assert running.stdout is not None
        said = bytearray()
        while b"Ctrl-C stops" not in said:
            line = running.stdout.readline()
            assert line, bytes(said)
            said += line
        running.send_signal(signal.SIGINT)
        said += running.communicate(timeout=60)[0]
    password = inventory.with_name("hosts.password").read_bytes().strip()
    assert len(password) >= 8
    assert password not in said
    assert password not in inventory.read_bytes()
    assert more or list(state.glob("*.json"))
    opened = [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077 and not path.name.endswith("ca.pem")]
    assert opened == []


def shown(item: Any) -> str:
    return "\n".join([repr(item), str(item), pprint.pformat(item), f"{item!a}"])


def test_nothing_that_python_shows_holds_a_password(
    psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inventories, hosts, settings, sessions, fleets, and what is raised over a logon that is refused."""
    planted = {name: canary(name, "x") for name in ("Url", "Given", "File", "Proxy")}
    lab = psnet_lab("2022")
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "journal.sqlite"))
    (tmp_path / "word").write_text(planted["File"])
    (tmp_path / "word").chmod(0o600)
    path = tmp_path / "hosts.yaml"
    endpoint = next(iter(load_inventory(lab.inventory))).settings()
    path.write_text(
        f"connection: {{user: Administrator, auth: ntlm, ca_file: {endpoint.ca_file}, port: {endpoint.port}, "
        "password: {file: word}, retry: {attempts: 1, resume_within: 0}}\n"
        f"hosts: {{a: {{address: 127.0.0.1}}, b: {{address: 127.0.0.1, connection: {{proxy: "
        f"'http://u:{planted['Proxy']}@127.0.0.1:9'}}}}}}\n"
    )
    told = []
    inventory = load_inventory(path)
    for host in inventory:
        settings = host.settings()
        session = open_session(settings, host.name)
        told += [host, settings, session, settings.model_dump(), settings.model_dump_json()]
        with pytest.raises(PsnetError) as raised:
            session.run("1")
        told += [raised.value, raised.value.args, vars(raised.value)]
        session.close()
    with psnet.connect(
        f"psrp://Administrator@127.0.0.1:{endpoint.port}", password=planted["Given"], ca_file=endpoint.ca_file
    ) as one:
        told += [one, one.settings]
        with pytest.raises(PsnetError) as raised:
            one.observe()
        told += [raised.value, vars(raised.value)]
    with pytest.raises(PsnetError) as refused:
        psnet.connect(f"psrp://Administrator:{planted['Url']}@127.0.0.1:port")
    told += [inventory, refused.value]
    assert len(told) > 15
    assert [(type(item).__name__, found) for item in told if (found := found_in(shown(item).encode(), planted))] == []
