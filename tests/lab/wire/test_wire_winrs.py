"""WinRS shells through pywinrm and pypsrp, unmodified."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import winrm
from pypsrp.client import Client
from pypsrp.shell import Process, SignalCode, WinRS
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError
from winrm.protocol import Protocol
from wire_lab import PASSWORD, USER, Lab


def session(lab: Lab, transport: str, password: str = PASSWORD, **options: Any) -> winrm.Session:
    endpoint = lab.server.endpoints["HOST1"]
    tls = transport in {"basic", "ssl"}
    return winrm.Session(
        endpoint.https_url if tls else endpoint.http_url,
        auth=(USER, password),
        transport=transport,
        ca_trust_path=str(endpoint.ca_path),
        proxy=None,
        **options,
    )


@pytest.mark.parametrize("transport", ["ntlm", "basic", "ssl"])
def test_pywinrm_runs_cmd_and_powershell(lab: Lab, transport: str) -> None:
    found = session(lab, transport)
    reply = found.run_cmd("echo", ["hello", "world"])
    assert (reply.status_code, reply.std_out, reply.std_err) == (0, b"hello world\r\n", b"")
    reply = found.run_ps("out from powershell\nexit 7")
    assert (reply.status_code, reply.std_out) == (7, b"from powershell\r\n")


def test_pywinrm_reads_errors_from_clixml(lab: Lab) -> None:
    reply = session(lab, "ntlm").run_ps("err It went wrong: <a & b> _x0041_\nwarn careful\nexit 1")
    assert reply.status_code == 1
    assert reply.std_err.decode() == "It went wrong: <a & b> _x005F_x0041_\n    + CategoryInfo\ncareful"


def test_pywinrm_ntlm_over_tls_with_channel_binding(lab: Lab) -> None:
    endpoint = lab.server.endpoints["HOST1"]
    protocol = Protocol(
        endpoint.https_url,
        transport="ntlm",
        username=USER,
        password=PASSWORD,
        ca_trust_path=str(endpoint.ca_path),
        proxy=None,
    )
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "hostname")
    assert protocol.get_command_output(shell, command) == (b"HOST1\r\n", b"", 0)
    protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)


def test_pywinrm_wrong_password(lab: Lab) -> None:
    with pytest.raises(InvalidCredentialsError):
        session(lab, "ntlm", "wrong").run_cmd("ver")


def test_plain_http_without_message_encryption_is_refused(lab: Lab) -> None:
    with pytest.raises(WinRMTransportError) as caught:
        session(lab, "ntlm", message_encryption="never").run_cmd("ver")
    assert caught.value.code == 500


def test_basic_is_not_offered_over_http(lab: Lab) -> None:
    endpoint = lab.server.endpoints["HOST1"]
    with pytest.raises(InvalidCredentialsError):
        winrm.Session(
            endpoint.http_url, auth=(USER, PASSWORD), transport="plaintext", proxy=None, ca_trust_path=None
        ).run_cmd("ver")


ENCODED = base64.b64encode("out ünï".encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("echo one & echo two", 0, "one \r\ntwo\r\n", ""),
        ("echo a&&echo b", 0, "a\r\nb\r\n", ""),
        ("nosuch && echo never", 1, "", "'nosuch' is not recognized"),
        ("nosuch 2>nul || echo saved", 0, "saved\r\n", ""),
        ('echo "quoted & kept"', 0, '"quoted & kept"\r\n', ""),
        ("echo %COMPUTERNAME%-%NOSUCH%", 0, "HOST1-%NOSUCH%\r\n", ""),
        ("set MARK=1& set MARK", 0, "MARK=1\r\n", ""),
        ("set NOSUCHVARIABLE", 1, "", "Environment variable NOSUCHVARIABLE not defined\r\n"),
        ("cd", 0, "C:\\Users\\vagrant\r\n", ""),
        ("cd C:\\Temp & cd", 0, "C:\\Temp\r\n", ""),
        ("ver", 0, "\r\nMicrosoft Windows [Version 10.0.20348]\r\n", ""),
        ("whoami", 0, "host1\\vagrant\r\n", ""),
        ("cmd /c exit 5", 5, "", ""),
        ("exit /b 9", 9, "", ""),
        ("echo text>&2", 0, "", "text\r\n"),
        ("echo.", 0, "\r\n", ""),
        ("dir C:\\", 1, "", "unsupported: the cmd.exe command dir"),
        ("echo a | sort", 1, "", "unsupported: a pipe"),
        ("echo a > file.txt", 1, "", "unsupported: redirection to a file"),
        ("powershell -Command out text; out more", 0, "text; out more\r\n", ""),
        ("powershell.exe -NoProfile -c out text", 0, "text\r\n", ""),
        ("powershell -Command err Bad", 0, "", "Bad\r\n    + CategoryInfo\r\n"),
        ("powershell -Command warn Careful", 0, "WARNING: Careful\r\n", ""),
        (f"powershell -NonInteractive -ExecutionPolicy Bypass -enc {ENCODED}", 0, "ünï\r\n", ""),
        ('powershell -File C:\\a.ps1 one "two three"', 3, "file C:\\a.ps1 ['one', 'two three']\r\n", ""),
        ("powershell -EncodedCommand !!", 1, "", "not properly encoded"),
        ("powershell -File", 1, "", "missing parameter"),
    ],
)
def test_cmd_line(lab: Lab, line: str, code: int, out: str, err: str) -> None:
    with lab.wsman() as connection, WinRS(connection, codepage=65001) as shell:
        process = Process(shell, line)
        process.invoke()
        process.signal(SignalCode.CTRL_C)
    assert process.rc == code
    assert process.stdout.decode() == out
    assert (err in process.stderr.decode()) if err else process.stderr == b""


def test_client_execute_cmd_with_environment(lab: Lab) -> None:
    endpoint = lab.server.endpoints["HOST1"]
    with Client(
        endpoint.address,
        port=endpoint.https_port,
        username=USER,
        password=PASSWORD,
        auth="ntlm",
        cert_validation=str(endpoint.ca_path),
        no_proxy=True,
    ) as client:
        assert client.execute_cmd("echo %COLOUR%", environment={"COLOUR": "blue"}) == ("blue\r\n", "", 0)


def test_standard_input_reaches_a_program(lab: Lab) -> None:
    with lab.wsman() as connection, WinRS(connection) as shell:
        process = Process(shell, "upper")
        process.begin_invoke()
        process.send(b"some ", end=False)
        process.send(b"text", end=True)
        process.end_invoke()
    assert process.stdout == b"SOME TEXT"


def test_ctrl_c_stops_a_process(lab: Lab) -> None:
    with lab.wsman() as connection, WinRS(connection) as shell:
        process = Process(shell, "powershell -Command out on\r\nsleep 60")
        process.begin_invoke()
        process.signal(SignalCode.CTRL_C)
        process.end_invoke()
    assert process.rc == -1073741510


def test_code_page_437_replaces_what_it_lacks(lab: Lab) -> None:
    with lab.wsman() as connection, WinRS(connection, codepage=437) as shell:
        process = Process(shell, "echo é漢")
        process.invoke()
    assert process.stdout == b"\x82?\r\n"
