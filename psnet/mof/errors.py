"""What the MOF compiler and parser raise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet.errors import InputError, Problem, PsnetError

if TYPE_CHECKING:
    from collections.abc import Sequence


class MofSyntaxError(InputError):
    """A text that is no MOF; ``line`` and ``column`` count from 1."""

    def __init__(self, message: str, line: int, column: int, path: str = "<mof>") -> None:
        super().__init__(f"{path} is no valid MOF", [Problem(message, path, line, column)])
        self.reason = message
        self.line = line
        self.column = column
        self.path = path


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why nothing was written; ``id`` is the error id of the real compiler."""

    id: str
    message: str
    path: str = "<configuration>"
    line: int | None = None
    column: int | None = None
    key: str | None = None
    node: str | None = None
    remedy: str | None = None

    def problem(self) -> Problem:
        """Return the same as a Problem, the id in front of the message."""
        return Problem(f"{self.id}: {self.message}", self.path, self.line, self.column, self.key, self.remedy)


class MofRefusal(InputError):  # noqa: N818 - what the compiler does, by the name its callers know
    """The declaration cannot become MOF documents. ``refusals`` holds every reason in the order found.

    ``refusal_id`` is the first one's id: what the real compiler reports first for such a configuration.
    """

    def __init__(self, refusals: Sequence[Refusal], name: str = "") -> None:
        count = "1 reason" if len(refusals) == 1 else f"{len(refusals)} reasons"
        what = f"configuration {name!r}" if name else "the configuration"
        super().__init__(f"{what} was refused for {count}", [item.problem() for item in refusals])
        self.refusals = tuple(refusals)

    @property
    def refusal_id(self) -> str:
        """The id that decides."""
        return self.refusals[0].id


class CastError(PsnetError):
    """A value that PowerShell does not convert; never leaves the compiler."""

    def __init__(self, error_id: str, message: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.error_id = error_id


class NodeAborted(PsnetError):  # noqa: N818 - an event of the evaluation, not an error of its own
    """The rest of a Node block is not evaluated, as after a terminating error; never leaves the compiler."""
