"""Each fault as a real client sees it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from tiny_backend import TinyHost
from wire_lab import LabMaker, Run, wait_until

from psnet.errors import InputError
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.faults import CmdletFault, Injector

if TYPE_CHECKING:
    from pathlib import Path

DROPPED = requests.exceptions.ConnectionError


def faults(*entries: dict[str, Any], seed: int = 0) -> FaultPlan:
    return FaultPlan.read({"seed": seed, "faults": list(entries)})


def begin(pool: RunspacePool, script: str) -> PowerShell:
    shell = PowerShell(pool)
    shell.add_script(script)
    shell.begin_invoke()
    return shell


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_drop_before_a_receive_leaves_the_pipeline_running(make_lab: LabMaker, auth: str) -> None:
    lab = make_lab(faults=faults({"action": "drop", "operation": "Receive", "request": 3}))
    with lab.wsman(auth) as connection, RunspacePool(connection) as pool:
        shell = begin(pool, "out survived")
        with pytest.raises(DROPPED):
            shell.end_invoke()
        connection.transport.encryption = None
        assert shell.end_invoke() == ["survived"]
    assert lab.server.stats("HOST1").injected == 1


def test_drop_after_a_command_means_it_was_started(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "drop", "when": "after", "operation": "Command"}))
    with lab.wsman() as connection, RunspacePool(connection) as pool:
        shell = PowerShell(pool)
        shell.add_script("keep done yes")
        with pytest.raises(DROPPED):
            shell.invoke()
        check = begin(pool, "show done")
        assert check.end_invoke() == ["yes"]


def test_drop_before_a_command_means_it_was_not_started(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "drop", "operation": "Command"}))
    with lab.wsman() as connection, RunspacePool(connection) as pool:
        shell = PowerShell(pool)
        shell.add_script("keep done yes")
        with pytest.raises(DROPPED):
            shell.invoke()
        assert begin(pool, "show done").end_invoke() == ["nothing"]


def test_the_nth_request_of_any_kind(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "drop", "request": 1}))
    with lab.wsman("ntlm") as connection:
        with pytest.raises(DROPPED):
            RunspacePool(connection).open()
        RunspacePool(connection).open()


def test_drop_while_a_cmdlet_runs(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "drop", "cmdlet": "new-netnat"}))
    with lab.wsman() as connection, RunspacePool(connection) as pool:
        shell = begin(pool, "sleep 0.05\ncmdlet New-NetNat\nout made")
        with pytest.raises(DROPPED):
            shell.end_invoke()
        assert shell.end_invoke() == ["made"]


def test_a_cut_refuses_connections_for_its_time(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "cut", "cmdlet": "New-VMSwitch", "seconds": 0.4}))
    with lab.wsman() as connection, RunspacePool(connection) as pool:
        shell = begin(pool, "sleep 0.05\ncmdlet New-VMSwitch\nout made")
        with pytest.raises(DROPPED):
            shell.end_invoke()
        started = time.monotonic()
        with pytest.raises(DROPPED):
            shell.end_invoke()
        while True:
            try:
                assert shell.end_invoke() == ["made"]
                break
            except DROPPED:
                assert time.monotonic() - started < 60
    assert time.monotonic() - started > 0.2


def test_pypsrp_rides_out_a_cut_with_reconnection_retries(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab()
    with lab.wsman(reconnection_retries=8, reconnection_backoff=0.05) as connection:
        lab.server.cut("HOST1", 0.3)
        wait_until(lambda: lab.server.service("HOST1").away)
        with RunspacePool(connection) as pool:
            assert run(pool, "out back").output == ["back"]


def test_a_cut_behind_a_shared_port_hits_its_host_alone(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab(TinyHost("one"), TinyHost("two"), own_ports=False)
    with lab.pool(host="one") as first, lab.pool(host="two") as second:
        lab.server.cut("one", 60)
        wait_until(lambda: lab.server.service("one").away)
        with pytest.raises(DROPPED):
            run(first, "out x")
        assert run(second, "out y").output == ["y"]
        lab.server._hosts["one"].service.away = False


def test_unauthorized_from_a_request_on(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "unauthorized", "request": 4, "times": "always"}))
    with lab.wsman() as connection:
        pool = RunspacePool(connection)
        pool.open()
        with pytest.raises(AuthenticationError):
            begin(pool, "out x")


def test_slow_answers(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "slow", "operation": "Command", "seconds": 0.3}))
    with lab.pool() as pool:
        started = time.monotonic()
        shell = begin(pool, "out x")
        assert time.monotonic() - started > 0.28
        assert shell.end_invoke() == ["x"]


def test_hang_outlasts_the_client(make_lab: LabMaker) -> None:
    lab = make_lab(faults=faults({"action": "hang", "operation": "Command", "seconds": 5}))
    with (
        lab.wsman(read_timeout=0.3) as connection,
        RunspacePool(connection) as pool,
        pytest.raises(requests.exceptions.ReadTimeout),
    ):
        begin(pool, "out x")


def test_a_timed_out_receive_is_polled_again(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab(faults=faults({"action": "timeout", "operation": "Receive", "request": 3}))
    with lab.pool() as pool:
        assert run(pool, "out x").output == ["x"]
    assert lab.server.stats("HOST1").faults == 1


@pytest.mark.parametrize(
    ("quota", "operation", "code"),
    [
        ("shells", "Create", 2150859173),
        ("operations", "Command", 2150859174),
        ("commands", "Command", 2150859241),
    ],
)
def test_quota_reached(make_lab: LabMaker, run: Run, quota: str, operation: str, code: int) -> None:
    lab = make_lab(faults=faults({"action": "quota", "quota": quota, "operation": operation}))
    with lab.wsman() as connection:
        with pytest.raises(WSManFaultError) as caught, RunspacePool(connection) as pool:
            run(pool, "out x")
        assert caught.value.code == code
        with RunspacePool(connection) as pool:
            assert run(pool, "out x").output == ["x"]


def test_a_cmdlet_made_to_fail_reaches_the_backend() -> None:
    plan = faults({"action": "fail", "cmdlet": "New-NetNat", "error_id": "Windows System Error 87,New-NetNat"})
    (fault,) = Injector(plan, "host").for_cmdlet("NEW-NETNAT")
    assert CmdletFault(fault).fault.error_id == "Windows System Error 87,New-NetNat"


def test_faults_of_other_hosts_do_not_strike(make_lab: LabMaker, run: Run) -> None:
    plan = faults({"action": "drop", "host": "edge-*", "times": "always"})
    lab = make_lab(TinyHost("core"), TinyHost("edge-1"), faults=plan)
    with lab.pool(host="core") as pool:
        assert run(pool, "out x").output == ["x"]
    with lab.wsman(host="edge-1") as connection, pytest.raises(DROPPED):
        RunspacePool(connection).open()


def strikes(seed: int, host: str = "h") -> list[bool]:
    injector = Injector(faults({"action": "drop", "times": "always", "probability": 0.5}, seed=seed), host)
    return [bool(injector.for_request("Receive")) for _ in range(64)]


def test_probability_is_decided_by_the_seed() -> None:
    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert strikes(1) != strikes(1, "other")
    assert 16 < sum(strikes(1)) < 48


@pytest.mark.parametrize(
    "entry",
    [
        {"action": "explode"},
        {"action": "drop", "request": 0},
        {"action": "drop", "reqest": 1},
        {"action": "slow"},
        {"action": "cut"},
        {"action": "fail"},
        {"action": "timeout", "cmdlet": "Get-NetNat"},
        {"action": "drop", "probability": 0},
    ],
)
def test_a_wrong_plan_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        faults(entry)


def test_a_plan_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text("seed: 3\nfaults:\n  - {action: drop, operation: Receive, request: 2}\n")
    assert FaultPlan.load(path) == FaultPlan.of(Fault(action="drop", operation="Receive", request=2), seed=3)
    path.write_text("faults: [{action: nope}]")
    with pytest.raises(InputError, match=r"faults\[0\]\.action"):
        FaultPlan.load(path)


REBOOT = {"action": "reboot", "cmdlet": "Restart-Computer", "seconds": 0.2}


@pytest.mark.parametrize("planned", [[REBOOT], []])
def test_a_reboot_ends_shells_and_comes_back(make_lab: LabMaker, run: Run, planned: list[dict[str, Any]]) -> None:
    lab = make_lab(faults=faults(*planned))
    with lab.wsman(reconnection_retries=8, reconnection_backoff=0.05) as connection:
        pool = RunspacePool(connection)
        pool.open()
        shell = begin(pool, "sleep 0.05\ncmdlet Restart-Computer\nsleep 60")
        if not planned:
            lab.server.reboot("HOST1", 0.2)
        with pytest.raises((DROPPED, WSManFaultError)):
            shell.end_invoke()
        wait_until(lambda: lab.backends["HOST1"].restarts == 1)
        with RunspacePool(connection) as fresh:
            assert run(fresh, "out back").output == ["back"]
        with pytest.raises(WSManFaultError) as caught:
            begin(pool, "out x")
        assert caught.value.code == 2150858843
