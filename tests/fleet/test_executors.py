"""Hosts worked on in processes and on a Dask cluster: the same events and journal, and none lost with a worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fleet_operations import Fragile, Script
from pydantic import SecretStr
from typer.testing import CliRunner

from psnet._internal.secret import SecretSource
from psnet.cli.app import app
from psnet.errors import InputError, RemoteError, WorkerLostError
from psnet.fleet import RunOptions, run_fleet
from psnet.fleet.dask_executor import holds_secret
from psnet.inventory import load_inventory
from psnet.inventory.connection import GivenSecret
from psnet.inventory.vault import Vaulted
from psnet.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")


class Ear:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def hear(self, events: Sequence[Any]) -> None:
        self.heard += events

    def of(self, host: str) -> list[str]:
        return [event.event for event in self.heard if getattr(event, "host", None) == host]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two worker processes behind TLS with a client's certificate."""
    from distributed import LocalCluster, Security

    security = Security.temporary()
    folder = tmp_path_factory.mktemp("tls")
    for name, text in (
        ("ca", security.tls_ca_file),
        ("cert", security.tls_client_cert),
        ("key", security.tls_client_key),
    ):
        (folder / name).write_text(str(text), encoding="utf-8")
    query = "&".join(f"{name}={folder / name}" for name in ("ca", "cert", "key"))
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        security=security,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tls://",
    ) as running:
        yield f"dask+tls://{running.scheduler_address.removeprefix('tls://')}?{query}"


@pytest.fixture(params=["processes:2", "dask"])
def executor(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("cluster")) if request.param == "dask" else str(request.param)


def test_hosts_are_converged_by_other_processes_with_the_same_events_and_journal(
    psnet_lab: LabMaker, tmp_path: Path, executor: str
) -> None:
    lab = psnet_lab("2022", count=2)
    path = tmp_path / "j.sqlite"
    words = ["apply", SITE, "-i", str(lab.inventory), "--yes", "--journal", str(path), "--executor", executor]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    record = open_journal(f"sqlite:///{path}").read("last")
    assert record.counts() == {"changed": 2}
    assert {item["status"] for items in record.changes.values() for item in items} == {"changed"}
    assert [len(host.nat.mappings) for host in lab.hosts.values()] == [1, 1]
    assert lab.hosts["ws2022-01"].password not in path.read_bytes().decode("latin-1")


def test_work_is_spread_over_several_processes(psnet_lab: LabMaker, executor: str) -> None:
    lab = psnet_lab("2022", count=2)
    options = RunOptions(forks=2, executor=executor)
    run = run_fleet(load_inventory(lab.inventory).select(None), Script("$env:COMPUTERNAME"), options)
    assert run.status == "done", run.errors
    pids = {pid for pid, _ in run.values}
    assert len(pids) == 2
    assert str(os.getpid()) not in pids
    assert [said[0].lower() for _, said in run.values] == [name[:15] for name in lab.hosts]


@pytest.mark.parametrize("executor", ["processes:2", "dask"])
def test_a_worker_that_dies_leaves_its_hosts_unknown_and_the_others_alone(
    tmp_path: Path, executor: str, request: pytest.FixtureRequest
) -> None:
    where = str(request.getfixturevalue("cluster")) if executor == "dask" else executor
    (tmp_path / "hosts.yaml").write_text('hosts: {"h[01:06]": }', encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.yaml").select(None)
    journal = Ear()
    run = run_fleet(hosts, Fragile(), RunOptions(forks=2, executor=where), journal=journal)
    answers = {answer.host.name: answer for answer in run.answers}
    assert isinstance(answers["h02"].error, WorkerLostError)
    assert "not known" in str(answers["h02"].error)
    assert journal.of("h02") == ["host_began", "host_planned", "host_failed"]  # never begun again
    failed = answers["h03"].error
    assert isinstance(failed, RemoteError | WorkerLostError)
    if isinstance(failed, RemoteError):
        assert (failed.error_id, failed.step, failed.remedy) == ("A,B", "applying", "mend it")
    assert "cannot travel" in str(answers["h04"].error)
    assert answers["h05"].value == "h05"
    assert answers["h06"].value == "h06"
    assert journal.of("h06") == ["host_began", "host_planned", "change_done", "host_finished"]


def test_no_worker_left_leaves_hosts_that_are_not_begun(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("hosts: {h02: , h05: , h06: }", encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.yaml").select(None)
    run = run_fleet(hosts, Fragile(), RunOptions(forks=1, executor="processes:1"))
    assert run.counts() == {"error": 1, "not begun": 2}
    assert run.answers[1].not_begun == "no worker is left"


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ({"user": "a", "port": 5986}, False),
        ({"password": SecretSource(env="X")}, False),
        ({"password": SecretSource(prompt="which")}, False),
        ({"password": SecretSource(prompt="which", given=SecretStr("x"))}, True),
        ({"password": SecretStr("x")}, True),
        ({"password": GivenSecret(SecretStr("x"))}, True),
        ({"password": GivenSecret(Vaulted("$ANSIBLE_VAULT;1.1;AES256", "f"))}, False),
        ({"a": [{"b": (SecretStr("x"),)}]}, True),
    ],
)
def test_what_holds_a_secret_is_known(value: Any, held: Any) -> None:
    assert holds_secret(value) is held


def test_a_secret_never_travels_in_the_clear(tmp_path: Path) -> None:
    (tmp_path / "hosts.ini").write_text("[all:vars]\nansible_password=hidden\n[web]\nweb01\n", encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.ini").select(None)
    with pytest.raises(InputError, match="secrets of web01 would travel in the clear") as caught:
        run_fleet(hosts, Script("1"), RunOptions(executor="dask://127.0.0.1:1"))
    assert "hidden" not in str(caught.value)


def test_a_scheduler_that_is_not_there_is_an_error_before_anything_is_begun(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("hosts: {h01: }", encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.yaml").select(None)
    with pytest.raises(InputError, match="cannot be reached"):
        run_fleet(hosts, Script("1"), RunOptions(executor="dask+tls://127.0.0.1:1?ca=none"))
