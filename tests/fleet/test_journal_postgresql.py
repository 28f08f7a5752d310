"""The journal on a PostgreSQL server: a throw-away cluster on a socket of its own."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import JournalError
from psnet.journal import open_journal
from psnet.lab.wire.faults import FaultPlan, Injector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")


class Server:
    """A cluster in a folder; initdb refuses root, so that root uses the account that Debian makes for it."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.user = "postgres" if os.getuid() == 0 else getpass.getuser()
        if os.getuid() == 0:
            account = pwd.getpwnam(self.user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self.run("initdb", "-D", f"{folder}/data", "-U", "psnet", "-A", "trust", "--no-sync")
        self.start()

    def start(self) -> None:
        where = str(self.folder)
        options = f"-c listen_addresses='' -k {where} -c fsync=off"
        self.run("pg_ctl", "-D", f"{where}/data", "-w", "-l", f"{where}/log", "-o", options, "start")

    def run(self, program: str, *words: str) -> None:
        user = self.user if os.getuid() == 0 else None
        command = [str(self.programs / program), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=user)

    def stop(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://psnet@/postgres?host={self.folder}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    from conftest import POSTGRESQL

    assert POSTGRESQL is not None
    folder = Path(tempfile.mkdtemp(prefix="psnet-pg-"))  # a socket's path may have 107 characters
    running = Server(folder, POSTGRESQL)
    yield running
    running.stop()
    shutil.rmtree(folder)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_runs_are_recorded_listed_compared_and_resumed(psnet_lab: LabMaker, server: Server) -> None:
    lab = psnet_lab("2022", count=2)
    common = ("-i", str(lab.inventory), "--yes", "--journal", server.url)
    assert run("apply", SITE, *common, "--limit", "ws2022-01").exit_code == 0
    assert run("apply", SITE, *common, "--forks", "2").exit_code == 0
    record = open_journal(server.url).read("last")
    assert record.counts() == {"unchanged": 1, "changed": 1}
    assert [item["status"] for item in record.changes["ws2022-02"]] == ["changed"] * 3
    assert len(open_journal(server.url).list()) == 2
    assert "every host is as declared" in run("runs", "resume", "last", "--journal", server.url).output


def test_nothing_is_sent_once_the_server_is_gone(psnet_lab: LabMaker, server: Server) -> None:
    lab = psnet_lab("2022", count=2)

    class Cut(Injector):
        def __bool__(self) -> bool:
            return True

        def for_request(self, operation: str) -> list[Any]:
            _ = operation
            server.stop()
            return []

    lab.server.service("ws2022-02").injector = Cut(FaultPlan(), "ws2022-02")
    words = ("apply", SITE, "-i", str(lab.inventory), "--yes", "--journal", server.url, "--forks", "1")
    result = run(*words)
    server.start()
    assert isinstance(result.exception, JournalError)
    assert "psnet runs resume" in str(result.exception)
    assert [len(host.nat.mappings) for host in lab.hosts.values()] == [1, 0]
