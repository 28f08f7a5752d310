"""CLIXML of what psnet's own scripts return; what else the engine can hold is refused loudly."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import AUTOMATION_NULL, Char, EnumValue, Int64, PSObject, UInt16, UInt32

# U+0000 to U+001F, U+007F to U+009F, surrogates, and `_x` itself (reference: pitfalls.md, section 6).
_SPECIAL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\U00010000-\U0010ffff]|_(?=[xX])")


def _text(value: str) -> str:
    def code(match: re.Match[str]) -> str:
        units = match[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"_x{units[place] << 8 | units[place + 1]:04X}_" for place in range(0, len(units), 2))

    return escape(_SPECIAL.sub(code, value), quote=False)


def encode_value(value: Any) -> str:
    """Return a string, number, Boolean, null, enumeration value or flat object as one element."""
    return _element(value, "", 1)


def _element(value: Any, name: str, depth: int) -> str:
    mark = f' N="{_text(name)}"' if name else ""
    if value is None or value is AUTOMATION_NULL:
        return f"<Nil{mark} />"
    if isinstance(value, bool):
        return f"<B{mark}>{str(value).lower()}</B>"
    if type(value) is str:
        return f"<S{mark}>{_text(value)}</S>"
    if type(value) is int:
        return f"<I32{mark}>{value}</I32>"
    tags: dict[type[int], str] = {Int64: "I64", UInt32: "U32", UInt16: "U16"}
    for kind, tag in tags.items():
        if type(value) is kind:
            return f"<{tag}{mark}>{value:d}</{tag}>"
    if isinstance(value, EnumValue):
        return f"<S{mark}>{_text(value.name)}</S>" if depth == 0 else _enum(value, mark)
    if isinstance(value, Char):
        return f"<C{mark}>{ord(value)}</C>"
    if isinstance(value, PSObject) and value.base is None and depth:
        types = "".join(f"<T>{_text(item)}</T>" for item in value.type_names)
        members = "".join(
            _element(item.getter(value) if item.getter else item.value, item.name, 0)
            for item in value.members.values()
            if item.kind in ("NoteProperty", "Property")
        )
        return f'<Obj{mark} RefId="0"><TN RefId="0">{types}</TN><MS>{members}</MS></Obj>'
    raise UnsupportedError(f"sending a {type(value).__name__} over PSRP")


def _enum(value: EnumValue, mark: str) -> str:
    names = [value.type_name, "System.Enum", "System.ValueType", "System.Object"]
    types = "".join(f"<T>{item}</T>" for item in names)
    return (
        f'<Obj{mark} RefId="0"><TN RefId="0">{types}</TN>'
        f"<ToString>{_text(value.name)}</ToString><I32>{value.value}</I32></Obj>"
    )
