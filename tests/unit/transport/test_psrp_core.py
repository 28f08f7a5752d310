"""The core of the PSRP transport without sockets: psrpcore reads what it writes, and writes what it reads."""

from __future__ import annotations

import base64
import re
import uuid
from typing import Any
from xml.etree import ElementTree as ET

import psrpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psrpcore.types import PSRPMessageType, RunspacePoolState

from psnet.transport import Budget, Clock
from psnet.transport.budget import Meter
from psnet.transport.clixml import read_string, write_string
from psnet.transport.exceptions import TransportError, WsmanFault
from psnet.transport.psrp import messages
from psnet.transport.psrp.envelopes import Envelopes, payload_size
from psnet.transport.psrp.responses import ResponseReader
from psnet.transport.psrp.streams import COMPLETED, Streams

POOL = uuid.uuid4()
PIPE = uuid.uuid4()
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


def opened() -> Any:
    server = psrpcore.ServerRunspacePool()
    events = fed(server, messages.creation(POOL))
    assert [type(event).__name__ for event in events] == ["SessionCapabilityEvent", "InitRunspacePoolEvent"]
    assert server.runspace_pool_id == POOL
    return server


def fed(server: Any, data: bytes) -> list[Any]:
    server.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None))
    found = []
    while (event := server.next_event()) is not None:
        found.append(event)
    return found


@given(TEXTS)
def test_a_script_arrives_as_it_was_written(text: str) -> None:
    server = opened()
    pipeline = psrpcore.ServerPipeline(server, PIPE)
    message = messages.pipeline(POOL, PIPE, text, script=True, feeds=False)
    events = [event for part in messages.fragments(3, message, 300) for event in fed(server, part)]
    assert [type(event).__name__ for event in events] == ["CreatePipelineEvent"]
    made = pipeline.metadata
    assert (made.commands[0].command_text, made.commands[0].is_script) == (text, True)
    assert made.no_input
    assert not made.redirect_shell_error_to_out


def test_a_command_and_its_input_arrive_too() -> None:
    server = opened()
    pipeline = psrpcore.ServerPipeline(server, PIPE)
    fed(server, b"".join(messages.fragments(3, messages.pipeline(POOL, PIPE, "Get-X", script=False, feeds=True), 500)))
    assert (pipeline.metadata.commands[0].command_text, pipeline.metadata.no_input) == ("Get-X", False)
    [line] = fed(server, b"".join(messages.fragments(4, messages.line(POOL, PIPE, "a<\n_x0041_é😀"), 500)))
    assert line.data == "a<\n_x0041_é😀"
    [end] = fed(server, b"".join(messages.fragments(5, messages.end_of_input(POOL, PIPE), 500)))
    assert type(end).__name__ == "EndOfPipelineInputEvent"


@given(st.text(max_size=100))
def test_text_is_escaped_and_read_back(text: str) -> None:
    good = text.encode("utf-16-le", "replace").decode("utf-16-le")
    assert read_string(write_string(good)) == good


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=6), st.integers(22, 100))
def test_fragments_of_several_objects_are_put_together_however_they_are_mixed(parts: list[bytes], size: int) -> None:
    heads = messages._MESSAGE.pack(1, messages.PIPELINE_OUTPUT, POOL.bytes_le, PIPE.bytes_le)
    cut = [
        messages.fragments(number, heads + base64.b64encode(part), size + 40) for number, part in enumerate(parts, 1)
    ]
    assembler = messages.Assembler()
    mixed = [column[index] for index in range(max(map(len, cut))) for column in cut if index < len(column)]
    found = [message.data for piece in mixed for message in assembler.feed(piece)]
    assert sorted(found) == sorted(base64.b64encode(part).decode() for part in parts)


@pytest.mark.parametrize(
    "data",
    [b"short", messages._FRAGMENT.pack(1, 0, 3, 50) + b"x", messages._FRAGMENT.pack(1, 1, 2, 1) + b"x"],
)
def test_what_is_no_fragment_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="PSRP"):
        list(messages.Assembler().feed(data))


def test_every_stream_of_psrpcore_is_read() -> None:
    server = opened()
    server.state = RunspacePoolState.Opened
    pipeline = psrpcore.ServerPipeline(server, PIPE)
    fed(server, b"".join(messages.fragments(3, messages.pipeline(POOL, PIPE, "1", script=True, feeds=False), 9000)))
    server.data_to_send()
    pipeline.start()
    pipeline.write_output("out")
    pipeline.write_warning("careful")
    pipeline.write_verbose("more")
    pipeline.complete()
    assembler, streams = messages.Assembler(), Streams(None)
    while (payload := server.data_to_send()) is not None:
        for message in assembler.feed(payload.data):
            assert message.pipeline == PIPE
            streams.add_message(message)
    output = streams.output()
    assert (output.objects, output.warnings, output.verbose) == (("out",), ("careful",), ("more",))
    assert streams.state == COMPLETED


def test_the_numbers_of_messages_are_those_of_psrpcore() -> None:
    for name, member in (
        ("PIPELINE_OUTPUT", "PipelineOutput"),
        ("PIPELINE_STATE", "PipelineState"),
        ("APPLICATION_PRIVATE_DATA", "ApplicationPrivateData"),
        ("ERROR_RECORD", "ErrorRecord"),
        ("RUNSPACEPOOL_STATE", "RunspacePoolState"),
        ("PROGRESS_RECORD", "ProgressRecord"),
        ("INFORMATION_RECORD", "InformationRecord"),
        ("SESSION_CAPABILITY", "SessionCapability"),
        ("WARNING_RECORD", "WarningRecord"),
        ("VERBOSE_RECORD", "VerboseRecord"),
        ("DEBUG_RECORD", "DebugRecord"),
    ):
        assert getattr(messages, name) == PSRPMessageType[member].value


def test_a_request_is_well_formed_and_fits() -> None:
    made = Envelopes("https://h:5986/wsman?a=1&b=2", "A<B", 20, POOL)
    for request in (
        made.create(b"x"),
        made.command(PIPE, b"x"),
        made.send(PIPE, b"x"),
        made.receive(PIPE),
        made.receive(),
        made.signal(PIPE),
        made.disconnect(),
        made.reconnect(),
        made.get(),
        made.delete(),
    ):
        root = ET.fromstring(request.data)
        assert request.message_id in request.data.decode()
        assert root.tag.endswith("Envelope")
    whole = made.send(PIPE, b"x" * payload_size(made.max_envelope))
    assert len(whole.data) <= made.max_envelope
    first = made.command(PIPE, b"x" * payload_size(made.max_envelope))
    assert len(first.data) <= made.max_envelope


_SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:q="urn:q"><s:Header>'
    "<q:RelatesTo>uuid:1</q:RelatesTo></s:Header><s:Body>{}</s:Body></s:Envelope>"
)
_OUTPUT = (
    '<q:ReceiveResponse><q:Stream Name="stdout">YWJj</q:Stream><q:Stream Name="stdout">ZA==</q:Stream>'
    '<q:CommandState State="http://x/CommandState/Done"/></q:ReceiveResponse>'
)


@given(st.integers(1, 60))
def test_an_answer_is_read_in_whatever_pieces_it_comes(size: int) -> None:
    data = _SOAP.format(_OUTPUT).encode()
    reader = ResponseReader()
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size])
    answer = reader.end()
    assert (answer.relates_to, answer.output, answer.done) == ("uuid:1", [b"abc", b"d"], True)


def test_a_fault_says_its_code_and_the_provider_s_reason() -> None:
    fault = (
        "<s:Fault><s:Reason><s:Text>why</s:Text></s:Reason><s:Detail><q:WSManFault Code='2150859173'><q:Message>"
        "<q:ProviderFault>because</q:ProviderFault></q:Message></q:WSManFault></s:Detail></s:Fault>"
    )
    reader = ResponseReader()
    reader.feed(_SOAP.format(fault).encode())
    with pytest.raises(WsmanFault) as caught:
        reader.end()
    assert (caught.value.code, caught.value.said) == (2150859173, "because")


@pytest.mark.parametrize(
    "data",
    [
        b"<html>no</html",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        _SOAP.format("<q:Stream>***</q:Stream>").encode(),
    ],
)
def test_what_is_no_soap_is_refused(data: bytes) -> None:
    def read() -> None:
        reader = ResponseReader()
        reader.feed(data)
        reader.end()

    with pytest.raises(TransportError) as caught:
        read()
    assert caught.value.cause == "protocol"


@pytest.mark.parametrize(
    ("limits", "call"),
    [
        ({"answer_bytes": 10}, lambda meter: meter.count_received(11)),
        ({"objects": 1}, lambda meter: [meter.count_values(), meter.count_values()]),
        ({"seconds": 5}, lambda meter: meter.count_request()),
    ],
)
def test_a_budget_that_is_used_up_says_which(limits: dict[str, int], call: Any) -> None:
    times = iter([0.0, 6.0])
    meter = Meter(Budget.model_validate(limits), Clock(now=lambda: next(times)))
    with pytest.raises(TransportError, match=next(iter(limits))) as caught:
        call(meter)
    assert caught.value.cause == "budget"


def test_what_travels_is_what_pypsrp_would_ask_for() -> None:
    """The option and the streams of each request, as in pypsrp's (psnet/transport/pypsrp_http.py sends those)."""
    made = Envelopes("https://h:5986/wsman", "Microsoft.PowerShell", 20, POOL)
    assert re.search(rb'Name="protocolversion" MustComply="true">2\.3<', made.create(b"").data)
    assert b"<rsp:InputStreams>stdin pr</rsp:InputStreams>" in made.create(b"").data
    assert b'Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">True<' in made.receive(PIPE).data
    assert b'Name="WINRS_SKIP_CMD_SHELL">False<' in made.command(PIPE, b"").data
