"""Which fields of which documents a script sends to a host, read from its tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.syntax import parse
from psnet.powershell.syntax.nodes import Hashtable, StringConstantExpression
from psnet.powershell.syntax.visit import children

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFLIST: Final = re.compile(r'`"(\w+)`": ')
_DOCKER: Final = re.compile(r"'com\.docker\.network\.windowsshim\.(\w+)=")
#: Variables of templates and library functions that hold what is sent.
_SENT: Final = {
    "network": "network",
    "endpoint": "endpoint",
    "again": "endpoint",
    "attachment": "attachment",
    "list": "policy list",
    "body": "request",
}


def sent_fields(script: str) -> set[tuple[str, str]]:
    """Return (document, field) of all that a script sends; fields in fields are joined by a point."""
    found = {("docker network create", name) for name in _DOCKER.findall(script)}
    if "WriteAllText" in script:
        found |= {("CNI conflist", name) for name in _CONFLIST.findall(script)}
    for name, table in _tables(parse(script), ""):
        found |= set(_fields(name, table))
    return found


def _tables(node: Any, variable: str) -> Iterator[tuple[str, Hashtable]]:
    """Yield the outermost tables with the document that each is."""
    if isinstance(node, Hashtable):
        keys = {key for key, _ in _pairs(node)}
        word = _SENT.get(variable, "")
        if word == "request":
            word = "HCN request" if "RequestType" in keys else "HNS endpoint"
        elif word in ("network", "endpoint"):
            word = f"{'HCN' if 'SchemaVersion' in keys else 'HNS'} {word}"
        if word:
            yield word, node
        elif "Type" in keys:
            yield _policy(node), node
        return
    left = getattr(node, "left", None)
    path = getattr(left, "path", None) if left is not None else None
    inner = str(path) if path is not None else "" if left is not None else variable
    for child in children(node):
        yield from _tables(child, inner)


def _pairs(table: Hashtable) -> list[tuple[str, Any]]:
    return [(str(getattr(key, "value", "")), value) for key, value in table.pairs]


def _policy(table: Hashtable) -> str:
    pairs = dict(_pairs(table))
    words = [node.value for node in _walk(pairs["Type"]) if isinstance(node, StringConstantExpression)]
    return f"{'HCN' if 'Settings' in pairs else 'HNS'} policy {words[0] if words else '?'}"


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _fields(document: str, table: Hashtable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in _pairs(table):
        yield document, prefix + key
        for inner in _inner(value):
            if "Type" in dict(_pairs(inner)) and key in ("Policies", "Settings", "policies"):
                yield from _fields(_policy(inner), inner)
            else:
                yield from _fields(document, inner, f"{prefix}{key}.")


def _inner(node: Any) -> Iterator[Hashtable]:
    if isinstance(node, Hashtable):
        yield node
        return
    for child in children(node):
        yield from _inner(child)
