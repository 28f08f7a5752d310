"""The wire's parts without sockets: command lines, envelopes, CLIXML text, output, spliced records."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psrpcore import types as ps
from pypsrp.serializer import Serializer

from psnet.lab import values as lab
from psnet.lab.dotnet import objects
from psnet.lab.wire import encryption, http, soap, wsman_faults
from psnet.lab.wire.api import ErrorInfo
from psnet.lab.wire.outbox import Outbox, stream_elements
from psnet.lab.wire.psrp import records
from psnet.lab.wire.psrp.convert import to_lab
from psnet.lab.wire.psrp.pool import FRAGMENT_BYTES, LabPool
from psnet.lab.wire.winrs import cmdline
from psnet.lab.wire.winrs.console import clixml_text, codec_of
from psnet.lab.wire.workers import Workers

SETTINGS: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("a b  c", ["a", "b", "c"]),
        ('"a b" c', ["a b", "c"]),
        (r"a\b c\\", ["a\\b", "c\\\\"]),
        (r'"a\"b" c', ['a"b', "c"]),
        (r'"c:\dir\\" x', ["c:\\dir\\", "x"]),
        (r"a\\\"b", ['a\\"b']),
        ('""', [""]),
        ('a""b', ["ab"]),
        ("", []),
    ],
)
def test_arguments_split_as_windows_programs_do(line: str, arguments: list[str]) -> None:
    assert cmdline.split_arguments(line) == arguments


@given(st.lists(st.text(st.characters(exclude_characters='"\\\x00', exclude_categories=["Cs"])), max_size=5))
def test_quoted_arguments_survive(arguments: list[str]) -> None:
    assert cmdline.split_arguments(" ".join(f'"{argument}"' for argument in arguments)) == arguments


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a & b", [("", "a "), ("&", "b")]),
        ("a&&b||c", [("", "a"), ("&&", "b"), ("||", "c")]),
        ('echo "a & b"', [("", 'echo "a & b"')]),
        ("echo a ^& b", [("", "echo a & b")]),
        ("  ", []),
    ],
)
def test_statements(line: str, found: list[tuple[str, str]]) -> None:
    assert [(statement.after, statement.text) for statement in cmdline.statements(line)] == found


@pytest.mark.parametrize(
    ("line", "redirections"),
    [
        ("a >nul", [(1, "nul")]),
        ("a 2>&1", [(2, "&1")]),
        ("a > nul 2>nul", [(1, "nul"), (2, "nul")]),
        ("echo 12>nul", [(1, "nul")]),
    ],
)
def test_redirections(line: str, redirections: list[tuple[int, str]]) -> None:
    (statement,) = cmdline.statements(line)
    assert statement.redirections == redirections


@pytest.mark.parametrize("line", ["a | b", "a < b", "(a)", "a & (b)"])
def test_what_cmd_has_and_the_lab_has_not_is_refused(line: str) -> None:
    with pytest.raises(cmdline.CommandLineError, match="unsupported"):
        cmdline.statements(line)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["-NoProfile", "-File", "a.ps1", "-x", "1"],
            {"file": "a.ps1", "arguments": ("-x", "1"), "no_profile": True},
        ),
        (["-c", "Get-X", "-y"], {"script": "Get-X -y"}),
        (["Get-X", "1"], {"script": "Get-X 1"}),
        (["-ExecutionPolicy", "Bypass", "-Command", "-"], {"from_stdin": True}),
        (["-enc", "YQA="], {"script": "a", "encoded": True}),
        (["-e", "YQA="], {"script": "a", "encoded": True}),
        (["-ec", "YQA="], {"script": "a", "encoded": True}),
        (["/EncodedCommand", "YQA="], {"script": "a", "encoded": True}),
        (["-ep", "Bypass", "-nop", "-noni", "-sta", "x"], {"script": "x", "no_profile": True}),
        (
            ["-OutputFormat", "Text", "-enc", "YQA="],
            {"script": "a", "encoded": True, "output_format": "text"},
        ),
        (["-Unknown", "x"], {"script": "-Unknown x"}),
    ],
)
def test_powershell_arguments(words: list[str], expected: dict[str, Any]) -> None:
    assert cmdline.powershell_call(words) == cmdline.PowerShellCall(**expected)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT20S", 20), ("PT20.5S", 20.5), ("PT1M30S", 90), ("P1DT2H", 93600), ("PT0.000S", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert soap.duration_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "20", "PT", "P", "PT20", "-PT1S", "PT1S "[:2]])
def test_wrong_durations(text: str) -> None:
    with pytest.raises(wsman_faults.WSManFault):
        soap.duration_seconds(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_a_fault(data: bytes) -> None:
    with pytest.raises(wsman_faults.WSManFault):
        soap.read_request(soap.parse(data))


def test_a_fault_is_what_pypsrp_reads() -> None:
    from pypsrp.wsman import WSMan

    data = soap.fault_response(wsman_faults.too_many_shells(3), "uuid:<1>", "HOST&1")
    fault = WSMan._parse_wsman_fault(data.decode())
    assert (fault.code, fault.machine) == (2150859173, "HOST&1")
    assert "maximum number of 3 concurrent shells" in str(fault.reason)
    assert ET.fromstring(data).findtext(f".//{{{soap.A}}}RelatesTo") == "uuid:<1>"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_clixml_text_is_what_clients_read_back(text: str) -> None:
    xml = ET.fromstring(f"<S>{clixml_text(text)}</S>")
    assert (Serializer()._deserialize_string(xml.text or "")) == text


@pytest.mark.parametrize(("page", "codec"), [(None, "cp437"), ("65001", "utf-8"), ("1252", "cp1252")])
def test_code_pages(page: str | None, codec: str) -> None:
    assert codec_of(page) == codec


def test_an_unknown_code_page_is_a_fault() -> None:
    with pytest.raises(wsman_faults.WSManFault):
        codec_of("31337")


def test_output_is_cut_to_the_envelope_and_keeps_its_order() -> None:
    async def scenario() -> None:
        outbox = Outbox()
        sent = [bytes([index]) * 3000 for index in range(20)]
        for data in sent:
            outbox.put("stdout", data)
        outbox.close(7)
        got: list[bytes] = []
        while True:
            batch = await outbox.receive(1, 10000)
            xml = stream_elements(batch, "ID", final=("stdout",))
            assert len(xml) < 10200
            got += [data for _, data in batch.chunks]
            if batch.done:
                break
        assert got == sent
        assert batch.exit_code == 7
        assert xml.endswith('<rsp:Stream Name="stdout" CommandId="ID" End="true"></rsp:Stream>')

    asyncio.run(scenario())


def test_output_given_back_comes_first_again() -> None:
    async def scenario() -> None:
        outbox = Outbox()
        outbox.put("stdout", b"1")
        outbox.put("stdout", b"2")
        first = await outbox.receive(0.01, 10000)
        outbox.put("stdout", b"3")
        outbox.requeue(first)
        outbox.close()
        second = await outbox.receive(1, 10000)
        assert [data for _, data in second.chunks] == [b"1", b"2", b"3"]

    asyncio.run(scenario())


def test_a_second_receive_ends_the_first() -> None:
    async def scenario() -> None:
        outbox = Outbox()
        first = asyncio.create_task(outbox.receive(10, 10000))
        await asyncio.sleep(0)
        second = asyncio.create_task(outbox.receive(10, 10000))
        await asyncio.sleep(0)
        outbox.put("stdout", b"x")
        outbox.close()
        with pytest.raises(wsman_faults.WSManFault) as caught:
            await first
        assert caught.value.code == 995
        assert (await second).chunks == [("stdout", b"x")]

    asyncio.run(scenario())


def new_pool() -> tuple[LabPool, list[bytes]]:
    sent: list[bytes] = []
    return LabPool({"PSVersion": "5.1.1"}, lambda _pid, _kind, fragments: sent.extend(fragments)), sent


@given(st.integers(0, 3 * FRAGMENT_BYTES), st.sampled_from([0, 1, FRAGMENT_BYTES - 40, FRAGMENT_BYTES - 39]))
def test_fragments_join_to_the_message(size: int, extra: int) -> None:
    pool, sent = new_pool()
    data = b"y" * (size + extra)
    pool.send(ps.PSRPMessageType.PipelineOutput, data, uuid.uuid4())
    assert all(len(fragment) <= FRAGMENT_BYTES + 21 for fragment in sent)
    assert [fragment[16] for fragment in sent] == [
        (index == 0) | ((index == len(sent) - 1) << 1) for index in range(len(sent))
    ]
    assert b"".join(fragment[21:] for fragment in sent)[40:] == data


def test_a_target_object_is_spliced_in_with_numbers_of_its_own() -> None:
    pool, _ = new_pool()
    target = '<Obj RefId="0"><TN RefId="0"><T>My.Type</T></TN><MS><S N="Name">n</S></MS></Obj>'
    data = records.error(pool, ErrorInfo("text", "Id", target="x"), target, extended=False)
    tree = ET.fromstring(data)
    found = tree.find(".//Obj[@N='TargetObject']")
    assert found is not None
    assert found.findtext("MS/S[@N='Name']") == "n"
    numbers = [element.get("RefId") for element in tree.iter("Obj")]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (ps.PSInt(5), int, 5),
        (ps.PSInt64(5), lab.Int64, 5),
        (ps.PSByte(5), lab.Byte, 5),
        (ps.PSUInt(5), lab.UInt32, 5),
        (ps.PSDouble(1.5), float, 1.5),
        (ps.PSSingle(1.5), lab.Single, 1.5),
        (ps.PSString("s"), str, "s"),
        (ps.PSChar("c"), lab.Char, "c"),
        (True, bool, True),
        (None, type(None), None),
        (ps.PSDateTime(2020, 1, 2, 3, 4, 5), lab.DateTime, lab.DateTime(637135310450000000, 0)),
        (ps.PSDuration(seconds=90), lab.TimeSpan, lab.TimeSpan(900000000)),
    ],
)
def test_arguments_become_values_of_the_lab(value: Any, kind: type, expected: Any) -> None:
    found = to_lab(value)
    assert type(found) is kind
    assert found == expected


def test_collections_and_objects_become_values_of_the_lab() -> None:
    table = to_lab(ps.PSDict({"Name": ps.PSList([1, "two"])}))
    assert type(table) is lab.Hashtable
    assert list(table["NAME"]) == [1, "two"]
    array = to_lab(ps.PSByteArray(b"\x01\xff"))
    assert (array.element_type, list(array)) == ("System.Byte", [1, 255])
    custom = ps.PSCustomObject(Name="x", Count=3)
    found = to_lab(custom)
    assert {member.name: member.value for member in found.members.values()} == {"Name": "x", "Count": 3}
    assert found.type_names[0].endswith("PSCustomObject")


def test_workers_grow_while_jobs_block_and_end_with_the_lab() -> None:
    import threading

    workers, gate, started = Workers(limit=50), threading.Event(), threading.Semaphore(0)

    def job() -> None:
        started.release()
        gate.wait(60)

    for _ in range(40):
        workers.submit(job)
    assert all(started.acquire(timeout=60) for _ in range(40))
    gate.set()
    assert workers.close() == 0


def test_workers_survive_a_failing_job() -> None:
    import threading

    workers, done = Workers(limit=1), threading.Event()
    workers.submit(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    workers.submit(done.set)
    assert done.wait(60)
    workers.close()


@given(st.binary(max_size=400))
def test_any_bytes_are_no_sealed_message(body: bytes) -> None:
    with pytest.raises(encryption.DecryptionError):
        encryption.decrypt(None, body)  # type: ignore[arg-type]


@given(st.binary(max_size=300))
def test_any_head_is_a_request_or_refused(head: bytes) -> None:
    try:
        method, path, headers, length = http._read_head(head)
    except http._BadRequestError as error:
        assert error.status in {400, 411, 413}  # noqa: PT017 - either outcome is right
    else:
        assert method is not None
        assert path is not None
        assert length >= 0
        assert all(name == name.lower() for name in headers)


def test_net_values_have_their_own_classes() -> None:
    identifier = uuid.uuid4()
    assert to_lab(ps.PSGuid(int=identifier.int)) == objects.Guid(str(identifier))
    assert to_lab(ps.PSVersion("5.1.2")) == objects.Version(5, 1, 2)
    assert to_lab(ps.PSScriptBlock("1 + 1")) == "1 + 1"
    with pytest.raises(wsman_faults.WSManFault, match="unsupported"):
        to_lab(ps.PSXml("<a/>"))
