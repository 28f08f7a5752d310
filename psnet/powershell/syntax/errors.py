"""What the parser refuses, in the engine's own terms: an ErrorId and a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet.errors import PsnetError

from .positions import line_and_column

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ParseError:
    """One refusal; offsets count characters, ``end`` exclusive.

    ``start`` can lie one past the end of the text, where the engine's does.
    """

    error_id: str
    start: int
    end: int
    message: str


class ParseErrors(PsnetError):  # noqa: N818 - the name that the lab's parts agreed on
    """A text is not valid PowerShell; ``errors`` holds every refusal in the engine's order."""

    exit_code = 3

    def __init__(self, errors: Sequence[ParseError], text: str, file: str | None = None) -> None:
        self.errors = tuple(errors)
        self.file = file
        first = self.errors[0]
        line, column = line_and_column(text, first.start)
        more = f" (and {len(self.errors) - 1} more)" if len(self.errors) > 1 else ""
        super().__init__(f"{file or 'script'}:{line}:{column}: {first.message} [{first.error_id}]{more}")
