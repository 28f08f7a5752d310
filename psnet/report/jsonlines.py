"""A run's events as JSON lines."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from psnet._internal.text import json_text
from psnet.fleet.events import HostFinished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

from psnet.fleet.events import Event

log = logging.getLogger("psnet.report")


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
                whole = event.model_copy(update={"result": self._described(event)})
            self.stream.write(json_text(whole.model_dump_json()) + "\n")
        self.stream.flush()

    def _described(self, event: HostFinished) -> Any:
        """Return a result as data; one that cannot be is null, and the other hosts' lines are as they are."""
        try:
            result = self.describe(event.value)
            event.model_copy(update={"result": result}).model_dump_json()
        except Exception:
            log.exception("%s: its result cannot be shown", event.host)
            return None
        return result
