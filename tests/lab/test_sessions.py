"""What a session can do, over every transport and by every logon, against simulated hosts on loopback.

Kerberos has tests of its own (tests/lab/test_kerberos.py), as has what only CredSSP does (tests/lab/test_credssp.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.errors import HostError, InputError, RemoteError
from psnet.inventories import load_inventory
from psnet.lab.wire import AuthPolicy
from psnet.transport import ConnectionSettings, RemoteObject, Version, connect, open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab
    from psnet.transport import Record

    LabMaker = Callable[..., Lab]

#: Logons, by name: Basic, NTLM, certificates and CredSSP over TLS, NTLM and CredSSP with encrypted messages over HTTP.
LOGONS = ("basic", "ntlm", "encrypted", "certificate", "credssp", "credssp encrypted")


def ways(*transports: str) -> Any:
    """Return every transport by every logon.

    make test has each transport by Basic, and psnet's own by each logon; by CredSSP where it encrypts messages too.
    """
    cases = [
        swept((transport, logon), when=logon != "basic" and (transport != "psrp" or logon == "credssp"))
        for transport in transports
        for logon in LOGONS
    ]
    return pytest.mark.parametrize(("transport", "logon"), cases)


def connected(lab: Lab, transport: str, logon: str, **changes: Any) -> Any:
    """Return a host that is reached in one of these ways."""
    if logon == "certificate":
        issued = lab.server.client_certificate("Administrator@localhost")
        changes |= {"certificate_file": str(issued.certificate), "certificate_key_file": str(issued.key)}
        changes |= {"auth": "certificate", "user": None, "password": None}
    elif logon.endswith("encrypted"):
        changes |= {"scheme": "http", "port": next(iter(lab.server.endpoints.values())).http_port}
        changes |= {"auth": "credssp" if logon.startswith("credssp") else "ntlm"}
    else:
        changes |= {"auth": logon}
    return lab.connect(transport=transport, **changes)


EVERY = AuthPolicy(credssp=True)
BOTH = ways("psrp", "pypsrp", "winrm")
seen: list[str] = []


class Redirect(BaseHTTPRequestHandler):
    """A server that sends everybody elsewhere."""

    def do_POST(self) -> None:
        seen.append(self.path)
        self.send_response(307)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


BIG = bytes(range(256)) * 4000


@ways("psrp", "pypsrp")
def test_every_stream_arrives_typed_and_in_order(psnet_lab: LabMaker, transport: str, logon: str) -> None:
    told: list[Record] = []
    script = """
        $VerbosePreference = 'Continue'; $DebugPreference = 'Continue'
        1; Write-Warning -Message 'w'; Write-Verbose -Message 'v'; Write-Debug -Message 'd'
        Write-Information -MessageData 'i' -Tags 't'; Write-Host -Object 'h'
        Write-Progress -Activity 'a' -Status 's' -PercentComplete 40
        Write-Error -Message 'e' -ErrorId 'Mine' -Category ResourceBusy -TargetObject 'x'
        [version] '5.1.2'; [decimal] 1.5; @{ a = @(1, 2) }; 'text'
        Get-NetAdapter | Select-Object -First 1
    """
    with connected(psnet_lab("2022", policy=EVERY), transport, logon) as host:
        output = host.run(script, on_record=told.append)
    *values, adapter = output.objects
    assert values == [1, Version((5, 1, 2)), Decimal("1.5"), {"a": [1, 2]}, "text"]
    assert isinstance(adapter, RemoteObject)
    assert adapter.name == "Ethernet"
    assert (output.warnings, output.verbose, output.debug) == (("w",), ("v",), ("d",))
    assert [(item.text, item.tags) for item in output.information] == [("i", ("t",)), ("h", ("PSHOST",))]
    assert [(item.activity, item.status, item.percent) for item in output.progress] == [("a", "s", 40)]
    error = output.errors[0]
    assert (error.message, error.category, error.target) == ("e", "ResourceBusy", "x")
    assert error.error_id.startswith("Mine")
    assert not output.failed
    streams = ["output", "warning", "verbose", "debug", "information", "information", "progress", "error"]
    assert [record.stream for record in told] == [*streams, *["output"] * 5]


@pytest.mark.parametrize("logon", [swept(logon, when=logon != "basic") for logon in LOGONS])
def test_the_same_script_gives_the_same_output_by_pypsrp_and_by_psnet(psnet_lab: LabMaker, logon: str) -> None:
    lab = psnet_lab("2022", policy=EVERY)
    scripts = [
        "1; 1.5; [decimal] 2.50; 'te<xt' + [char] 7; $null; $true; [guid]::Empty; [timespan] '1.02:03:04.5'",
        "Get-NetAdapter; Get-NetFirewallProfile | Select-Object -First 2; @{ a = @{ b = 1, 2 } }; , @(1, 2)",
        "[datetime] '2026-01-02T03:04:05Z'; [System.DayOfWeek]::Friday; [byte[]] (1, 2); [uri] 'http://a/b?c=d&e'",
        "Write-Error -Message 'e' -ErrorId 'Mine' -TargetObject 'x'; throw 'out'",
        "Get-Item -LiteralPath 'C:\\nope'; Write-Warning -Message 'w'; Write-Progress -Activity 'a' -Completed",
        "1..3000; 'y' * 300000",
        "if (",
        "$input",
        "#😀 _x0041_\r\n'😀 _x0041_ ' + \"`t\"",
    ]
    with connected(lab, "psrp", logon) as ours, connected(lab, "pypsrp", logon) as theirs:
        for script in scripts:
            assert ours.run(script) == theirs.run(script), script


def test_a_session_for_an_event_loop_does_the_same(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022", policy=EVERY)
    settings = load_inventory(lab.inventory).hosts[0].settings()
    told: list[Any] = []

    async def work() -> tuple[Any, ...]:
        async with connect(settings) as session:
            output = await session.run("1; 2", on_record=lambda record: told.append(record.value))
            written = await session.put(BIG, "C:\\a.bin")
            content = await session.get("C:\\a.bin")
            endless = asyncio.create_task(session.run("while ($true) { Start-Sleep -Milliseconds 20 }"))
            while not await session.stop():  # noqa: ASYNC110 - until there is something to stop
                await asyncio.sleep(0.01)
            return output.objects, written, content, (await endless).stopped

    assert asyncio.run(work()) == ((1, 2), hashlib.sha256(BIG).hexdigest(), BIG, True)
    assert told == [1, 2]


@pytest.mark.parametrize("logon", [swept(logon, when=logon not in ("basic", "encrypted")) for logon in LOGONS])
def test_what_a_pipeline_sends_is_bounded(psnet_lab: LabMaker, logon: str) -> None:
    lab = psnet_lab("2022", policy=EVERY)
    with connected(lab, "psrp", logon, budget={"objects": 10}) as host:
        with pytest.raises(HostError) as caught:
            host.run("1..100000")
        assert caught.value.cause == "budget"
        assert host.run("'still'").lines() == ["still"]
    with connected(lab, "psrp", logon, budget={"answer_bytes": 2000}) as host:
        with pytest.raises(HostError) as caught:
            host.run("'x' * 100000")
        assert caught.value.cause == "budget"


def test_a_redirect_is_not_followed() -> None:
    with HTTPServer(("127.0.0.1", 0), Redirect) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        seen.clear()
        settings = ConnectionSettings.model_validate(
            {"address": "127.0.0.1", "port": server.server_address[1], "scheme": "http", "auth": "ntlm", "user": "u"}
            | {"password": "p", "retry": {"attempts": 1}}
        )
        with pytest.raises(HostError) as caught:
            open_session(settings, "h1").run("1")
        server.shutdown()
    assert caught.value.cause == "redirect"
    assert seen == ["/wsman"]


@pytest.mark.parametrize("logon", [swept(logon, when=logon not in ("basic", "encrypted")) for logon in LOGONS])
def test_lines_are_told_over_winrs_too(psnet_lab: LabMaker, logon: str) -> None:
    told: list[Record] = []
    with connected(psnet_lab("2022", policy=EVERY), "winrm", logon) as host:
        output = host.run(
            "1; Write-Host -Object 'Grüße €'; Write-Error -Message 'e' -ErrorId 'Mine'", on_record=told.append
        )
    assert output.objects == ("1", "Grüße €")
    assert output.errors[0].error_id.startswith("Mine")
    assert [record.stream for record in told] == ["output", "output", "error"]


@BOTH
@pytest.mark.parametrize("content", [b"", b"\0\xff\r\n\x1a", BIG], ids=["empty", "small", "1 MB"])
def test_a_file_goes_there_and_back(
    psnet_lab: LabMaker, transport: str, logon: str, content: bytes, tmp_path: Path
) -> None:
    lab = psnet_lab("2022", policy=EVERY)
    source = tmp_path / "file"
    source.write_bytes(content)
    with connected(lab, transport, logon) as host:
        assert host.put(b"before", "C:\\new\\deep\\f.bin") == hashlib.sha256(b"before").hexdigest()
        assert host.put(source, "C:\\new\\deep\\f.bin") == hashlib.sha256(content).hexdigest()
        assert host.get("C:\\new\\deep\\f.bin") == content
        listing = host.run("(Get-ChildItem -LiteralPath 'C:\\new\\deep').Name")
    assert listing.lines() == ["f.bin"]  # nothing is left beside it


@BOTH
def test_a_file_that_cannot_be_had_is_an_error_with_its_reason(psnet_lab: LabMaker, transport: str, logon: str) -> None:
    with connected(psnet_lab("2022", policy=EVERY), transport, logon) as host:
        with pytest.raises(RemoteError, match=r"reading C:.nope") as missing:
            host.get("C:\\nope\\f")
        assert missing.value.error_id == "DirectoryNotFoundException"
        with pytest.raises(RemoteError, match=r"writing C:.Windows.System32"):
            host.put(b"x", "C:\\Windows\\System32")
        with pytest.raises(InputError, match="no full path"):
            host.put(b"x", "relative.txt")
        left = host.run("(Get-ChildItem -LiteralPath 'C:\\Windows').Name | Where-Object { $_ -like '*.part' }")
    assert left.lines() == []


@BOTH
def test_a_running_pipeline_is_stopped_from_another_thread(psnet_lab: LabMaker, transport: str, logon: str) -> None:
    began, found = threading.Event(), []
    with connected(psnet_lab("2022", policy=EVERY), transport, logon) as host:

        def tell(record: Any) -> None:
            if str(record.value) == "begun":
                began.set()

        def work() -> None:
            found.append(host.run("Write-Host -Object 'begun'; while ($true) { $null = 1 }; 'never'", on_record=tell))

        thread = threading.Thread(target=work)
        thread.start()
        assert began.wait(20)
        assert host.stop()
        thread.join(20)
        assert not thread.is_alive()
        assert found[0].stopped
        assert found[0].failed
        assert "never" not in found[0].lines()
        assert not host.stop()  # nothing runs any more
        assert host.run("'again'").lines() == ["again"]
