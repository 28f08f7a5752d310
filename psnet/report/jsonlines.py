"""A run's events as JSON lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from psnet._internal.text import json_text
from psnet.fleet.events import HostFinished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

from psnet.fleet.events import Event


@dataclass(frozen=True, slots=True)
class JsonLines:
    """The listener that writes one event a line; ``describe`` says what a host's result is as data."""

    stream: IO[str]
    describe: Callable[[Any], Any]

    def handle(self, events: Sequence[Event]) -> None:
        """Write the lines."""
        for event in events:
            whole = event
            if isinstance(event, HostFinished):
                whole = event.model_copy(update={"result": self.describe(event.value)})
            self.stream.write(json_text(whole.model_dump_json()) + "\n")
        self.stream.flush()
