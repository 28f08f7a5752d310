"""WSMan itself: faults, quotas, timeouts, replay, reading resources, and what a job costs."""

from __future__ import annotations

import time
import uuid

import pytest
import requests
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import Process, WinRS
from pypsrp.wsman import NAMESPACES, OptionSet, SelectorSet, WSManAction
from tiny_backend import TinyHost
from wire_lab import PASSWORD, USER, Lab, LabMaker, Run, wait_until

from psnet.lab.wire import AuthPolicy, Quotas

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd"'
    ' xmlns:z="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:q="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:r="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
)


def post(lab: Lab, body: str, headers: dict[str, str] | None = None, *, logged_on: bool = True) -> requests.Response:
    endpoint = lab.server.endpoints["HOST1"]
    return requests.post(
        endpoint.https_url,
        data=body.encode(),
        headers={"Content-Type": "application/soap+xml;charset=UTF-8", **(headers or {})},
        auth=(USER, PASSWORD) if logged_on else None,
        verify=str(endpoint.ca_path),
        timeout=10,
    )


def envelope(action: str, resource: str, body: str, message_id: str, extra: str = "") -> str:
    return (
        f"{ENVELOPE}<s:Header><z:Action>{action}</z:Action><z:MessageID>{message_id}</z:MessageID>"
        ""
        f"<q:ResourceURI>{resource}</q:ResourceURI><q:OperationTimeout>PT1S</q:OperationTimeout>{extra}</s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


def test_identify_needs_no_logon(lab: Lab) -> None:
    text = f"{ENVELOPE}<s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>"
    answer = post(lab, text, {"WSMANIDENTIFY": "unauthenticated"}, logged_on=False)
    assert answer.status_code == 200
    assert "OS: 10.0.20348 SP: 0.0 Stack: 3.0" in answer.text
    assert post(lab, text).status_code == 200


def test_identify_is_all_that_the_header_opens(lab: Lab) -> None:
    text = envelope(WSManAction.GET, "http://schemas.microsoft.com/wbem/wsman/1/config", "", "uuid:1")
    answer = post(lab, text, {"WSMANIDENTIFY": "unauthenticated"}, logged_on=False)
    assert answer.status_code == 401


def test_configuration_is_read(lab: Lab) -> None:
    with lab.wsman() as connection:
        connection.update_max_payload_size()
        assert connection.max_envelope_size == 512000


@pytest.mark.parametrize("verb", ["command", "receive", "signal", "delete", "send"])
def test_unknown_shell(lab: Lab, verb: str) -> None:
    with lab.wsman() as connection:
        shell = WinRS(connection, id=str(uuid.uuid4()))
        shell._selector_set = SelectorSet()
        shell._selector_set.add_option("ShellId", "11111111-2222-3333-4444-555555555555")
        shell.opened = True
        calls = {
            "command": lambda: shell.command("x", []),
            "receive": lambda: shell.receive(command_id="A"),
            "signal": lambda: shell.signal("x/terminate", "A"),
            "delete": shell.close,
            "send": lambda: shell.send("stdin", b"x", command_id="A"),
        }
        with pytest.raises(WSManFaultError) as caught:
            calls[verb]()
    assert caught.value.code == 2150858843
    assert "11111111-2222-3333-4444-555555555555" in caught.value.reason


def test_unknown_command_and_a_command_that_is_done(lab: Lab) -> None:
    with lab.wsman() as connection, WinRS(connection) as shell:
        with pytest.raises(WSManFaultError) as caught:
            shell.receive(command_id="99999999-2222-3333-4444-555555555555")
        assert caught.value.code == 2150858843
        process = Process(shell, "ver")
        process.invoke()
        with pytest.raises(WSManFaultError) as caught:
            process.poll_invoke()
        assert caught.value.code == 2150858843


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service", 2150858752),
        (SHELL, 2150858842),
    ],
)
def test_other_resources_do_not_exist(lab: Lab, resource: str, code: int) -> None:
    with lab.wsman() as connection, pytest.raises(WSManFaultError) as caught:
        connection.get(resource)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "no xml",
        "<a/>",
        f"{ENVELOPE}<s:Header/><s:Body/></s:Envelope>",
        f"{ENVELOPE}<s:Body/></s:Envelope>",
        "<!DOCTYPE x [<!ENTITY e 'x'>]>" + ENVELOPE + "<s:Header/><s:Body>&e;</s:Body></s:Envelope>",
    ],
)
def test_malformed_envelopes_are_faults(lab: Lab, text: str) -> None:
    answer = post(lab, text)
    assert answer.status_code == 500
    assert "WSManFault" in answer.text


@pytest.mark.parametrize("head", ["GARBAGE\r\n\r\n", "POST /wsman HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
def test_malformed_http_is_a_400(lab: Lab, head: str) -> None:
    import socket

    endpoint = lab.server.endpoints["HOST1"]
    with socket.create_connection((endpoint.address, endpoint.http_port), timeout=5) as sock:
        sock.sendall(head.encode())
        assert sock.recv(100).startswith(b"HTTP/1.1 400")


def test_the_request_decides_the_prefixes_and_relates_to(lab: Lab) -> None:
    identifier = "urn:x-UPPER-lower-é"
    answer = post(lab, envelope(WSManAction.GET, "http://schemas.microsoft.com/wbem/wsman/1/config", "", identifier))
    assert answer.status_code == 200
    assert f"<a:RelatesTo>{identifier}</a:RelatesTo>" in answer.content.decode()


def test_a_repeated_message_id_is_answered_with_the_first_answer(lab: Lab) -> None:
    body = "<r:Shell><r:OutputStreams>stdout stderr</r:OutputStreams></r:Shell>"
    text = envelope(WSManAction.CREATE, f"{SHELL}/cmd", body, f"uuid:{uuid.uuid4()}")
    first, second = post(lab, text), post(lab, text)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    other = post(lab, envelope(WSManAction.CREATE, f"{SHELL}/cmd", body, f"uuid:{uuid.uuid4()}"))
    assert other.content != first.content


def test_a_receive_times_out_after_its_operation_timeout(lab: Lab) -> None:
    with lab.pool() as pool:
        shell = PowerShell(pool)
        shell.add_script("sleep 60")
        shell.begin_invoke()
        started = time.monotonic()
        with pytest.raises(WSManFaultError) as caught:
            pool._receive(shell.id, timeout=1)
        assert caught.value.code == 2150858793
        assert 0.9 < time.monotonic() - started < 30  # before the script ends
        shell.stop()


def test_max_shells_per_user(make_lab: LabMaker) -> None:
    lab = make_lab(quotas=Quotas(max_shells_per_user=2))
    with lab.wsman() as connection:
        first, second = WinRS(connection), WinRS(connection)
        first.open()
        second.open()
        with pytest.raises(WSManFaultError) as caught:
            WinRS(connection).open()
        assert caught.value.code == 2150859173
        assert "maximum number of 2 concurrent shells" in caught.value.reason
        first.close()
        with WinRS(connection):
            pass
        with lab.wsman(username="other", password="second") as others, WinRS(others):
            pass


def test_text_shells_use_operations_up_even_when_commands_are_terminated(make_lab: LabMaker) -> None:
    lab = make_lab(quotas=Quotas(max_concurrent_operations_per_user=3))
    with lab.wsman() as connection:
        with WinRS(connection) as shell:
            for _ in range(3):
                process = Process(shell, "ver")
                process.invoke()
                process.signal("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate")
            with pytest.raises(WSManFaultError) as caught:
                Process(shell, "ver").invoke()
            assert caught.value.code == 2150859174
        with WinRS(connection) as shell:
            Process(shell, "ver").invoke()


def test_commands_per_shell_are_limited_without_a_terminate(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab(quotas=Quotas(max_concurrent_commands_per_shell=3))
    with lab.pool() as pool:
        for _ in range(3):
            run(pool, "out x")
        with pytest.raises(WSManFaultError) as caught:
            run(pool, "out x")
    assert caught.value.code == 2150859241


def test_an_envelope_larger_than_the_host_allows(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab(quotas=Quotas(max_envelope_size_kb=150))
    with lab.pool() as pool, pytest.raises(WSManFaultError) as caught:
        run(pool, "input", ["x" * 300000])  # pypsrp believes in 500 KB once the protocol is 2.2
    assert caught.value.code == 2150858790


def test_idle_timeout_removes_a_shell(make_lab: LabMaker) -> None:
    lab = make_lab(quotas=Quotas(min_idle_timeout_ms=1))
    with lab.wsman() as connection:
        shell = WinRS(connection, idle_time_out="0.2")
        shell.open()
        wait_until(lambda: not lab.server.service("HOST1").shells)
        with pytest.raises(WSManFaultError) as caught:
            shell.close()
    assert caught.value.code == 2150858843


def test_idle_timeout_has_a_minimum(lab: Lab) -> None:
    with lab.wsman() as connection, pytest.raises(WSManFaultError):
        WinRS(connection, idle_time_out=5).open()


def test_another_users_shell_does_not_exist(lab: Lab, run: Run) -> None:
    with lab.pool() as pool, lab.wsman(username="other", password="second") as others:
        assert RunspacePool.get_runspace_pools(others) == []
        shell = WinRS(others, id=pool.id)
        shell._selector_set = pool.shell._selector_set
        shell.opened = True
        with pytest.raises(WSManFaultError) as caught:
            shell.close()
        assert caught.value.code == 2150858843
        assert run(pool, "out mine").output == ["mine"]


@pytest.mark.parametrize(("auth", "first"), [("basic", 6), ("ntlm", 9), ("ntlm-tls", 8)])
def test_requests_of_a_minimal_job(make_lab: LabMaker, run: Run, auth: str, first: int) -> None:
    lab = make_lab()
    with lab.wsman(auth) as connection:
        with RunspacePool(connection) as pool:
            run(pool, "out x")
            before = lab.server.stats("HOST1").requests
            run(pool, "out y")
            assert lab.server.stats("HOST1").requests - before == 2
        stats = lab.server.stats("HOST1")
    assert stats.requests - 2 == first
    assert stats.operations["Receive"] == 4
    assert stats.connections == 1
    assert stats.bytes_in > 1000 < stats.bytes_out


def test_many_hosts_behind_one_port(make_lab: LabMaker, run: Run) -> None:
    names = [f"edge-{index:03}" for index in range(20)]
    lab = make_lab(*(TinyHost(name) for name in names), own_ports=False)
    assert len({endpoint.https_port for endpoint in lab.server.endpoints.values()}) == 1
    for name in names[::7]:
        with lab.pool("ntlm", host=name) as pool:
            assert run(pool, f"out {name}").output == [name]
    assert lab.backends["edge-007"].opened_runspaces == 1


def test_channel_binding_is_checked_when_hardened(make_lab: LabMaker, run: Run) -> None:
    lab = make_lab(policy=AuthPolicy(channel_binding="strict"))
    with lab.pool("ntlm-tls") as pool:
        assert run(pool, "out x").output == ["x"]
    from pypsrp.exceptions import AuthenticationError

    with lab.wsman("ntlm-tls", negotiate_send_cbt=False) as connection, pytest.raises(AuthenticationError):
        RunspacePool(connection).open()


def test_a_client_without_channel_binding_is_accepted_by_default(lab: Lab, run: Run) -> None:
    with lab.wsman("ntlm-tls", negotiate_send_cbt=False) as connection, RunspacePool(connection) as pool:
        assert run(pool, "out x").output == ["x"]


def test_the_environment_and_the_threads_are_as_before(
    make_lab: LabMaker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import threading

    before = set(threading.enumerate())
    monkeypatch.setenv("NTLM_USER_FILE", "/nowhere/users")
    lab = make_lab()
    folder = lab.server.endpoints["HOST1"].ca_path.parent
    with lab.pool("ntlm") as pool:
        run(pool, "out x")
    assert os.environ["NTLM_USER_FILE"] == "/nowhere/users"
    lab.server.stop()
    assert not folder.exists()
    assert {thread for thread in threading.enumerate() if thread.name.startswith("psnet")} <= before


def test_option_sets_are_accepted(lab: Lab) -> None:
    options = OptionSet()
    options.add_option("WINRS_CODEPAGE", "65001")
    with lab.wsman() as connection:
        shell = WinRS(connection)
        shell.open(options)
        shell.close()
        assert NAMESPACES["rsp"] == SHELL


def test_a_receive_repeated_on_a_new_connection_gets_the_output(lab: Lab) -> None:
    import socket
    import ssl
    from base64 import b64encode

    endpoint = lab.server.endpoints["HOST1"]
    text = envelope(
        WSManAction.RECEIVE,
        f"{SHELL}/cmd",
        '<r:Receive><r:DesiredStream CommandId="%s">stdout stderr</r:DesiredStream></r:Receive>',
        "uuid:repeated",
        '<q:SelectorSet><q:Selector Name="ShellId">%s</q:Selector></q:SelectorSet>',
    ).replace("PT1S", "PT20S")
    with lab.wsman() as connection, WinRS(connection) as shell:
        process = Process(shell, "upper")
        process.begin_invoke()
        message = (text.replace("%s", str(shell.id), 1).replace("%s", str(process.id), 1)).encode()
        logon = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        head = f"POST /wsman HTTP/1.1\r\nAuthorization: Basic {logon}\r\nContent-Length: {len(message)}\r\n\r\n"
        context = ssl.create_default_context(cafile=str(endpoint.ca_path))
        before = lab.server.stats("HOST1").requests
        sockets = []
        for number in (1, 2):
            raw = socket.create_connection((endpoint.address, endpoint.https_port), timeout=10)
            sockets.append(context.wrap_socket(raw, server_hostname=endpoint.address))
            sockets[-1].sendall(head.encode() + message)
            wait_until(lambda count=number: lab.server.stats("HOST1").requests == before + count)
        sockets[0].close()
        process.send(b"text", end=True)
        assert b"VEVYVA==" in sockets[1].recv(65536)
        sockets[1].close()
