"""Conversions to single numbers, enumerations and the types that are parsed from text."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet import addresses, dateparse, datetimes, enums
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import CastError, make_exception
from psnet.lab.dotnet.numbers import (
    RANGES,
    double_to_decimal,
    fits,
    is_number,
    make,
    parse_float,
    parse_integer,
    round_even,
    scan_number,
)
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.values import Char, DateTime, DotNetError, EnumValue, ExceptionObject, Single, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Callable

_RANGE_WORDS: Final = {
    "System.SByte": "a signed byte",
    "System.Byte": "an unsigned byte",
    "System.Int16": "an Int16",
    "System.UInt16": "a UInt16",
    "System.Int32": "an Int32",
    "System.UInt32": "a UInt32",
    "System.Int64": "an Int64",
    "System.UInt64": "a UInt64",
    "System.Decimal": "a Decimal",
    "System.Single": "a Single",
    "System.Double": "a Double",
    "System.Char": "a character",
}


def with_inner(error_id: str, text: str, type_name: str, inner: ExceptionObject) -> CastError:
    """Return the error of a conversion that failed for an exception's reason."""
    message = f'Cannot convert value "{text}" to type "{type_name}". Error: "{inner.message}"'
    return CastError(error_id, message, inner)


def format_error(text: str) -> ExceptionObject:
    """Return the FormatException of a text that is no number."""
    if modern():
        return make_exception("FormatException", f"The input string '{text}' was not in a correct format.")
    return make_exception("FormatException", "Input string was not in a correct format.")


def range_error(type_name: str) -> ExceptionObject:
    """Return the OverflowException of a number that a type cannot hold."""
    return make_exception(
        "OverflowException", f"Value was either too large or too small for {_RANGE_WORDS[type_name]}."
    )


def number_from_number(value: Any, type_name: str) -> Any:
    """Return ``Convert.ChangeType`` of a number; raises DotNetError(OverflowException)."""
    if type_name in RANGES:
        if isinstance(value, float) and (math.isnan(value) or math.isinf(value)):
            raise DotNetError(range_error(type_name))
        whole = round_even(value) if isinstance(value, float | Decimal) else int(value)
        if not fits(type_name, whole):
            raise DotNetError(range_error(type_name))
        return make(type_name, whole)
    try:
        if type_name == "System.Decimal" and isinstance(value, float):
            return double_to_decimal(value, 7 if isinstance(value, Single) else 15)
        if type_name == "System.Numerics.BigInteger":
            return make(type_name, int(value))
        return make(type_name, value)
    except OverflowError:
        raise DotNetError(range_error(type_name)) from None


def number_from_text(text: str, type_name: str) -> Any:
    """Return a text as a number of a type, as a cast does."""
    if not text:
        return make(type_name, 0)
    if type_name == "System.Numerics.BigInteger":
        whole = parse_integer(text)
        real = parse_float(text) if whole is None else None
        if whole is None and not isinstance(real, Decimal):
            raise with_inner("InvalidCastParseTargetInvocationWithFormatProvider", text, type_name, format_error(text))
        return make(type_name, whole if whole is not None else int(real or 0))
    scanned = scan_number(text) if modern() else _hexadecimal(text)
    if scanned is not None:
        try:
            return number_from_number(scanned, type_name)
        except DotNetError:
            pass
    if type_name in RANGES:
        return _integer_from_text(text, type_name)
    real = parse_float(text)
    real_id = "InvalidCastFromStringToDoubleOrSingle"
    error_id = "InvalidCastFromStringToDecimal" if type_name == "System.Decimal" else real_id
    if real is None:
        raise with_inner(error_id, text, type_name, format_error(text))
    try:
        return number_from_number(real if type_name == "System.Decimal" else float(real), type_name)
    except DotNetError as error:
        raise with_inner(error_id, text, type_name, error.exception) from None


def _hexadecimal(text: str) -> Any:
    word = text.strip().lower()
    if word.startswith(("0x", "&h", "#")):
        return scan_number("0x" + word.removeprefix("0x").removeprefix("&h").removeprefix("#"))
    return None


def _integer_from_text(text: str, type_name: str) -> Any:
    whole = parse_integer(text)
    if whole is not None:
        if fits(type_name, whole):
            return make(type_name, whole)
        raise with_inner("InvalidCastFromStringToInteger", text, type_name, range_error(type_name))
    real = parse_float(text)
    inner = format_error(text)
    if real is not None:
        try:
            return number_from_number(float(real), type_name)
        except DotNetError:
            pass
    raise with_inner("InvalidCastFromStringToInteger", text, type_name, inner)


# -- enumerations -------------------------------------------------------------------------------------------


def enum_values(type_name: str) -> str:
    """Return an enumeration's names as messages list them."""
    return ",".join(enums.names(type_name))


def _no_value(error_id: str, shown: str, type_name: str) -> CastError:
    message = (
        f'Cannot convert value "{shown}" to type "{type_name}" due to enumeration values that are not valid. '
        "Specify one of the following enumeration values and try again. "
        f'The possible enumeration values are "{enum_values(type_name)}".'
    )
    return CastError(error_id, message)


def _checked(error_id: str, value: EnumValue, shown: str) -> EnumValue:
    table = enums.members(value.type_name).values()
    if any(number < 0 for number in table):
        return value
    every = 0
    for number in table:
        every |= number
    known = value.value in table or (enums.is_flags(value.type_name) and value.value >= 0 and not value.value & ~every)
    if not known:
        raise _no_value(error_id, shown, value.type_name)
    return value


def enum_from_number(value: Any, type_name: str) -> EnumValue:
    """Return an enumeration's value for a whole number, which must be defined."""
    return _checked("UndefinedIntegerToEnum", enums.make_enum(type_name, int(value)), net_text(value))


def enum_from_text(text: str, type_name: str) -> EnumValue:
    """Return an enumeration's value for names or a number; the start of one name will do."""
    try:
        found = enums.parse_enum(type_name, text, ignore_case=True)
    except DotNetError:
        found = _disambiguated(text, type_name)
    return _checked("EnumParseUndefined", found, text)


def _disambiguated(text: str, type_name: str) -> EnumValue:
    names = enums.names(type_name)
    starting = [name for name in names if name.lower().startswith(text.lower())] if text.strip() else []
    if len(starting) == 1:
        return enums.parse_enum(type_name, starting[0])
    listed = ", ".join(names)
    if not starting:
        reason = (
            f"Unable to match the identifier name {text} to a valid enumerator name. "
            f"Specify one of the following enumerator names and try again:{chr(10) if modern() else chr(13) + chr(10)}{listed}"
        )
    else:
        reason = (
            f"The identifier name {text} cannot be processed due to the inability to differentiate between the "
            f"following enumerator names: {', '.join(starting)}. Specify a more specific identifier name and try again."
        )
    inner = make_exception("System.Management.Automation.RuntimeException", reason)
    raise with_inner("SubstringDisambiguationEnumParseThrewAnException", text, type_name, inner)


# -- types parsed from text -----------------------------------------------------------------------------------


def _date(text: str) -> DateTime:
    found = dateparse.parse_datetime(text)
    if found is None:
        message = f"String '{text}' was not recognized as a valid DateTime."
        if not modern():
            message = "String was not recognized as a valid DateTime."
        if not modern() and not any(char.isdigit() for char in text):
            message = "The string was not recognized as a valid DateTime. There is an unknown word starting at index 0."
        elif modern() and text.strip() and not any(char.isdigit() for char in text):
            message = (
                f"The string '{text}' was not recognized as a valid DateTime. "
                "There is an unknown word starting at index '0'."
            )
        raise DotNetError(make_exception("FormatException", message))
    return found


def _span(text: str) -> TimeSpan:
    found = dateparse.parse_timespan(text)
    if found is None:
        numeric = text.replace(":", "").replace(".", "").strip().lstrip("-").isdigit()
        if numeric:
            message = (
                f"The TimeSpan string '{text}' could not be parsed because at least one of the numeric components "
                "is out of range or contains too many digits."
                if modern()
                else "The TimeSpan could not be parsed because at least one of the numeric components is out of range or contains too many digits."
            )
            raise DotNetError(make_exception("OverflowException", message))
        message = (
            f"String '{text}' was not recognized as a valid TimeSpan."
            if modern()
            else "String was not recognized as a valid TimeSpan."
        )
        raise DotNetError(make_exception("FormatException", message))
    return found


def _offset(text: str) -> Any:
    found = dateparse.parse_offset(text)
    if found is None:
        return _date(text)
    return found


def _guid(text: str) -> Any:
    found = addresses.parse_guid(text)
    if found is None:
        raise addresses.guid_error(text)
    return found


def _address(text: str) -> Any:
    found = addresses.parse_ip(text)
    if found is None:
        raise DotNetError(make_exception("FormatException", "An invalid IP address was specified."))
    return found


def _char(text: str) -> Any:
    if len(text) != 1:
        raise DotNetError(make_exception("FormatException", "String must be exactly one character long."))
    return Char(text)


def _uri(text: str) -> Any:
    return addresses.make_uri(text)


def _regex(text: str) -> Any:
    from psnet.lab.dotnet.regexes import make_regex  # noqa: PLC0415 - regexes raise through here

    return make_regex(text)


_PLAIN = "InvalidCastParseTargetInvocation"
_CULTURE = "InvalidCastParseTargetInvocationWithFormatProvider"
#: type -> (reader, error id in 5.1, error id in 7)
PARSED: Final[dict[str, tuple[Callable[[str], Any], str, str]]] = {
    "System.DateTime": (_date, _CULTURE, _CULTURE),
    "System.DateTimeOffset": (_offset, _CULTURE, _CULTURE),
    "System.TimeSpan": (_span, _CULTURE, _CULTURE),
    "System.Guid": (_guid, _PLAIN, _CULTURE),
    "System.Net.IPAddress": (_address, _PLAIN, _PLAIN),
    "System.Net.NetworkInformation.PhysicalAddress": (addresses.parse_physical, _PLAIN, _PLAIN),
    "System.Version": (addresses.parse_version, _PLAIN, _PLAIN),
    "System.Management.Automation.SemanticVersion": (addresses.parse_semver, _PLAIN, _PLAIN),
    "System.Char": (_char, _PLAIN, _PLAIN),
    "System.Uri": (_uri, "InvalidCastFromStringToUri", "InvalidCastFromStringToUri"),
    "System.Text.RegularExpressions.Regex": (_regex, "InvalidCastFromStringToRegex", "InvalidCastFromStringToRegex"),
    "System.Net.Mail.MailAddress": (
        addresses.parse_mail,
        "InvalidCastConstructorException",
        "InvalidCastConstructorException",
    ),
}


def parse_text(text: str, type_name: str) -> Any:
    """Return a text as a value of one of the types in ``PARSED``; raises CastError."""
    reader, old_id, new_id = PARSED[type_name]
    try:
        return reader(text)
    except DotNetError as error:
        raise with_inner(new_id if modern() else old_id, text, type_name, error.exception) from None


def ticks_value(value: Any, type_name: str) -> Any:
    """Return a DateTime or TimeSpan of so many ticks, from a number."""
    ticks = int(number_from_number(value, "System.Int64"))
    return TimeSpan(ticks) if type_name == "System.TimeSpan" else datetimes.checked(ticks)


def is_plain_number(value: Any) -> bool:
    """Say whether a value is a number or a Char, which converts as one."""
    return is_number(value) or isinstance(value, Char)
