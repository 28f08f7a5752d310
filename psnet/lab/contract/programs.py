"""Console programs of a host: text in, lines out, an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ProgramResult:
    """What a program did."""

    code: int = 0
    out: Sequence[str] = ()
    error: Sequence[str] = ()


#: A program: called with the host, its arguments and the lines of its standard input.
ProgramCall = Callable[[Any, list[str], list[str]], ProgramResult]


@dataclass(frozen=True)
class Program:
    """A console program of a host: where its file is, and what it does; one that is not on PATH is called by its whole path."""

    path: str
    run: ProgramCall = field(repr=False)
    on_path: bool = True
