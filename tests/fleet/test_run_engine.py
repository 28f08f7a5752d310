"""The run engine: batches, limits, stopping, events, the journal's place; works that need no host."""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psnet import errors
from psnet.errors import HostError, InputError, JournalError, Problem, PsnetError
from psnet.fleet import Done, Planned, ResultStatus, RunOptions, Stop, run_fleet, run_options
from psnet.fleet import events as ev
from psnet.fleet.events import Step
from psnet.inventories import load_inventory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from psnet.inventories import InventoryHost

STEP = Step(id="1", operation="create", kind="nat", name="a")


class Ear:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def handle(self, events: Sequence[Any]) -> None:
        self.heard += events

    def names(self, kind: type) -> list[str]:
        return [event.host for event in self.heard if isinstance(event, kind)]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[InventoryHost, ...]]:
    path: Path = tmp_path_factory.mktemp("inventory") / "hosts.yaml"

    def make(count: int) -> tuple[InventoryHost, ...]:
        path.write_text(f'hosts: {{"h[01:{count:02d}]": }}', encoding="utf-8")
        return tuple(load_inventory(path))

    return make


def fails_on(*names: str) -> Any:
    def work(_session: Any, host: InventoryHost, _report: Any) -> str:
        if host.name in names:
            raise HostError("no", host=host.name)
        return host.name

    return work


@pytest.mark.parametrize(
    ("options", "failing", "begun", "why"),
    [
        ({}, ["h01", "h02"], 6, ""),
        ({"max_fail": "0"}, ["h01"], 1, "more failures than --max-fail 0"),
        ({"max_fail": "1"}, ["h01", "h02"], 2, "more failures than --max-fail 1"),
        ({"serial": "3", "max_fail": "33%"}, ["h01"], 1, "more failures than --max-fail 33%"),
        ({"serial": "3", "max_fail": "34%"}, ["h01", "h04"], 6, ""),
        ({"serial": "2"}, ["h01"], 6, ""),
        ({"serial": "2"}, ["h01", "h02"], 2, "every host of a batch failed"),
        ({"serial": "2", "max_fail": "100%"}, ["h01", "h02"], 6, ""),
        ({"canary": True}, ["h01"], 1, "the canary failed"),
        ({"canary": True}, ["h02"], 6, ""),
        ({"canary": True, "order": "reverse"}, ["h06"], 1, "the canary failed"),
    ],
)
def test_which_hosts_are_begun(hosts: Any, options: dict[str, Any], failing: list[str], begun: int, why: str) -> None:
    ear = Ear()
    run = run_fleet(hosts(6), fails_on(*failing), RunOptions(forks=1, **options), listeners=[ear])
    assert [answer.host.name for answer in run.hosts] == ["h01", "h02", "h03", "h04", "h05", "h06"]
    assert len(ear.names(ev.HostBegan)) == begun
    assert sorted(ear.names(ev.HostNotBegun)) == sorted(run.not_begun)
    assert {answer.not_begun for answer in run.hosts if answer.not_begun} == ({why} if why else set())
    assert run.status == ("failed" if failing else "done")


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 12),
    st.sampled_from([None, "1", "7", "30%", "1,50%"]),
    st.sampled_from(["inventory", "reverse", "shuffle", "reverse_sorted"]),
    st.sets(st.integers(1, 40)),
    st.sampled_from([None, "0", "2", "20%"]),
)
def test_no_host_is_ever_missing(
    hosts: Any, count: int, forks: int, serial: str | None, order: Any, failing: set[int], limit: str | None
) -> None:
    ear = Ear()
    options = RunOptions(forks=forks, serial=serial, order=order, max_fail=limit)
    chosen = hosts(count)
    run = run_fleet(chosen, fails_on(*(f"h{number:02d}" for number in failing)), options, listeners=[ear])
    assert [answer.host for answer in run.hosts] == list(chosen)
    ended = ear.names(ev.HostFinished) + ear.names(ev.HostFailed) + ear.names(ev.HostNotBegun)
    assert sorted(ended) == [host.name for host in chosen]
    assert sum(run.counts().values()) == count
    assert isinstance(ear.heard[0], ev.RunBegan)
    assert isinstance(ear.heard[-1], ev.RunEnded)


def test_no_more_hosts_at_once_than_forks(hosts: Any) -> None:
    lock, now, most = threading.Lock(), [0], [0]
    full = threading.Barrier(4, timeout=20)

    def work(_session: Any, _host: Any, _report: Any) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        full.wait()  # four are there at the same time, or this times out
        with lock:
            now[0] -= 1

    run_fleet(hosts(8), work, RunOptions(forks=4))
    assert most == [4]


def test_a_plan_is_recorded_before_the_work_goes_on_and_outcomes_before_it_ends(hosts: Any) -> None:
    journal = Ear()
    seen: dict[str, tuple[int, int]] = {}

    def work(_session: Any, host: InventoryHost, report: Any) -> None:
        report(Planned((STEP,)))
        planned = journal.names(ev.HostPlanned).count(host.name)
        outcome = {"id": "1", "kind": "nat", "name": "a", "operation": "create", "status": "changed"}
        report(Done((ev.Outcome.model_validate(outcome),)))
        seen[host.name] = planned, journal.names(ev.ChangeDone).count(host.name)

    run = run_fleet(hosts(20), work, RunOptions(forks=7), journal=journal)
    assert run.status == "done"
    assert set(seen.values()) == {(1, 1)}


def test_a_journal_that_fails_stops_everything_before_it_is_sent(hosts: Any) -> None:
    class Full(Ear):
        def handle(self, events: Sequence[Any]) -> None:
            super().handle(events)
            if any(isinstance(event, ev.HostPlanned) for event in events):
                raise JournalError("disk full")

    sent: list[str] = []

    def work(_session: Any, host: InventoryHost, report: Any) -> None:
        report(Planned((STEP,)))
        sent.append(host.name)

    run = run_fleet(hosts(9), work, RunOptions(forks=2), journal=Full())
    assert not sent
    assert run.status == "failed"
    assert isinstance(run.broken, JournalError)
    assert run.counts() == {"error": 2, "not begun": 7}


def test_stopping_begins_no_host_and_lets_those_under_way_finish(hosts: Any) -> None:
    stop, ear = Stop(), Ear()

    def work(_session: Any, host: InventoryHost, _report: Any) -> str:
        stop.request()
        return host.name

    run = run_fleet(hosts(5), work, RunOptions(forks=1), stop=stop, listeners=[ear])
    assert run.status == "interrupted"
    assert run.counts() == {"ok": 1, "not begun": 4}


def test_leaving_reports_hosts_that_do_not_answer(hosts: Any) -> None:
    stop, never = Stop(), threading.Event()

    def work(_session: Any, _host: Any, _report: Any) -> None:
        for _ in range(3):
            stop.request()
        never.wait(20)

    run = run_fleet(hosts(3), work, RunOptions(forks=1), stop=stop)
    never.set()
    assert run.counts() == {"error": 1, "not begun": 2}
    assert "not known" in str(run.hosts[0].error)


def test_nothing_is_sent_after_pipelines_are_stopped(hosts: Any) -> None:
    stop, sent = Stop(), []

    def work(_session: Any, host: InventoryHost, report: Any) -> None:
        stop.request()
        stop.request()
        report(Done(()))  # the run has heard of the stop when this returns
        report(Planned((STEP,)))
        sent.append(host.name)

    run = run_fleet(hosts(2), work, RunOptions(forks=1), stop=stop)
    assert not sent
    assert "was stopped" in str(run.hosts[0].error)


def test_a_listener_whose_pipe_is_closed_does_not_end_the_run(hosts: Any) -> None:
    class Closed(Ear):
        def handle(self, events: Sequence[Any]) -> None:
            super().handle(events)
            raise BrokenPipeError

    closed, ear = Closed(), Ear()
    run = run_fleet(hosts(3), fails_on(), listeners=[closed, ear])
    assert run.status == "done"
    assert len(closed.heard) == 1
    assert len(ear.heard) > 5


def test_a_judge_says_what_counts_as_a_failure(hosts: Any) -> None:
    def status_of(value: str) -> ResultStatus:
        return ResultStatus("sick", failed=True) if value == "h02" else ResultStatus("healthy")

    run = run_fleet(hosts(3), fails_on(), status_of=status_of)
    assert run.counts() == {"healthy": 2, "sick": 1}
    assert run.status == "failed"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"serial": "0"}, "--serial 0 is no size"),
        ({"max_fail": "x"}, "--max-fail x is no number"),
        ({"order": "random"}, "--order random"),
        ({"executor": "fibers"}, "--executor fibers is no executor"),
        ({"executor": "processes:0"}, "--executor processes:0 is no executor"),
        ({"executor": "dask://here"}, "--executor dask://here is no executor"),
        ({"forks": 0}, "--forks 0"),
    ],
)
def test_an_option_that_means_nothing_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run_options(**given)


def kinds(kind: type[PsnetError]) -> list[type[PsnetError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in kinds(below))]


def test_every_error_travels_with_all_its_fields() -> None:
    import psnet.inventories
    import psnet.mof

    assert psnet.mof
    for kind in kinds(PsnetError):
        made = kind.__new__(kind)
        made.args = ("what went wrong",)
        made.__dict__ = {
            "message": "what went wrong",
            "host": "web01",
            "step": "applying",
            "remedy": "mend it",
            "error_id": "X,Y",
            "problems": (Problem("p", "site.yaml", 3),),
        }
        back = pickle.loads(pickle.dumps(made))
        assert type(back) is kind
        assert back.__dict__ == made.__dict__
        assert back.args == made.args
        assert str(back) == str(made)
    real = errors.RemoteError("no", error_id="A,B", host="h", step="s", remedy="r")
    assert vars(pickle.loads(pickle.dumps(real))) == vars(real)
