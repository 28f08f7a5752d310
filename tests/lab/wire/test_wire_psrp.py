"""pypsrp, unmodified, against the wire: what a pool and its pipelines promise."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool

if TYPE_CHECKING:
    from wire_lab import Lab, LabMaker, Run


@pytest.mark.parametrize("auth", ["basic", "ntlm", "ntlm-tls", "negotiate", "negotiate-tls"])
def test_every_logon_runs_a_pipeline(lab: Lab, run: Run, auth: str) -> None:
    with lab.pool(auth) as pool:
        assert run(pool, "out hello").output == ["hello"]


def test_client_certificate(lab: Lab, run: Run) -> None:
    certificate = lab.server.client_certificate("vagrant@localhost")
    connection = lab.wsman(
        "certificate", certificate_pem=str(certificate.certificate), certificate_key_pem=str(certificate.key)
    )
    with connection, RunspacePool(connection) as pool:
        assert run(pool, "out hello").output == ["hello"]
    assert lab.backends["HOST1"].sessions[-1].authentication == "Certificate"


def test_a_certificate_mapped_to_nobody_is_refused(lab: Lab) -> None:
    certificate = lab.server.client_certificate("stranger@localhost")
    connection = lab.wsman(
        "certificate", certificate_pem=str(certificate.certificate), certificate_key_pem=str(certificate.key)
    )
    with connection, pytest.raises(AuthenticationError):
        RunspacePool(connection).open()


@pytest.mark.parametrize("auth", ["basic", "ntlm", "ntlm-tls", "negotiate"])
def test_wrong_password(lab: Lab, auth: str) -> None:
    with lab.wsman(auth, password="wrong") as connection, pytest.raises(AuthenticationError):
        RunspacePool(connection).open()


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_a_user_of_another_host_is_a_stranger(lab: Lab, auth: str) -> None:
    with lab.wsman(auth, host="HOST2") as connection, pytest.raises(AuthenticationError):
        RunspacePool(connection).open()


@pytest.mark.parametrize("name", ["HOST1\\vagrant", ".\\vagrant", "VAGRANT", "vagrant@HOST1"])
def test_name_forms_of_a_local_account(lab: Lab, run: Run, name: str) -> None:
    with lab.wsman("ntlm", username=name) as connection, RunspacePool(connection) as pool:
        assert run(pool, "num 5").output == [5]


def test_streams(lab: Lab, run: Run) -> None:
    script = "verbose v\ndebug d\nwarn w\ninfo i\nprogress p\nerr Bad thing\nout last"
    with lab.pool() as pool:
        shell = run(pool, script)
    streams = shell.streams
    assert shell.output == ["last"]
    assert shell.state == PSInvocationState.COMPLETED
    assert [record.message for record in streams.verbose] == ["v"]
    assert [record.message for record in streams.debug] == ["d"]
    assert [record.message for record in streams.warning] == ["w"]
    assert [(record.message_data, record.tags) for record in streams.information] == [("i", ["PSHOST", "two"])]
    assert [(record.activity, record.percent_complete) for record in streams.progress] == [("p", 50)]
    (error,) = streams.error
    assert str(error) == "Bad thing"
    assert error.fq_error == "Tiny.Bad,Out-Tiny"
    assert error.target_object == "tärget <1>"
    assert error.reason == "TinyException"
    assert error.exception.types[0] == "Tiny.TinyException"
    assert error.invocation_position_message == "At line:1 char:3"
    assert error.script_stacktrace == "at <ScriptBlock>, <No file>: line 1"


def test_a_terminating_error_fails_the_pipeline(lab: Lab, run: Run) -> None:
    with lab.pool() as pool:
        shell = run(pool, "out before\nthrow Broken now\nout after")
        assert shell.output == ["before"]
        assert shell.had_errors
        assert [error.fq_error for error in shell.streams.error] == ["Tiny.Broken,Out-Tiny"]
        assert run(pool, "out alive").output == ["alive"]


def test_an_error_inside_the_lab_is_loud(lab: Lab, run: Run) -> None:
    with lab.pool() as pool:
        shell = run(pool, "bug")
    assert shell.had_errors
    assert [error.fq_error for error in shell.streams.error] == ["PsnetLab.ZeroDivisionError"]


def test_unicode_and_control_characters_survive(lab: Lab) -> None:
    text = "ünïcode 漢字 😀 <&>\"' _x0041_ tab\there \u0001 \u2028"
    with lab.pool() as pool:
        shell = PowerShell(pool)
        shell.add_script("input")
        shell.invoke(input=[text])
    assert shell.output == [text]


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_large_output_and_input(lab: Lab, run: Run, auth: str) -> None:
    with lab.pool(auth) as pool:
        assert run(pool, "big 1500000").output == ["x" * 1500000]
        many = [f"{index}:" + "y" * 20000 for index in range(60)]
        assert run(pool, "input", (item for item in many)).output == many
        assert run(pool, "input", ["z" * 1200000]).output == ["z" * 1200000]


def test_runspace_keeps_state_between_pipelines(lab: Lab, run: Run) -> None:
    with lab.pool() as pool:
        run(pool, "keep colour blue")
        assert run(pool, "show colour").output == ["blue"]
        pool.reset_runspace_state()
        assert run(pool, "show colour").output == ["nothing"]


def test_pipelines_in_parallel_up_to_max_runspaces(lab: Lab) -> None:
    backend = lab.backends["HOST1"]
    with lab.pool(max_runspaces=2) as pool:
        shells = []
        for name in ("a", "b", "c"):
            shell = PowerShell(pool)
            shell.add_script(f"gate {name}\nout {name}")
            shell.begin_invoke()
            shells.append(shell)
        assert pool.get_available_runspaces() == 0
        backend.gate("b").set()
        assert shells[1].end_invoke() == ["b"]
        backend.gate("c").set()
        assert shells[2].end_invoke() == ["c"]
        backend.gate("a").set()
        assert shells[0].end_invoke() == ["a"]
        assert pool.get_available_runspaces() == 2
        pool.max_runspaces = 5
        assert pool.get_available_runspaces() == 5
        pool.min_runspaces = 2
        assert pool.min_runspaces == 2


def test_stop(lab: Lab, run: Run) -> None:
    with lab.pool() as pool:
        shell = PowerShell(pool)
        shell.add_script("out started\nsleep 60")
        shell.begin_invoke()
        shell.poll_invoke()
        shell.stop()
        assert shell.state == PSInvocationState.STOPPED
        assert run(pool, "out next").output == ["next"]


def test_stop_while_waiting_for_a_runspace_and_for_input(lab: Lab, run: Run) -> None:
    with lab.pool() as pool:
        first, second = PowerShell(pool), PowerShell(pool)
        first.add_script("sleep 60")
        second.add_script("out never")
        first.begin_invoke()
        second.begin_invoke()
        second.stop()
        first.stop()
        assert run(pool, "out next").output == ["next"]
    assert second.output == []


def test_commands_with_parameters(lab: Lab) -> None:
    with lab.pool() as pool:
        shell = PowerShell(pool)
        shell.add_cmdlet("Set-Thing").add_parameter("Name", "näme").add_parameter("Count", 3).add_argument("yes")
        shell.add_statement().add_cmdlet("Get-Thing").add_parameter("List", [1, "two"])
        shell.invoke()
    assert shell.output == [
        "Name=str:näme",
        "Count=int:3",
        "None=str:yes",
        "ran Set-Thing",
        "List=Array:" + shell.output[4].partition("List=Array:")[2],
        "ran Get-Thing",
    ]


def test_secure_string_after_key_exchange(lab: Lab) -> None:
    with lab.pool() as pool:
        pool.exchange_keys()
        secret = pool.serialize("pässword 😀", _secure())
        shell = PowerShell(pool)
        shell.add_cmdlet("Use-Secret").add_parameter("Secret", secret)
        shell.invoke()
    assert shell.output == ["Secret=str:secret pässword 😀", "ran Use-Secret"]


def _secure() -> Any:
    from pypsrp.complex_objects import ObjectMeta

    return ObjectMeta("SS")


def test_private_data_and_application_arguments(lab: Lab) -> None:
    with lab.wsman() as connection:
        pool = RunspacePool(connection)
        pool.open({"ticket": "T-1"})
        shell = PowerShell(pool)
        shell.add_script("out x")
        shell.invoke()
        pool.close()
    assert str(pool.application_private_data.data["PSVersionTable"]["PSVersion"]) == "5.1.20348.1"
    assert lab.backends["HOST1"].sessions[-1].application_arguments == {"ticket": "T-1"}


def test_a_restricted_endpoint_runs_named_commands_only(lab: Lab) -> None:
    with lab.pool(configuration_name="Restricted") as pool:
        allowed = PowerShell(pool)
        allowed.add_cmdlet("Get-Allowed")
        assert allowed.invoke() == ["ran Get-Allowed"]
        refused = PowerShell(pool)
        refused.add_cmdlet("Remove-Everything")
        refused.invoke()
        assert refused.had_errors


def test_an_unknown_configuration_is_refused(lab: Lab) -> None:
    with lab.wsman() as connection, pytest.raises(WSManFaultError) as caught:
        RunspacePool(connection, configuration_name="No.Such").open()
    assert caught.value.code == 2150858752
    assert "No.Such session configuration" in caught.value.reason


def test_is_alive(lab: Lab) -> None:
    with lab.wsman() as connection:
        pool = RunspacePool(connection)
        pool.open()
        assert pool.is_alive()
        other = RunspacePool(connection)
        other.shell._selector_set = pool.shell._selector_set
        pool.close()
        assert not other.is_alive()


def test_runspaces_are_closed_with_their_pool(make_lab: LabMaker, run: Run) -> None:
    own = make_lab()
    with own.pool() as pool:
        run(pool, "out x")
    backend = own.backends["HOST1"]
    until = time.monotonic() + 10  # the host closes them on a thread of its own, unless the server stops
    while not backend.closed_runspaces and time.monotonic() < until:
        time.sleep(0.01)
    assert (backend.opened_runspaces, backend.closed_runspaces) == (1, 1)
