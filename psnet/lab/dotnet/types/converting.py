"""System.Convert and the conversions of its name."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from psnet.lab.dotnet import casts
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.errors import argument_error, thrown
from psnet.lab.dotnet.numbers import (
    CLASSES,
    RANGES,
    fits,
    is_number,
    make,
)
from psnet.lab.dotnet.registry import static
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.types.numbers import parse_number
from psnet.lab.values import Array, Byte, Char, DateTime, DotNetError, EnumValue, TypeValue

_TARGETS = {
    "ToSByte": "System.SByte",
    "ToByte": "System.Byte",
    "ToInt16": "System.Int16",
    "ToUInt16": "System.UInt16",
    "ToInt32": "System.Int32",
    "ToUInt32": "System.UInt32",
    "ToInt64": "System.Int64",
    "ToUInt64": "System.UInt64",
    "ToSingle": "System.Single",
    "ToDouble": "System.Double",
    "ToDecimal": "System.Decimal",
}

_CONVERT = "System.Convert"


def _converter(target: str) -> Any:
    def run(value: Any, provider: Any = None) -> Any:
        del provider
        if value is None:
            return CLASSES[target](0)
        if isinstance(value, str) and not isinstance(value, Char):
            return parse_number(value, target)
        if isinstance(value, Char):
            value = ord(value)
        if isinstance(value, bool):
            value = int(value)
        if isinstance(value, EnumValue):
            value = value.value
        if not is_number(value):
            raise thrown(
                "InvalidCastException",
                f"Unable to cast object of type '{type(value).__name__}' to type 'System.IConvertible'.",
            )
        return casts.number_from_number(value, target)

    return run


def _radix(target: str) -> Any:
    def run(text: str, base: int) -> Any:
        if base not in {2, 8, 10, 16}:
            raise argument_error("Invalid Base.")
        if not text:
            return CLASSES[target](0)
        word = text[2:] if base == 16 and text[:2].lower() == "0x" else text
        try:
            value = int(word, base)
        except ValueError:
            raise thrown("FormatException", "Could not find any recognizable digits.") from None
        low, high = RANGES[target]
        if base != 10 and low < 0 and high < value <= high - low:
            value -= high - low + 1
        if not fits(target, value):
            raise DotNetError(casts.range_error(target))
        return make(target, value)

    return run


for _shown, _target in _TARGETS.items():
    static(
        _CONVERT,
        f"{_target} {_shown}(System.Object value)",
        f"{_target} {_shown}(System.Object value, cultureinfo provider)",
    )(_converter(_target))
    if _target in RANGES:
        static(_CONVERT, f"{_target} {_shown}(string value, int fromBase)")(_radix(_target))


@static(_CONVERT, "bool ToBoolean(System.Object value)")
def _to_boolean(value: Any) -> bool:
    if isinstance(value, str):
        word = value.strip().lower()
        if word not in {"true", "false"}:
            message = (
                f"String '{value}' was not recognized as a valid Boolean."
                if modern()
                else "String was not recognized as a valid Boolean."
            )
            raise thrown("FormatException", message)
        return word == "true"
    return to_bool(value)


@static(_CONVERT, "char ToChar(System.Object value)")
def _to_char(value: Any) -> Char:
    return convert(value, "System.Char")  # type: ignore[no-any-return]


@static(_CONVERT, "datetime ToDateTime(System.Object value)")
def _to_datetime(value: Any) -> DateTime:
    if isinstance(value, str):
        return casts.PARSED["System.DateTime"][0](value)  # type: ignore[no-any-return]
    return convert(value, "System.DateTime")  # type: ignore[no-any-return]


@static(_CONVERT, "string ToString(System.Object value)")
def _to_text(value: Any) -> str:
    return "" if value is None else net_text(value)


@static(_CONVERT, "string ToString(long value, int toBase)")
def _to_radix(value: int, base: int) -> str:
    if base not in {2, 8, 10, 16}:
        raise argument_error("Invalid Base.")
    if base == 10:
        return str(int(value))
    number = int(value)
    if number < 0:
        number += 2**32 if number >= -(2**31) else 2**64
    return f"{number:{ {2: 'b', 8: 'o', 16: 'x'}[base] }}"


# Bytes are immutable: one object for each value makes an array of megabytes quick and small.
_BYTES: Final = tuple(Byte(each) for each in range(256))


def byte_list(data: bytes) -> list[Byte]:
    """Return bytes as a list of Byte."""
    return [_BYTES[each] for each in data]


def byte_array(data: bytes) -> Array:
    """Return bytes as Byte[]."""
    return Array(byte_list(data), "System.Byte")


@static(_CONVERT, "string ToBase64String(byte[] inArray)")
def _to_base64(data: Array) -> str:
    return base64.b64encode(bytes(data.items)).decode()


@static(_CONVERT, "string ToBase64String(byte[] inArray, System.Base64FormattingOptions options)")
def _to_base64_lines(data: Array, options: EnumValue) -> str:
    text = _to_base64(data)
    if not options.value:
        return text
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))


@static(_CONVERT, "string ToBase64String(byte[] inArray, int offset, int length)")
def _to_base64_part(data: Array, offset: int, count: int) -> str:
    return base64.b64encode(bytes(data.items[offset : offset + count])).decode()


@static(_CONVERT, "byte[] FromBase64String(string s)")
def _from_base64(text: str) -> Array:
    packed = "".join(text.split())
    try:
        return byte_array(base64.b64decode(packed, validate=True))
    except (binascii.Error, ValueError):
        message = (
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters."
        )
        if len(packed) % 4 and not modern():
            message = "Invalid length for a Base-64 char array or string."
        raise thrown("FormatException", f"{message}{' ' if not modern() and len(packed) % 4 == 0 else ''}") from None


@static(_CONVERT, "string ToHexString(byte[] inArray)")
def _to_hex(data: Array) -> str:
    return bytes(data.items).hex().upper()


@static(_CONVERT, "byte[] FromHexString(string s)")
def _from_hex(text: str) -> Array:
    try:
        return byte_array(bytes.fromhex(text))
    except ValueError:
        raise thrown(
            "FormatException", "The input is not a valid hex string as it contains a non-hex character."
        ) from None


@static(_CONVERT, "System.Object ChangeType(System.Object value, type conversionType)")
def _change_type(value: Any, kind: TypeValue) -> Any:
    name = kind.name
    if name in CLASSES:
        return _converter(name)(value)
    if name == "System.String":
        return _to_text(value)
    return convert(value, name)
