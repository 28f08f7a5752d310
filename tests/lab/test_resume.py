"""A connection lost in mid-pipeline is resumed: every line arrives once, what the script does happens once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from pypsrp.complex_objects import PSInvocationState, RunspacePoolState
from sampling import swept

from psnet.errors import SessionLostError
from psnet.inventories import load_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.transport import Clock, ConnectionSettings, RetryPolicy, open_session
from psnet.transport.async_bridge import run_blocking
from psnet.transport.psrp.session import PsrpSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab
    from psnet.transport import Record, Session

    LabMaker = Callable[..., Lab]

# More than one answer can hold (500 KB), so that the output takes several Receives.
COUNTING = """
[System.IO.File]::AppendAllText('C:\\count.txt', 'x')
foreach ($number in 1..40) { $number; 'y' * 20000 }
[System.IO.File]::AppendAllText('C:\\count.txt', 'z')
"""
BOTH_PSRP = pytest.mark.parametrize("transport", ["psrp", "pypsrp"])
LINES = [line for number in range(1, 41) for line in (str(number), "y" * 20000)]


def session_of(lab: Lab, *, clock: Clock | None = None, **changes: Any) -> Session:
    settings = load_inventory(lab.inventory).hosts[0].settings()
    given = {**dict(settings), "retry": RetryPolicy(base=0.01, cap=0.05), **changes}
    return open_session(ConnectionSettings.model_validate(given), "h1", clock)


def disconnect(session: Session) -> None:
    """Disconnect the shell behind the back of the session that uses it."""
    if isinstance(session, PsrpSession):
        conversation = session.conversation
        assert conversation.pool is not None
        run_blocking(conversation._ask(conversation.pool.envelopes.disconnect()))
        return
    pool = session._pool  # type: ignore[attr-defined]
    pool.disconnect()
    pool.state = RunspacePoolState.OPENED  # as a client believes that was not told
    for pipeline in pool.pipelines.values():
        pipeline.state = PSInvocationState.RUNNING


def delete(session: Session) -> None:
    """Delete the shell behind the back of the session that uses it."""
    if isinstance(session, PsrpSession):
        conversation = session.conversation
        assert conversation.pool is not None
        run_blocking(conversation._ask(conversation.pool.envelopes.delete()))
    else:
        session._pool.shell.close()  # type: ignore[attr-defined]


def count(lab: Lab) -> str:
    found = next(iter(lab.hosts.values())).files.find("C:\\count.txt")
    return bytes(found.data).decode() if found else ""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("transport", "auth"),
    [
        ("psrp", "basic"),
        ("psrp", "plain"),
        ("pypsrp", "basic"),
        ("pypsrp", "plain"),
        ("winrm", "ntlm"),
        ("winrm", "plain"),
    ],
)
@pytest.mark.parametrize("request_", [swept(1), 3, swept(4)])
def test_a_receive_that_is_cut_is_asked_for_again(
    psnet_lab: LabMaker, when: str, transport: str, auth: str, request_: int
) -> None:
    fault = Fault(action="drop", operation="Receive", when=when, request=request_, times=2)
    lab = psnet_lab("2022", faults=FaultPlan.of(fault))
    changes: dict[str, Any] = {"transport": transport, "auth": auth}
    if auth == "plain":  # NTLM over HTTP, where every message is encrypted for its connection
        port = next(iter(lab.server.endpoints.values())).http_port
        changes = {"transport": transport, "auth": "ntlm", "scheme": "http", "port": port}
    told: list[Record] = []
    with contextlib.closing(session_of(lab, **changes)) as session:
        output = session.run(COUNTING, on_record=told.append)
    assert output.lines() == LINES
    assert [str(record.value) for record in told] == LINES
    assert count(lab) == "xz"
    assert lab.server.stats(next(iter(lab.hosts))).injected == 2


@BOTH_PSRP
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_command_whose_answer_is_lost_runs_once(psnet_lab: LabMaker, when: str, transport: str) -> None:
    fault = Fault(action="drop", operation="Command", when=when)
    lab = psnet_lab("2022", faults=FaultPlan.of(fault))
    with contextlib.closing(session_of(lab, transport=transport)) as session:
        assert session.run(COUNTING).lines() == LINES
    assert count(lab) == "xz"


@BOTH_PSRP
def test_a_large_script_cut_in_its_middle_runs_once(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022", faults=FaultPlan.of(Fault(action="drop", operation="Command", when="after")))
    with contextlib.closing(session_of(lab, transport=transport)) as session:
        assert session.run(f"{COUNTING}\n#{'x' * 600_000}").lines() == LINES
    assert count(lab) == "xz"


@BOTH_PSRP
def test_a_shell_that_somebody_disconnected_is_connected_again(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022")

    def tell(record: Record) -> None:
        if record.value == 20:
            disconnect(session)

    with contextlib.closing(session_of(lab, transport=transport)) as session:
        assert session.run(COUNTING, on_record=tell).lines() == LINES
    assert count(lab) == "xz"


@BOTH_PSRP
def test_a_write_whose_host_restarted_is_not_repeated(psnet_lab: LabMaker, transport: str) -> None:
    faults = FaultPlan.of(Fault(action="reboot", operation="Receive", request=3, seconds=0.1))
    lab = psnet_lab("2022", faults=faults)
    with contextlib.closing(session_of(lab, transport=transport)) as session:
        with pytest.raises(SessionLostError) as caught:
            session.run(COUNTING)
        assert caught.value.cause == "lost"
        assert count(lab) in ("", "x", "xz")  # begun or not, never twice
        assert session.run("'a new session'").lines() == ["a new session"]


@pytest.mark.parametrize("transport", ["psrp", "pypsrp", "winrm"])
def test_a_read_whose_host_restarted_is_repeated(psnet_lab: LabMaker, transport: str) -> None:
    faults = FaultPlan.of(Fault(action="reboot", operation="Receive", request=3, seconds=0.1))
    lab = psnet_lab("2022", faults=faults)
    with contextlib.closing(session_of(lab, transport=transport)) as session:
        assert session.run("1; 'y' * 300000; 2", reading=True).lines()[-1] == "2"


@BOTH_PSRP
def test_a_shell_that_is_gone_before_the_command_is_opened_anew_even_for_a_write(
    psnet_lab: LabMaker, transport: str
) -> None:
    lab = psnet_lab("2022")
    with contextlib.closing(session_of(lab, transport=transport)) as session:
        session.run("1")
        delete(session)
        assert session.run(COUNTING).lines() == LINES
    assert count(lab) == "xz"


@BOTH_PSRP
def test_resuming_ends_after_its_time(psnet_lab: LabMaker, transport: str) -> None:
    faults = FaultPlan.of(Fault(action="drop", operation="Receive", request=3, times="always"))
    lab = psnet_lab("2022", faults=faults)
    passed: list[float] = []
    clock = Clock(now=lambda: sum(passed), sleep=passed.append, draw=lambda: 0.0)
    retry = RetryPolicy(base=1, cap=4, resume_within=12)
    given = session_of(lab, clock=clock, retry=retry, transport=transport)
    with contextlib.closing(given) as session, pytest.raises(SessionLostError):
        session.run(COUNTING)
    assert passed == [1, 2, 4, 4]
