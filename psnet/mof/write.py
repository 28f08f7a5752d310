"""Instances -> MOF text, escaped as the engine does it, with CRLF."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.mof.model import Instance, Value

EOL = "\r\n"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_CHAR_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\0": "\\x0"})


def quoted(text: str) -> str:
    """Return a string literal. Backslash, quote and line feed are escaped; all else stands as it is."""
    return f'"{text.translate(_ESCAPES)}"'


def value_text(value: Value) -> str:
    """Return a value as MOF."""
    kind, held = value.kind, value.value
    if kind == "string":
        return quoted(held)
    if kind == "array":
        if not held:
            return "{" + EOL + "}"
        inner = f",{EOL}    ".join(map(value_text, held))
        return "{" + f"{EOL}    {inner}{EOL}" + "}"
    if kind == "integer":
        return str(held)
    if kind == "boolean":
        return "True" if held else "False"
    if kind == "char16":
        return f"'{held.translate(_CHAR_ESCAPES)}'"
    if kind == "null":
        return "NULL"
    return str(held)


def instance_text(instance: Instance) -> str:
    """Return one instance as MOF."""
    alias = f" as {instance.alias}" if instance.alias else ""
    body = "".join(f" {name} = {value_text(value)};{EOL}" for name, value in instance.properties.items())
    return f"instance of {instance.class_name}{alias}{EOL}{{{EOL}{body}}};{EOL}"


def document_text(instances: Iterable[Instance], header: Iterable[str] = ()) -> str:
    """Return a document: the header's lines as a comment, then the instances."""
    lines = [line.replace("*/", "* /").replace("\r", " ").replace("\n", " ") for line in header]
    comment = EOL.join(["/*", *lines, "*/", "", ""]) if lines else ""
    return comment + EOL.join(map(instance_text, instances))
