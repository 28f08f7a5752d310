"""Documents: what a client sends, checked against the types; JSON and back.

A document is a dictionary with the fields' own names (``AddressPrefix``); references are ``{"ResourceRef": ...}``.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any, Final

from psnet.lab.sdn.errors import SdnError, invalid
from psnet.lab.sdn.types import Field, SdnType, camel, sdn_type

Document = dict[str, Any]
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[-:]?){5}[0-9A-Fa-f]{2}")


def checked(type_: SdnType, given: Any, where: str) -> Document:
    """Return a document with canonical names and values; raises SdnError for what the type does not allow.

    Read-only fields are dropped and nulls left out.
    """
    if not isinstance(given, dict):
        raise invalid(f"'{where}' is not an object.", where)
    made: Document = {}
    for name, value in given.items():
        found = type_.find(str(name))
        if found is None:
            raise SdnError(400, "InvalidRequestFormat", f"{where}: there is no field '{name}' in {type_.name}.")
        if found.read_only or value is None:
            continue
        made[found.name] = _value(found, value, f"{where}.{found.json}")
    for found in type_.fields.values():
        if found.required and not found.read_only and made.get(found.name) in (None, "", []):
            raise invalid(f"'{where}' has no value for '{found.json}', which is required.", f"{where}.{found.json}")
    return {found.name: made[found.name] for found in type_.fields.values() if found.name in made}


def _value(field: Field, value: Any, where: str) -> Any:
    if not field.many:
        return _one(field, value, where)
    if not isinstance(value, list):
        raise invalid(f"'{where}' is not an array.", where)
    return [_one(field, item, f"{where}[{at}]") for at, item in enumerate(value)]


def _one(field: Field, value: Any, where: str) -> Any:
    if field.kind == "object":
        return checked(sdn_type(field.type), value, where)
    if field.kind == "reference":
        return _reference(value, where)
    if field.kind == "tags":
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise invalid(f"'{where}' is not an object of texts.", where)
        return dict(value)
    return _scalar(field, value, where)


def _reference(value: Any, where: str) -> Document:
    ref = (
        next((item for key, item in value.items() if key.lower() == "resourceref"), None)
        if isinstance(value, dict)
        else None
    )
    if not isinstance(ref, str) or not ref:
        raise invalid(f"'{where}' has no resourceRef.", where)
    path = ref if ref.startswith("/") else f"/{ref}"
    return {"ResourceRef": re.sub(r"(?i)^/networking/v1(?=/)", "", path)}


def _scalar(field: Field, value: Any, where: str) -> Any:
    if field.kind == "b":
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise _bad(value, where)
    if field.kind == "i":
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value)):
            raise _bad(value, where)
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _bad(value, where)
    text = str(value)
    if field.kind == "e":
        found = next((each for each in field.values if each.lower() == text.lower()), None)
        if found is None:
            raise _bad(value, where)
        return found
    if not text:
        return text
    try:
        if field.kind == "ip":
            return str(ip_address(text))
        if field.kind == "cidr":
            if "/" not in text:
                raise _bad(value, where)
            return str(ip_network(text))
    except ValueError:
        raise _bad(value, where) from None
    if field.kind == "mac":
        if not _MAC.fullmatch(text):
            raise _bad(value, where)
        return re.sub("[-:]", "", text).upper()
    return text


def _bad(value: Any, where: str) -> SdnError:
    return invalid(f"'{value}' is not a valid argument for '{where.rpartition('.')[2]}'.", where)


def to_json(document: Any) -> Any:
    """Return a document with JSON's names (tags keep theirs)."""
    if isinstance(document, dict):
        return {camel(name): value if name == "Tags" else to_json(value) for name, value in document.items()}
    if isinstance(document, list):
        return [to_json(item) for item in document]
    return document
