"""The error that a command ends with, as JSON where ``--json`` was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet._internal.terminal import echo_json

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


def show_failure(error: PsnetError) -> None:
    """Print an error as a document, or as the last line of events."""
    from psnet.fleet.events import ErrorData

    data = ErrorData.of(error).model_dump(mode="json")
    echo_json(json.dumps({"error": data}, ensure_ascii=False))
