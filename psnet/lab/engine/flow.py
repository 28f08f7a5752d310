"""How control leaves a statement in Python: errors that scripts can catch, jumps, stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.errors import LabError

if TYPE_CHECKING:
    from .records import ErrorRecord


class ScriptError(LabError):
    """A terminating error on its way up.

    ``thrown``: made by a throw statement. ``stopping``: made by an ErrorAction of Stop; no error preference
    of a caller makes it go away. ``reported``: already in $Error. ``kept``: already in the -ErrorVariable lists.
    """

    def __init__(self, record: ErrorRecord, *, thrown: bool = False, stopping: bool = False) -> None:
        super().__init__(record.text)
        self.record = record
        self.thrown = thrown
        self.stopping = stopping
        self.reported = False
        self.kept = False


class PipelineFailed(LabError):  # noqa: N818 - the contract's name
    """A pipeline ended with a terminating error."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.text)
        self.record = record


class PipelineStopped(LabError):  # noqa: N818 - the contract's name
    """A pipeline heeded its stop token."""

    def __init__(self) -> None:
        super().__init__("The pipeline has been stopped.")


class Jump(BaseException):
    """Base of the jumps; they are no errors, so nothing that catches Exception may see them."""


class BreakJump(Jump):
    """``break [label]``."""

    def __init__(self, label: str | None = None) -> None:
        self.label = label


class ContinueJump(Jump):
    """``continue [label]``."""

    def __init__(self, label: str | None = None) -> None:
        self.label = label


class ReturnJump(Jump):
    """``return``; what it returns was written to the output already."""


class ExitJump(Jump):
    """``exit [code]``."""

    def __init__(self, code: Any = 0) -> None:
        self.code = code


class StopUpstream(Jump):
    """A command has seen enough: the commands before it stop, it and those after it end as usual."""

    def __init__(self, requester: object) -> None:
        self.requester = requester


def labels_match(jump: BreakJump | ContinueJump, label: str | None) -> bool:
    """Say whether a loop with this label (or none) is where the jump ends."""
    return jump.label is None or (label is not None and jump.label.lower() == label.lower())
