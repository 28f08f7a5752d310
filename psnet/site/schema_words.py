"""What editors show of each property of a schema: a description and examples, which the models leave out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from psnet._internal.yaml import read_yaml

#: Examples of texts by their format or the beginning of their pattern.
_FORMATS: Final = {
    "ipv4": "172.20.0.10",
    "ipv6": "fd00:20::10",
    "ipv4network": "172.20.0.0/24",
    "ipv6network": "fd00:20::/64",
    "uuid": "2f9a1d3c-5b7e-4f60-8a1b-3c5d7e9f0a1b",
}
_PATTERNS: Final = {
    "^([0-9A-F]{2}-){5}": "00-15-5D-10-00-01",
    "^[0-9A-Fa-f]{40}$": "181E57944AF544FDB178F36AD55B7317ABBF7AEA",
    "^https://": "https://nc.example.test",
    "^/": "/health",
    "^(Any|Wired": "Wired",
}
#: The pattern of a template, which may stand for any value.
TEMPLATE: Final = r"\{\{|\{%"


@cache
def _words() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("schema_words.yaml")).data
    return found


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which each property has a description and examples that fit it."""
    definitions = {name: dict(item) for name, item in schema.get("$defs", {}).items()}
    made = {**schema, "properties": _properties("", schema, definitions)}
    made["$defs"] = {
        name: {**item, "properties": _properties(name, item, definitions)} if "properties" in item else item
        for name, item in definitions.items()
    }
    return made


def _properties(model: str, schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {name: _property(model, name, item, definitions) for name, item in schema.get("properties", {}).items()}


def _property(model: str, name: str, item: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    texts = _words()["descriptions"]
    text = texts.get(f"{model}.{name}") or item.get("description") or texts.get(name)
    shown = {"description": text} if text else {}
    return {**shown, **item, **shown, "examples": item.get("examples") or _examples(model, name, item, definitions)}


def _examples(model: str, name: str, item: dict[str, Any], definitions: dict[str, Any]) -> list[Any]:
    known = _words()["examples"]
    for given in (known.get(f"{model}.{name}"), known.get(name)):
        if given and all(_fits(each, item, definitions) for each in given):
            return list(given)
    return [_example(item, definitions)]


def _branches(item: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the schemas without a choice in them that a value may fit; a template is no example."""
    if "$ref" in item:
        return _branches(definitions[item["$ref"].rpartition("/")[2]], definitions)
    found = [each for branch in item.get("anyOf", ()) for each in _branches(branch, definitions)] or [item]
    return [each for each in found if each.get("type") != "null" and each.get("pattern") != TEMPLATE]


def _fits(value: Any, item: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Say whether a value is of a schema's type and form; what is deeper is held by the tests."""
    return any(_fits_one(value, each, definitions) for each in _branches(item, definitions))


def _fits_one(value: Any, item: dict[str, Any], definitions: dict[str, Any]) -> bool:
    if "enum" in item or "const" in item:
        return value in item.get("enum", [item.get("const")])
    kinds: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    kind = kinds.get(item.get("type", ""), object)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if isinstance(value, str):
        form = _FORMATS.get(item.get("format", ""))
        alike = form is None or (("/" in form) == ("/" in value) and (":" in form) == (":" in value))
        return alike and bool(re.search(item.get("pattern", ""), value))
    if isinstance(value, int):
        return bool(item.get("minimum", value) <= value <= item.get("maximum", value))
    if isinstance(value, list):
        return all(_fits(each, item.get("items", {}), definitions) for each in value)
    if isinstance(value, dict) and "properties" in item:
        known = item["properties"]
        return all(key in known and _fits(each, known[key], definitions) for key, each in value.items())
    return True


def _example(item: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """Return a small value that a schema allows."""
    first = next(iter(_branches(item, definitions)), {})
    if "enum" in first or "const" in first:
        return first.get("enum", [first.get("const")])[0]
    kind = first.get("type")
    if kind == "object":
        needed = first.get("required", ())
        return {name: _named(name, first["properties"][name], definitions) for name in needed}
    if kind == "array":
        return [_example(first.get("items", {}), definitions)]
    if kind in ("integer", "number"):
        return max(first.get("minimum", 1), 1)
    if kind == "boolean":
        return True
    return _text(first)


def _named(name: str, item: dict[str, Any], definitions: dict[str, Any]) -> Any:
    return _examples("", name, item, definitions)[0]


def _text(item: dict[str, Any]) -> str:
    pattern = item.get("pattern", "")
    for beginning, text in _PATTERNS.items():
        if pattern.startswith(beginning):
            return text
    for text in ("web", "web/a", "endpoint:web", "Any", "host", "web.conflist", "C:\\cni", "/x/y"):
        if re.search(pattern, text) and len(text) >= item.get("minLength", 0):
            return _FORMATS.get(item.get("format", ""), text)
    return "web"
