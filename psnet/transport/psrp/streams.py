"""The streams of one pipeline, collected as its messages come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.transport import records
from psnet.transport.clixml import weigh_clixml
from psnet.transport.output import OnRecord, Output
from psnet.transport.psrp import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.transport.budget import Meter

RUNNING, STOPPED, COMPLETED, FAILED = 1, 3, 4, 5  # PSInvocationState, MS-PSRP 2.2.2.21

_READERS: Final[dict[int, tuple[Any, Callable[[Any], Any]]]] = {
    messages.ERROR_RECORD: ("error", records.error_record),
    messages.WARNING_RECORD: ("warning", records.message_of),
    messages.VERBOSE_RECORD: ("verbose", records.message_of),
    messages.DEBUG_RECORD: ("debug", records.message_of),
    messages.INFORMATION_RECORD: ("information", records.information_record),
    messages.PROGRESS_RECORD: ("progress", records.progress_record),
}


class Streams:
    """Collects what a pipeline sends; ``on_record`` is called with each record as it comes."""

    def __init__(self, on_record: OnRecord | None, meter: Meter | None = None) -> None:
        self._on_record = on_record
        self._meter = meter
        self._found: dict[str, list[Any]] = {}
        self.state = RUNNING

    def add_message(self, message: messages.Message) -> None:
        """Take a message of the pipeline; those that are about something else are passed over."""
        kind = message.kind
        if kind != messages.PIPELINE_OUTPUT and kind not in _READERS and kind != messages.PIPELINE_STATE:
            return
        sent, values, text_bytes = weigh_clixml(message.data)
        if self._meter is not None:
            self._meter.count_values(values, text_bytes)
        if kind == messages.PIPELINE_OUTPUT:
            self.add(records.Record("output", sent))
        elif kind in _READERS:
            stream, reader = _READERS[kind]
            self.add(records.Record(stream, reader(sent)))
        else:
            self.state, error = records.pipeline_state(sent)
            if error is not None:
                self.add(records.Record("error", error))

    def add(self, record: records.Record) -> None:
        """Keep a record and hand it on."""
        self._found.setdefault(record.stream, []).append(record.value)
        if self._on_record is not None:
            self._on_record(record)

    def output(self) -> Output:
        """Return the streams so far."""
        return Output.of_streams(self._found, failed=self.state in (FAILED, STOPPED), stopped=self.state == STOPPED)
