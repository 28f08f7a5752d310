"""PowerShell's conversions, as far as a compiler of configurations meets them."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from psnet.mof.dates import DateTime, parse_date
from psnet.mof.errors import CastError
from psnet.mof.values import Credential, Hashtable, Reference, ScriptBlock

DECIMAL_MAX = 2**96 - 1  # a larger literal is a Double
_MULTIPLIERS = {"kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)
_HEX = re.compile(r"\s*([+-]?)0x([0-9a-f]+)\s*", re.IGNORECASE | re.ASCII)
_NOT_FINITE = {"nan": math.nan, "infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf}
_NUMBER = re.compile(
    r"\s*([+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)(?:d|l|u|ul|y|uy|s|us)?(kb|mb|gb|tb|pb)?\s*",
    re.IGNORECASE | re.ASCII,
)
INT64 = (-(2**63), 2**63 - 1)
UINT64 = (0, 2**64 - 1)
INT32 = (-(2**31), 2**31 - 1)
_NAMES = {INT64: "System.Int64", UINT64: "System.UInt64", INT32: "System.Int32"}


def double_text(value: float) -> str:
    """Write a Double as .NET Core 3.0 and later do: shortest form that reads back, exponent from 1E+15 on."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if not value:
        return "-0" if math.copysign(1, value) < 0 else "0"
    mantissa, _, exponent_text = f"{value!r}".lower().partition("e")
    sign, mantissa = ("-", mantissa[1:]) if mantissa[0] == "-" else ("", mantissa)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    exponent = len(whole) - leading - 1 + int(exponent_text or 0)
    digits = digits.rstrip("0") or "0"
    if exponent >= 15 or exponent < -4:  # noqa: PLR2004 - where .NET turns to exponents
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}E{'-' if exponent < 0 else '+'}{abs(exponent):02}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    if len(digits) <= exponent + 1:
        return sign + digits.ljust(exponent + 1, "0")
    return f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :]}"


def real_text(value: float) -> str:
    """Write a Double as a MOF real, which must have a decimal point: 1E+20 becomes 1.0E+20."""
    text = double_text(value)
    if "." in text:
        return text
    mantissa, mark, exponent = text.partition("E")
    return f"{mantissa}.0{mark}{exponent}"


def to_text(value: Any) -> str:  # noqa: C901 - one line a type
    """Return ``[string]$value``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(value) if abs(value) <= DECIMAL_MAX else double_text(float(value))
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, list):
        return " ".join(map(to_text, value))
    if isinstance(value, Reference):
        return value.alias
    if isinstance(value, ScriptBlock):
        return value.text
    if isinstance(value, Hashtable):
        return "System.Collections.Hashtable"
    if isinstance(value, Credential):
        return "System.Management.Automation.PSCredential"
    return str(value)


def to_integer(value: Any, bounds: tuple[int, int]) -> int:
    """Return ``[int64]$value`` or ``[uint64]$value``; raises CastError with the engine's id."""
    if value is None:
        return 0
    if isinstance(value, int):
        return _in_bounds(int(value), value, bounds)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _out_of_range(value, bounds)
        return _in_bounds(round(value), value, bounds)
    if isinstance(value, str):
        return _integer_from_text(value, bounds)
    raise CastError(
        "ConvertToFinalInvalidCastException",
        f'Cannot convert value "{to_text(value)}" to type "{_NAMES[bounds]}".',
    )


def to_double(value: Any) -> float:
    """Return ``[double]$value``; raises CastError."""
    if value is None:
        return 0.0
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str):
        number = _number(value)
        if number is not None:
            return number
        raise CastError(
            "InvalidCastFromStringToDoubleOrSingle",
            f'Cannot convert value "{value}" to type "System.Double": it is no number.',
        )
    raise CastError(
        "ConvertToFinalInvalidCastException",
        f'Cannot convert value "{to_text(value)}" to type "System.Double".',
    )


def to_boolean(value: Any) -> bool:
    """Return ``[bool]$value`` as the emitter does, which takes no strings; raises CastError."""
    if isinstance(value, str):
        raise CastError(
            "CannotConvertStringToBool",
            "a string is no boolean; only true, false and numbers are",
        )
    return truth(value)


def truth(value: Any) -> bool:
    """Return whether PowerShell takes a value for true."""
    if isinstance(value, list):
        return bool(value) and (truth(value[0]) if len(value) == 1 else True)
    if value is None or isinstance(value, bool | int | float | str):
        return bool(value)
    return True


def to_date(value: Any, zone: dt.tzinfo) -> DateTime:
    """Return a value bound to a ``[datetime]`` parameter; raises CastError."""
    if isinstance(value, DateTime):
        return value
    reason = "it is no date"
    if isinstance(value, str):
        try:
            return parse_date(value, zone)
        except ValueError as error:
            reason = str(error)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:  # ticks of 100 ns from the first moment, as [datetime]::new(ticks)
            return DateTime.local(dt.datetime.min + dt.timedelta(microseconds=round(value) // 10), zone)  # noqa: DTZ901
        except (OverflowError, ValueError):
            reason = "it is outside the range of ticks"
    shown = "null" if value is None else f'value "{to_text(value)}"'
    raise CastError(
        "ParameterArgumentTransformationError", f'Cannot convert {shown} to type "System.DateTime": {reason}'
    )


def as_list(value: Any) -> list[Any]:
    """Return a value as ``@(...)`` gives it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_int32(value: Any) -> int | None:
    """Return ``$value -as [int]``."""
    try:
        return to_integer(value, INT32)
    except CastError:
        return None


def _integer_from_text(text: str, bounds: tuple[int, int]) -> int:
    number: float | int | None
    if not text:
        return 0
    if _INTEGER.fullmatch(text) and len(text) <= 60:  # noqa: PLR2004 - longer ones overflow anyway
        number = int(text)
    elif hexadecimal := _HEX.fullmatch(text):
        number = int(hexadecimal.group(2), 16) * (-1 if hexadecimal.group(1) == "-" else 1)
    else:
        number = _number(text)
    if number is not None and math.isfinite(number):
        rounded = round(number)
        if bounds[0] <= rounded <= bounds[1]:
            return rounded
        reason = f"Value was either too large or too small for {_NAMES[bounds]}."
    else:
        reason = f"The input string '{text}' was not in a correct format."
    raise CastError(
        "InvalidCastFromStringToInteger",
        f'Cannot convert value "{text}" to type "{_NAMES[bounds]}". Error: "{reason}"',
    )


def _number(text: str) -> float | None:
    if not text:
        return 0.0
    hit = _NUMBER.fullmatch(text)
    if hit is None:
        hexadecimal = _HEX.fullmatch(text)
        if hexadecimal is None:
            return _NOT_FINITE.get(text.strip().lower())
        return float(int(hexadecimal.group(1) + hexadecimal.group(2), 16))
    return float(hit.group(1).replace(",", "")) * _MULTIPLIERS.get((hit.group(2) or "").lower(), 1)


def _in_bounds(number: int, shown: Any, bounds: tuple[int, int]) -> int:
    if bounds[0] <= number <= bounds[1]:
        return number
    raise _out_of_range(shown, bounds)


def _out_of_range(shown: Any, bounds: tuple[int, int]) -> CastError:
    name = _NAMES[bounds]
    return CastError("InvalidCastIConvertible", f'"{to_text(shown)}" is too large or too small for "{name}"')
