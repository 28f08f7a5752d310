"""What the surroundings of an evaluation decide: the language's version, the time zone, the host's names."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """Surroundings of one evaluation; ``language`` is "5.1" or "7"; ``now`` gives an aware time.

    The evaluator gives ``invoke(block, arguments, this=None, underscore=None)``, which runs a script block
    and returns its collapsed output, and ``to_string(object)``, which runs a ToString that a script added.
    ``assemblies`` are those that a script loaded, in lower case; ``types`` those that it defined, by their names in
    lower case. ``culture`` names the culture in which values are shown, "" for the invariant one; ``enumeration_limit``
    gives $FormatEnumerationLimit; ``write(text, newline)`` writes to the console.
    """

    language: str = "5.1"
    zone: tzinfo = UTC
    now: Callable[[], datetime] = _utc_now
    machine_name: str = "WIN-LAB"
    user_name: str = "Administrator"
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Any = None
    assemblies: Collection[str] = ()
    to_string: Callable[[Any], str | None] | None = None
    invoke: Callable[..., Any] | None = None
    types: Mapping[str, Any] = field(default_factory=dict)
    culture: str = ""
    enumeration_limit: Callable[[], int] | None = None
    write: Callable[[str, bool], None] | None = None
    os_version: str = "10.0.20348"

    @property
    def modern(self) -> bool:
        """Say whether this is PowerShell 7 rather than Windows PowerShell 5.1."""
        return self.language != "5.1"


_CURRENT: ContextVar[Context] = ContextVar("psnet_lab_dotnet_context", default=Context())  # noqa: B039 - frozen


def current() -> Context:
    """Return the surroundings of this evaluation."""
    return _CURRENT.get()


def modern(language: str | None = None) -> bool:
    """Say whether ``language`` (default: the current one) is 7 rather than 5.1."""
    return (language or _CURRENT.get().language) != "5.1"


@contextmanager
def using(**changes: Any) -> Iterator[Context]:
    """Evaluate a block under changed surroundings, such as ``language="7"``."""
    token = _CURRENT.set(replace(_CURRENT.get(), **changes))
    try:
        yield _CURRENT.get()
    finally:
        _CURRENT.reset(token)
