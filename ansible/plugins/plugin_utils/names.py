# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables a task's templates use, and whether they may be filled before the task's turn has come."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateError, nodes

_ENVIRONMENT = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701 - parsed, never filled
#: Lookups that always give the same, and do nothing.
_CALM = frozenset({"dict", "env", "file", "fileglob", "first_found", "indexed_items", "items", "list", "nested"})
_CALM_TOO = frozenset({"sequence", "subelements", "template", "together", "flattened"})
_RESTLESS = frozenset({"random", "shuffle", "password_hash", "random_mac", "vault", "unvault"})


class Restless(Exception):  # noqa: N818 - an answer, not a fault
    """A template that may give something else next time."""


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """Return the variables that a template uses; raise Restless."""
    try:
        tree = _ENVIRONMENT.parse(text)
    except TemplateError as error:
        raise Restless(str(error)) from None
    for node in tree.find_all((nodes.Filter, nodes.Call)):
        if isinstance(node, nodes.Filter):
            if str(node.name).rpartition(".")[2] in _RESTLESS:
                raise Restless(node.name)
        elif isinstance(node.node, nodes.Name) and node.node.name in ("lookup", "query", "q", "now"):
            first = node.args[0] if node.args else None
            name = str(first.value).rpartition(".")[2] if isinstance(first, nodes.Const) else ""
            if name not in _CALM | _CALM_TOO:
                raise Restless(name or node.node.name)
    return frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx == "load")


def used(value: Any, variables: dict[str, Any], *, bare: bool = False) -> set[str]:
    """Return the variables that a value's templates use, and those that these use in turn; raise Restless.

    ``bare`` says that texts are expressions, as those of ``when`` are.
    """
    found: set[str] = set()
    _use(value, variables, found, bare=bare)
    return found


def _use(value: Any, variables: dict[str, Any], found: set[str], *, bare: bool) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _use(key, variables, found, bare=False)
            _use(item, variables, found, bare=bare)
    elif isinstance(value, list | tuple):
        for item in value:
            _use(item, variables, found, bare=bare)
    elif isinstance(value, str):
        text = str(value)
        if bare and "{{" not in text and "{%" not in text:
            text = f"{{{{ ({text}) }}}}"
        if "{{" not in text and "{%" not in text:
            return
        for name in names_in(text) - found:
            found.add(name)
            if name not in ("hostvars", "groups", "vars") and isinstance(variables.get(name), str | list | dict):
                _use(variables[name], variables, found, bare=False)
