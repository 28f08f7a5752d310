"""One PSRP pipeline of pypsrp's, with psnet's reading of what it sends."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from pypsrp import messages
from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.serializer import Serializer

from psnet.transport import records
from psnet.transport.clixml import weigh_clixml, write_string
from psnet.transport.failures import NOTHING_YET
from psnet.transport.output import OnRecord, Output

if TYPE_CHECKING:
    from psnet.transport.budget import Meter

_RECORDS: Final = (
    messages.ErrorRecordMessage,
    messages.WarningRecord,
    messages.VerboseRecord,
    messages.DebugRecord,
    messages.InformationRecord,
    messages.ProgressRecord,
    messages.PipelineState,
)


class _Sent:
    """A message as psnet reads it; pypsrp sorts messages by their type."""

    def __init__(self, message_type: int, value: Any) -> None:
        self.MESSAGE_TYPE = message_type  # pypsrp's own name
        self.value = value


class ValueSerializer(Serializer):
    """pypsrp's serializer, save that output and records become psnet's values: typed, and read in one pass.

    Text is escaped in one pass too: of pypsrp's work on a script, with its hundreds of line ends, that was the most.
    ``meter`` counts the values.
    """

    meter: Meter | None = None

    def _serialize_string(self, value: Any) -> Any:
        return None if value is None else write_string(str(value))

    def deserialize(
        self,
        element: Any,
        metadata: Any = None,
        clear: bool = True,  # noqa: FBT001, FBT002 - pypsrp's signature
    ) -> Any:
        """Return the value of an element; whole messages of a pipeline are read by psnet."""
        if isinstance(element, str) and clear:
            if metadata is None:
                return self._weighed(element)
            if metadata.object in _RECORDS:
                return _Sent(metadata.object.MESSAGE_TYPE, self._weighed(element))
        return super().deserialize(element, metadata, clear)

    def _weighed(self, text: str) -> Any:
        value, count, text_bytes = weigh_clixml(text)
        if self.meter is not None:
            self.meter.count_values(count, text_bytes)
        return value


def use_values(pool: RunspacePool) -> None:
    """Let a pool read what its pipelines send as psnet's values."""
    pool._serializer = pool._fragmenter.serializer = ValueSerializer()  # noqa: SLF001 - pypsrp has no other way in


def use_meter(pool: RunspacePool, meter: Meter) -> None:
    """Let a meter count the values that a pool reads."""
    pool._serializer.meter = meter  # type: ignore[attr-defined]  # noqa: SLF001 - as use_values


class Pipeline(PowerShell):
    """A pipeline that collects its streams as an Output and hands each record on as it comes."""

    def __init__(self, pool: RunspacePool, on_record: OnRecord | None, meter: Meter) -> None:
        super().__init__(pool)
        self._meter = meter
        self._on_record = on_record
        self._collected: dict[str, list[Any]] = {}
        self.sent_whole = False
        self.presumed = False

    def _invoke(self, msg: Any) -> None:
        """Send the command; ``sent_whole`` says that the host may have all of it, so that it may have begun."""
        pool = self.runspace_pool
        first, *rest = pool._fragmenter.fragment(msg, pool.id, self.id)  # noqa: SLF001 - as pypsrp's own does
        pool.pipelines[self.id] = self
        self.sent_whole = not rest
        pool.shell.command("", arguments=[base64.b64encode(first).decode()], command_id=self.id)
        self._command_id = self.id
        self.state = PSInvocationState.RUNNING
        for number, fragment in enumerate(rest, 1):
            self.sent_whole = number == len(rest)
            pool.shell.send("stdin", fragment, command_id=self._command_id)

    def presume_running(self) -> None:
        """Go on as if the host had taken the command; its answer to the next Receive says whether it has."""
        self._command_id = self.id
        self.state = PSInvocationState.RUNNING
        self.presumed = True

    def poll_invoke(self, timeout: int | None = None) -> None:
        """Take what has come since the last time, in its order."""
        try:
            answers = self.runspace_pool._receive(self.id, timeout=timeout)  # noqa: SLF001 - as pypsrp's own does
        except WSManFaultError as fault:
            if fault.code != NOTHING_YET:
                raise
            return
        self.presumed = False
        waiting = self.runspace_pool._fragmenter.incoming_buffer.values()  # noqa: SLF001 - as above
        self._meter.check_pending(sum(len(item["data"]) for item in waiting))
        for kind, answer in answers:
            output = kind == messages.MessageType.PIPELINE_OUTPUT
            record = records.Record("output", answer.data.data) if output else answer
            if isinstance(record, records.Record):
                self._collected.setdefault(record.stream, []).append(record.value)
                if self._on_record is not None:
                    self._on_record(record)

    def result(self) -> Output:
        """Return the streams so far."""
        return Output.of_streams(
            self._collected,
            failed=self.state in (PSInvocationState.FAILED, PSInvocationState.STOPPED),
            stopped=self.state == PSInvocationState.STOPPED,
        )

    # What pypsrp calls for each record; what they return comes back from _receive in the order of the wire.

    def _process_error_record(self, message: Any) -> Any:
        return records.Record("error", records.error_record(message.data.value))

    def _process_warning_record(self, message: Any) -> Any:
        return records.Record("warning", records.message_of(message.data.value))

    def _process_verbose_record(self, message: Any) -> Any:
        return records.Record("verbose", records.message_of(message.data.value))

    def _process_debug_record(self, message: Any) -> Any:
        return records.Record("debug", records.message_of(message.data.value))

    def _process_information_record(self, message: Any) -> Any:
        return records.Record("information", records.information_record(message.data.value))

    def _process_progress_record(self, message: Any) -> Any:
        return records.Record("progress", records.progress_record(message.data.value))

    def _process_pipeline_state(self, message: Any) -> Any:
        self.state, error = records.pipeline_state(message.data.value)
        self.had_errors = self.state == PSInvocationState.FAILED
        return records.Record("error", error) if error is not None else None
