"""ScriptStackTrace: one line a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .frame import Frame


def stack_line(frame: Frame) -> str:
    """Return ``at <name>, <file>: line <n>``."""
    command = frame.processor.command if frame.processor else None
    name = command.name if command is not None else ""
    shown = f"{name}" if name and command is not None and command.kind != "ExternalScript" else "<ScriptBlock>"
    where = frame.source.file or "<No file>"
    return f"at {shown}, {where}: line {max(frame.line, 1)}"
