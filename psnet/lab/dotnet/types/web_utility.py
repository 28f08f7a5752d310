"""[System.Web.HttpUtility], once Add-Type loaded System.Web. Source: .NET's reference source, HttpEncoder and HttpValueCollection."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.registry import method, static
from psnet.lab.dotnet.types.namedvalues import NamedValues

_UTILITY: Final = "System.Web.HttpUtility"
_VALUES: Final = "System.Web.HttpValueCollection"
_ENTITY: Final = re.compile(
    r"&(?:#(?P<number>[0-9]{1,7})|#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<name>[0-9A-Za-z]+));"
)
_ESCAPED: Final = {"<": "&lt;", ">": "&gt;", '"': "&quot;", "&": "&amp;", "'": "&#39;"}


def _entity(found: re.Match[str]) -> str:
    """Return the character of an entity; one that is not known stays as it is written."""
    if found["name"]:
        code = name2codepoint.get(found["name"], 39 if found["name"] == "apos" else 0)
    else:
        code = int(found["number"] or found["hexadecimal"], 10 if found["number"] else 16)
    return chr(code) if 0 < code < 0x110000 and code not in range(0xD800, 0xE000) else found[0]


def _encode(text: str) -> str:
    """Return a text as UTF-8 with small hexadecimal digits; a blank is a plus sign."""
    found = quote_from_bytes(text.encode("utf-8", "replace"), safe="-_.!*() ")
    parts = found.replace("~", "%7e").split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])]).replace(" ", "+")


def _decode(text: str) -> str:
    if "%u" in text.lower():
        raise UnsupportedError(f"[{_UTILITY}]::UrlDecode of %u")
    return unquote_to_bytes(text.replace("+", " ").encode("utf-8", "replace")).decode("utf-8", "replace")


@static(_UTILITY, "string UrlEncode(string str)")
def _url_encode(text: str | None) -> str | None:
    return None if text is None else _encode(text)


@static(_UTILITY, "string UrlDecode(string str)")
def _url_decode(text: str | None) -> str | None:
    return None if text is None else _decode(text)


@static(_UTILITY, "string HtmlEncode(string s)")
def _html_encode(text: str | None) -> str | None:
    if text is None:
        return None
    return "".join(_ESCAPED.get(mark) or (f"&#{ord(mark)};" if ord(mark) in range(160, 256) else mark) for mark in text)


@static(_UTILITY, "string HtmlDecode(string s)")
def _html_decode(text: str | None) -> str | None:
    return None if text is None else _ENTITY.sub(_entity, text)


class QueryValues(NamedValues):
    """What ParseQueryString gives: names and values whose text is a query again."""

    type_name = _VALUES
    __slots__ = ()


@static(_UTILITY, "System.Collections.Specialized.NameValueCollection ParseQueryString(string query)")
def _parse(query: str) -> QueryValues:
    found = QueryValues()
    for part in query.removeprefix("?").split("&") if query.removeprefix("?") else ():
        name, mark, value = part.partition("=")
        if not mark:
            raise UnsupportedError("a query with a value that has no name")
        key = _decode(name)
        found.entries.setdefault(key.lower(), (key, []))[1].append(_decode(value))
    return found


@method(_VALUES, "string ToString()")
def _text(value: QueryValues) -> str:
    return "&".join(f"{_encode(name)}={_encode(one)}" for name, values in value.entries.values() for one in values)
