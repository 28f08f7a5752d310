"""Error records as the console writes them to standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import ErrorRecord


def error_text(record: ErrorRecord) -> str:
    """Return Windows PowerShell's NormalView of a record, without wrapping."""
    invocation = record.invocation
    command = invocation.command if invocation is not None else None
    name = command.name if command is not None and command.name else ""
    if command is None and invocation is not None:
        name = invocation.invocation_name
    text = record.text
    head = f"{name} : {text}" if name and not name.endswith(".ps1") else text
    if name.endswith(".ps1") and command is not None:
        head = f"{command.path or name} : {text}"
    lines = [head]
    position = invocation.extent.position_message() if invocation is not None and invocation.extent else ""
    if position:
        lines.extend(position.split("\n"))
    info = record.members["categoryinfo"].getter
    shown = info(record).to_string if info is not None else ""
    lines.append(f"    + CategoryInfo          : {shown}")
    lines.append(f"    + FullyQualifiedErrorId : {record.full_id}")
    lines.append(" ")
    return "\r\n".join(lines) + "\r\n"
