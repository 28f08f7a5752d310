"""Hosts worked on in processes and on a Dask cluster: the same events and journal, and none lost with a worker."""

from __future__ import annotations

import os
import pickle
import threading
from collections import Counter
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from dask_tls import tls_cluster
from fleet_operations import STEP, Fragile, Script
from pydantic import SecretStr
from sampling import swept
from typer.testing import CliRunner

from psnet._internal.secret import SecretSource
from psnet.cli.app import app
from psnet.errors import InputError, JournalError, RemoteError, WorkerLostError
from psnet.fleet import Planned, RunOptions, dask_executor, dask_task, run_fleet
from psnet.fleet.dask_cluster import contains_secret
from psnet.fleet.messages import ProgressMessage, WorkerLost
from psnet.inventories import load_inventory
from psnet.inventories.connection import GivenSecret
from psnet.inventories.vault import Vaulted
from psnet.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psnet.fleet import ProgressCallback
    from psnet.fleet.dask_executor import DaskExecutor
    from psnet.inventories import InventoryHost
    from psnet.testing import Lab
    from psnet.transport import Session

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")


class Ear:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def handle(self, events: Sequence[Any]) -> None:
        self.heard += events

    def of(self, host: str) -> list[str]:
        return [event.event for event in self.heard if getattr(event, "host", None) == host]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two worker processes behind TLS with a client's certificate."""
    with tls_cluster(tmp_path_factory.mktemp("tls")) as address:
        yield address


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


@pytest.mark.parametrize("executor", [swept("processes:2"), "dask"])
def test_a_worker_that_dies_leaves_its_hosts_unknown_and_the_others_alone(
    tmp_path: Path, executor: str, request: pytest.FixtureRequest
) -> None:
    where = str(request.getfixturevalue("cluster")) if executor == "dask" else executor
    (tmp_path / "hosts.yaml").write_text('hosts: {"h[01:06]": }', encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.yaml").select(None)
    journal = Ear()
    run = run_fleet(hosts, Fragile(), RunOptions(forks=2, executor=where), journal=journal)
    answers = {answer.host.name: answer for answer in run.hosts}
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


@pytest.fixture
def scheduler() -> Iterator[Any]:
    """A cluster of one worker in this process, with a resource of Dask's."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address=":0",
        protocol="tcp://",
        resources={"subnet-a": 1},
    ) as running:
        yield running


def address_of(cluster: Any) -> str:
    return f"dask://{cluster.scheduler_address.removeprefix('tcp://')}"


def hosts_of(folder: Path, names: str) -> Sequence[InventoryHost]:
    (folder / "hosts.yaml").write_text(f"hosts: {names}", encoding="utf-8")
    return load_inventory(folder / "hosts.yaml").select(None)


def test_a_host_is_one_task_on_the_scheduler_and_waits_for_its_resources(scheduler: Any, tmp_path: Path) -> None:
    from distributed import SchedulerPlugin

    given: Counter[Any] = Counter()

    class Seen(SchedulerPlugin):
        def transition(self, key: Any, start: str, finish: str, *_: Any, **__: Any) -> None:
            given[key] += start != finish == "processing"

    scheduler.scheduler.add_plugin(Seen(), name="seen")
    options = RunOptions(forks=3, executor=address_of(scheduler) + "?resources=subnet-a=1")
    run = run_fleet(hosts_of(tmp_path, "{h05: , h06: , h07: }"), Fragile(), options)
    assert run.values == ("h05", "h06", "h07"), run.errors
    assert given == {(f"psnet-{run.id}", name): 1 for name in ("h05", "h06", "h07")}


class Attempts:
    """An operation that never ends before the run lets it, and counts how often it was begun on each host."""

    begun: ClassVar[Counter[str]] = Counter()
    ended: ClassVar[SimpleQueue[Exception | None]] = SimpleQueue()

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> None:
        _ = session
        self.begun[host.name] += 1
        try:
            report(Planned((STEP,)))
        except JournalError as error:
            self.ended.put(error)
            raise
        self.ended.put(None)


def direct(cluster: Any, folder: Path, run: str) -> tuple[DaskExecutor, SimpleQueue[Any], Sequence[InventoryHost]]:
    """Return an executor that nobody but the test answers, what it says, and its host, begun."""
    heard: SimpleQueue[Any] = SimpleQueue()
    hosts = hosts_of(folder, f"{{{run}: }}")
    executor = dask_executor.dask_executor(address_of(cluster), run, 5, hosts, heard.put)
    executor.begin(hosts[0], Attempts())
    assert isinstance(heard.get(timeout=20), ProgressMessage)
    return executor, heard, hosts


def wait_without_room(executor: DaskExecutor) -> None:
    for _ in range(200):
        if not executor.capacity():
            return
        threading.Event().wait(0.05)
    raise AssertionError("the executor still begins hosts")


def test_a_task_that_dask_runs_again_is_refused_its_host(scheduler: Any, tmp_path: Path) -> None:
    """Dask repeats what a lost worker had up to allowed-failures: here it is made to by hand, as a client may."""
    from distributed import Client

    executor, heard, hosts = direct(scheduler, tmp_path, "again")
    payload = pickle.dumps((hosts[0], Attempts()))
    with Client(scheduler.scheduler_address, set_as_default=False) as client:
        assert client.submit(dask_task.work_on_host, "again", payload, pure=False).result(timeout=20) == "refused"
    lost = heard.get(timeout=20)
    assert isinstance(lost, WorkerLost)
    assert lost.hosts == ("again",)
    assert Attempts.begun["again"] == 1
    executor.close()
    assert isinstance(Attempts.ended.get(timeout=20), JournalError)  # nothing was acknowledged: nothing was sent


def test_a_run_that_is_gone_lets_its_tasks_end_without_a_step(
    scheduler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_task, "PATIENCE", 0.1)
    executor, _, _ = direct(scheduler, tmp_path, "killed")
    executor._lease.release()  # as the scheduler does itself when the lease of a dead process runs out
    assert "the run is gone" in str(Attempts.ended.get(timeout=20))
    executor.close()


def test_a_cluster_without_workers_is_given_up_and_says_so(
    scheduler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "NO_WORKERS", 0.1)
    executor, heard, hosts = direct(scheduler, tmp_path, "alone")
    scheduler.scale(0)
    assert heard.get(timeout=20).hosts == ("alone",)
    wait_without_room(executor)
    executor.close()
    with pytest.raises(InputError, match="has no workers"):
        dask_executor.dask_executor(address_of(scheduler), "late", 5, hosts, heard.put)


def test_a_scheduler_that_ends_leaves_its_hosts_unknown(scheduler: Any, tmp_path: Path) -> None:
    executor, heard, _ = direct(scheduler, tmp_path, "ended")
    scheduler.close()
    assert heard.get(timeout=60).hosts == ("ended",)
    wait_without_room(executor)
    executor.close()


def test_resources_that_are_none_are_named(scheduler: Any, tmp_path: Path) -> None:
    options = RunOptions(executor=address_of(scheduler) + "?resources=lots")
    with pytest.raises(InputError, match="resources=lots is no list of Dask resources"):
        run_fleet(hosts_of(tmp_path, "{h01: }"), Script("1"), options)


def test_no_worker_left_leaves_hosts_that_are_not_begun(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("hosts: {h02: , h05: , h06: }", encoding="utf-8")
    hosts = load_inventory(tmp_path / "hosts.yaml").select(None)
    run = run_fleet(hosts, Fragile(), RunOptions(forks=1, executor="processes:1"))
    assert run.counts() == {"error": 1, "not begun": 2}
    assert run.hosts[1].not_begun == "no worker is left"


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
    assert contains_secret(value) is held


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
