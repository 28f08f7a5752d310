"""Which operations need no thread of their own: those that wait for their session and their progress alone."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.fleet import operations, run_fleet, run_options
from psnet.fleet.worker import Worker
from psnet.inventories import load_inventory
from psnet.site import parse_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = parse_site("name: a\nnats: [{name: n, prefix: 172.20.0.0/24}]\n").for_host("any")


def own_way(session: Any, _host: Any, _report: Any) -> Any:
    """A user's function, which may block."""
    return session.run("1").objects


@pytest.mark.parametrize(
    ("operation", "shared"),
    [
        (operations.observe_operation, True),
        (operations.observe_everything_operation, True),
        (operations.examine_operation, True),
        (operations.record_operation, True),
        (operations.PlanOperation(SITE), True),
        (operations.ApplyOperation(SITE), True),
        (operations.CollectOperation(), True),
        (operations.ScriptOperation("1", "one"), True),
        (own_way, False),
    ],
    ids=lambda value: "" if isinstance(value, bool) else getattr(value, "__name__", type(value).__name__),
)
@pytest.mark.parametrize("transport", ["psrp", swept("pypsrp")])
def test_what_only_waits_for_its_session_shares_one_event_loop(
    psnet_lab: LabMaker, monkeypatch: pytest.MonkeyPatch, operation: Any, transport: str, *, shared: bool
) -> None:
    where: list[str] = []
    plain = Worker._run

    def noted(self: Worker, *given: Any) -> None:
        where.append(threading.current_thread().name)
        plain(self, *given)

    monkeypatch.setattr(Worker, "_run", noted)
    hosts = [
        replace(host, connection={**host.connection, "transport": transport})
        for host in load_inventory(psnet_lab("2022").inventory)
    ]
    run = run_fleet(hosts, operation, run_options())
    assert run.hosts[0].error is None
    assert where == ["psnet-loop" if shared and transport == "psrp" else "psnet-ws2022"]
