"""The error that a command ends with, as JSON where ``--json`` was asked for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.terminal import echo_json

_CHOICES: Final = re.compile(r"'([^']*)' is not one of (.*)")
_QUOTED: Final = re.compile(r"'([^']*)'")

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.errors import PsnetError


def wants_json(words: Sequence[str], tree: Any) -> bool:
    """Say whether a command line asks a verb for JSON: what stands behind ``--`` is somebody else's."""
    verb, rest = tree, list(words)
    while rest and hasattr(verb, "commands"):
        verb = verb.commands.get(rest.pop(0), verb)
    own = rest[: rest.index("--")] if "--" in rest else rest
    known = {name for each in verb.params if each.param_type_name == "option" for name in each.opts}
    return "--json" in own and "--json" in known and not hasattr(verb, "commands")


def said_plainly(error: Any) -> str:
    """Return what a wrong command line is told, in psnet's words: typer reads values with pydantic, and repeats it."""
    from pydantic import ValidationError

    from psnet._internal.validation_messages import explain_error
    from psnet._internal.yaml import nearest

    if not isinstance(error.__cause__, ValidationError):
        return str(error.message)
    said, remedy = explain_error(error.__cause__.errors(include_url=False)[0])
    words = _CHOICES.fullmatch(said)
    near = nearest(words[1], _QUOTED.findall(words[2])) if words else None
    meant = remedy or (f"did you mean {near}?" if near else "")
    return f"{said.rstrip('.')}{f' ({meant})' if meant else ''}"


def show_failure(error: PsnetError) -> None:
    """Print an error as a document, or as the last line of events."""
    from psnet.fleet.events import ErrorData

    data = ErrorData.of(error).model_dump(mode="json")
    echo_json(json.dumps({"error": data}, ensure_ascii=False))
