"""What Validate* attributes demand of an argument, as data; the lab's engine says it in PowerShell's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class NotNull:
    """ValidateNotNull."""


@dataclass(frozen=True)
class NotNullOrEmpty:
    """ValidateNotNullOrEmpty."""


@dataclass(frozen=True)
class NotMemberKind:
    """-NotePropertyName is no kind of member: ``Add-Member NoteProperty Name Value`` means the member set."""


@dataclass(frozen=True)
class ValueSet:
    """ValidateSet."""

    values: Sequence[str]
    ignore_case: bool = True
    message: str | None = None


@dataclass(frozen=True)
class Range:
    """ValidateRange with two ends of one type."""

    low: Any
    high: Any


@dataclass(frozen=True)
class RangeKind:
    """ValidateRange with a ValidateRangeKind (PowerShell 7): positive, nonnegative, negative or nonpositive."""

    kind: str


@dataclass(frozen=True)
class Length:
    """ValidateLength."""

    low: int
    high: int


@dataclass(frozen=True)
class Count:
    """ValidateCount."""

    low: int
    high: int


@dataclass(frozen=True)
class Pattern:
    """ValidatePattern."""

    pattern: str
    ignore_case: bool = True
    message: str | None = None


@dataclass(frozen=True)
class Script:
    """ValidateScript: ``run`` evaluates the block with ``$_`` set and says whether its result is true."""

    run: Callable[[Any], bool]
    text: str
    message: str | None = None


Validator = NotNull | NotNullOrEmpty | NotMemberKind | ValueSet | Range | RangeKind | Length | Count | Pattern | Script
