"""The PSRP protocol of one pool: psrpcore's state machine, with our own way out.

psrpcore parses what comes in and knows the states; what goes out leaves at once as fragments through ``emit``
instead of waiting in psrpcore's one send buffer, so that ready-made CLIXML can be carried as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from psrpcore import ServerRunspacePool
from psrpcore._payload import create_fragment, create_message
from psrpcore.types import PSObject, PSRPMessageType, PSVersion, serialize

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

FRAGMENT_BYTES: Final = 32 * 1024 - 21  # PowerShell's default fragment, header included
_VERSION: Final = re.compile(r"\d+(\.\d+){1,3}")
_SET_RUNSPACES: Final = {PSRPMessageType.SetMaxRunspaces, PSRPMessageType.SetMinRunspaces}


class LabPool(ServerRunspacePool):
    """A server-side pool. ``emit`` takes (pipeline id or None, message type, fragments)."""

    def __init__(
        self,
        versions: dict[str, str],
        emit: Callable[[UUID | None, PSRPMessageType, list[bytes]], None],
    ) -> None:
        table: dict[str, Any] = {
            name: PSVersion(value) if _VERSION.fullmatch(value) else value for name, value in versions.items()
        }
        super().__init__(application_private_data={"PSVersionTable": table})
        self._emit = emit

    def prepare_message(
        self,
        message: PSObject | None,
        message_type: PSRPMessageType | None = None,
        pipeline_id: UUID | None = None,
        stream_type: Any = None,  # noqa: ARG002 - psrpcore's signature; WSMan has one output stream
    ) -> None:
        """Serialise a message of psrpcore's own and send it."""
        if message is None:
            self.send(PSRPMessageType.PipelineOutput, b"", pipeline_id)
            return
        kind = message_type or PSRPMessageType.get_message_id(type(message))
        self.send(kind, self.xml(message), pipeline_id)

    def xml(self, message: PSObject) -> bytes:
        """Return psrpcore's CLIXML of an object. Safe on any thread."""
        tree = serialize(
            message, self._cipher, our_capability=self.our_capability, their_capability=self.their_capability
        )
        data: bytes = ET.tostring(tree, encoding="utf-8")
        return data

    def send(self, message_type: PSRPMessageType, data: bytes, pipeline_id: UUID | None = None) -> None:
        """Send a message whose CLIXML is ready."""
        message = create_message(False, message_type, data, self.runspace_pool_id, pipeline_id)  # noqa: FBT003
        object_id = self._fragment_counter
        last = max(len(message) - 1, 0) // FRAGMENT_BYTES
        fragments = [
            create_fragment(
                object_id,
                index,
                message[index * FRAGMENT_BYTES : (index + 1) * FRAGMENT_BYTES],
                index == last,
            )
            for index in range(last + 1)
        ]
        self._emit(pipeline_id, message_type, fragments)

    def _process_message(self, message: Any) -> Any:
        if message.message_type in _SET_RUNSPACES:  # pypsrp names the call id CI, psrpcore knows ci only
            message._data = message._data.replace(b'N="CI"', b'N="ci"')  # noqa: SLF001 - see above
        return super()._process_message(message)
