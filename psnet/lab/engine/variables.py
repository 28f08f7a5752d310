"""Variables by the path a script writes: ``$x``, ``$script:x``, ``$env:PATH``, ``$function:f``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import runtime_error

from . import net
from .scope import session_state_error

if TYPE_CHECKING:
    from psnet.powershell.syntax import ast

    from .frame import Frame
    from .scope import Scope, Variable

SCOPES: Final = frozenset({"global", "script", "local", "private", "variable", "using", "workflow"})
_READ_ONLY: Final = {"true": True, "false": False, "null": None}


def split_path(path: str) -> tuple[str, str]:
    """Return (scope or drive in lower case, name) of a variable's path; "" where there is none."""
    prefix, colon, rest = path.partition(":")
    return (prefix.lower(), rest) if colon and rest else ("", path)


def variable_expression(frame: Frame, node: ast.VariableExpression) -> Any:
    """Return a variable's value."""
    path = node.path
    key = path.lower()
    found = frame.scope.find(key)
    if found is not None:
        return found.getter() if found.getter else found.value
    return _other(frame, path, key)


def _other(frame: Frame, path: str, key: str) -> Any:
    if key in _READ_ONLY:
        return _READ_ONLY[key]
    if key == "?":
        return frame.runspace.succeeded
    if key == "psitem":
        found = frame.scope.find("_")
        return found.get() if found else _missing(frame, "PSItem")
    prefix, name = split_path(path)
    if prefix:
        return _qualified(frame, prefix, name, path)
    special = frame.runspace.automatic(key, frame)
    if special is not net.MISSING:
        return special
    return _missing(frame, path)


def _missing(frame: Frame, name: str) -> Any:
    version = frame.scope.strict_version()
    if version is None or (
        name.lower() in {"_", "args", "input", "this", "foreach", "switch", "matches"}
        and (name.lower() not in {"matches", "foreach", "switch"})
    ):
        return None
    raise runtime_error(
        "VariableIsUndefined",
        f"The variable '${name}' cannot be retrieved because it has not been set.",
        target=name,
    )


def _qualified(frame: Frame, prefix: str, name: str, path: str) -> Any:
    if prefix in SCOPES:
        if prefix == "using":
            raise net.unsupported("$using:", frame.line)
        found = lookup(frame.scope, prefix, name)
        if found is not None:
            return found.get()
        lowered = name.lower()
        if lowered in _READ_ONLY:
            return _READ_ONLY[lowered]
        special = frame.runspace.automatic(lowered, frame) if prefix != "private" else net.MISSING
        return _missing(frame, path) if special is net.MISSING else special
    if prefix == "env":
        return frame.runspace.environment_get(name)
    if prefix in {"function", "alias"}:
        table = "functions" if prefix == "function" else "aliases"
        for scope in frame.scope.chain():
            command = getattr(scope, table).get(name.lower())
            if command is not None:
                return command.block if prefix == "function" else command.definition
        return None
    drive = frame.runspace.drive_content(prefix, name)
    if drive is not net.MISSING:
        return drive
    raise net.unsupported(f"${prefix}:", frame.line)


def lookup(scope: Scope, prefix: str, name: str) -> Variable | None:
    """Return the variable that a scope's name finds."""
    key = name.lower()
    if prefix in {"", "variable"}:
        return scope.find(key)
    if prefix == "global":
        return scope.global_scope().variables.get(key)
    if prefix == "script":
        return scope.script().variables.get(key)
    return scope.variables.get(key)


def assign_path(frame: Frame, path: str, value: Any) -> None:
    """Assign to a variable's path."""
    prefix, name = split_path(path)
    key = name.lower()
    if key == "null" and not prefix:
        return  # what is assigned to $null is thrown away
    if key == "null" and prefix in {"", *SCOPES}:
        return
    if key in _READ_ONLY and prefix in {"", *SCOPES}:
        raise session_state_error(
            "VariableNotWritable", f"Cannot overwrite variable {name} because it is read-only or constant.", name
        )
    if not prefix:
        if key == "?":
            raise session_state_error(
                "VariableNotWritable", "Cannot overwrite variable ? because it is read-only or constant.", "?"
            )
        frame.scope.set_local("_" if key == "psitem" else name, value)
        return
    if prefix in SCOPES:
        scope = {"global": frame.scope.global_scope(), "script": frame.scope.script()}.get(prefix, frame.scope)
        scope.set_local(name, value)
        if prefix == "private":
            scope.variables[key].options.add("private")
        return
    if prefix == "env":
        frame.runspace.environment_set(name, None if value is None else net.to_string(value))
    elif prefix == "function":
        frame.runspace.define_from_value(frame, name, value)
    else:
        raise net.unsupported(f"assignment to ${prefix}:", frame.line)
