"""What a session can do, over both transports, against simulated hosts on loopback."""

from __future__ import annotations

import hashlib
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from psnet.errors import InputError, RemoteError
from psnet.transport import RemoteObject, Version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab
    from psnet.transport import Record

    LabMaker = Callable[..., Lab]

BOTH = pytest.mark.parametrize("transport", ["psrp", "winrm"])
BIG = bytes(range(256)) * 4000


def test_every_stream_arrives_typed_and_in_order(psnet_lab: LabMaker) -> None:
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
    with psnet_lab("2022").connect() as host:
        output = host.run(script, tell=told.append)
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


def test_lines_are_told_over_winrs_too(psnet_lab: LabMaker) -> None:
    told: list[Record] = []
    with psnet_lab("2022").connect(transport="winrm") as host:
        output = host.run("1; Write-Host -Object 'Grüße €'; Write-Error -Message 'e' -ErrorId 'Mine'", tell=told.append)
    assert output.objects == ("1", "Grüße €")
    assert output.errors[0].error_id.startswith("Mine")
    assert [record.stream for record in told] == ["output", "output", "error"]


@BOTH
@pytest.mark.parametrize("content", [b"", b"\0\xff\r\n\x1a", BIG], ids=["empty", "small", "1 MB"])
def test_a_file_goes_there_and_back(psnet_lab: LabMaker, transport: str, content: bytes, tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    source = tmp_path / "file"
    source.write_bytes(content)
    with lab.connect(transport=transport) as host:
        assert host.put(b"before", "C:\\new\\deep\\f.bin") == hashlib.sha256(b"before").hexdigest()
        assert host.put(source, "C:\\new\\deep\\f.bin") == hashlib.sha256(content).hexdigest()
        assert host.get("C:\\new\\deep\\f.bin") == content
        listing = host.run("(Get-ChildItem -LiteralPath 'C:\\new\\deep').Name")
    assert listing.lines() == ["f.bin"]  # nothing is left beside it


@BOTH
def test_a_file_that_cannot_be_had_is_an_error_with_its_reason(psnet_lab: LabMaker, transport: str) -> None:
    with psnet_lab("2022").connect(transport=transport) as host:
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
def test_a_running_pipeline_is_stopped_from_another_thread(psnet_lab: LabMaker, transport: str) -> None:
    began, found = threading.Event(), []
    with psnet_lab("2022").connect(transport=transport) as host:

        def tell(record: Any) -> None:
            if str(record.value) == "begun":
                began.set()

        def work() -> None:
            found.append(host.run("Write-Host -Object 'begun'; while ($true) { $null = 1 }; 'never'", tell=tell))

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
