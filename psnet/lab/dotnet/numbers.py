"""Numbers: their types' ranges, making them, and reading them from text as .NET's Parse does."""

from __future__ import annotations

import math
import re
import struct
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any, Final

from psnet.lab.values import (
    BigInteger,
    Byte,
    Char,
    Int16,
    Int64,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

RANGES: Final = {
    "System.SByte": (-(2**7), 2**7 - 1),
    "System.Byte": (0, 2**8 - 1),
    "System.Int16": (-(2**15), 2**15 - 1),
    "System.UInt16": (0, 2**16 - 1),
    "System.Int32": (-(2**31), 2**31 - 1),
    "System.UInt32": (0, 2**32 - 1),
    "System.Int64": (-(2**63), 2**63 - 1),
    "System.UInt64": (0, 2**64 - 1),
}
CLASSES: Final[dict[str, type]] = {
    "System.SByte": SByte,
    "System.Byte": Byte,
    "System.Int16": Int16,
    "System.UInt16": UInt16,
    "System.Int32": int,
    "System.UInt32": UInt32,
    "System.Int64": Int64,
    "System.UInt64": UInt64,
    "System.Single": Single,
    "System.Double": float,
    "System.Decimal": Decimal,
    "System.Numerics.BigInteger": BigInteger,
}
#: System.TypeCode of the types that arithmetic knows: the higher decides.
TYPE_CODES: Final[dict[type, int]] = {
    bool: 3,
    Char: 4,
    SByte: 5,
    Byte: 6,
    Int16: 7,
    UInt16: 8,
    int: 9,
    UInt32: 10,
    Int64: 11,
    UInt64: 12,
    Single: 13,
    float: 14,
    Decimal: 15,
}
DECIMAL_MAX: Final = Decimal(2**96 - 1)
EXACT: Final = Context(prec=80, rounding=ROUND_HALF_EVEN)


def is_number(value: Any) -> bool:
    """Say whether a value is of a numeric type (not Boolean, not Char)."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Say whether a value is of an integral type."""
    return isinstance(value, int) and not isinstance(value, bool)


def to_single(value: float) -> Single:
    """Return a number rounded to 32 bits."""
    if math.isnan(value) or math.isinf(value):
        return Single(value)
    if abs(value) > 3.4028235677973366e38:
        return Single(math.copysign(math.inf, value))
    return Single(struct.unpack("f", struct.pack("f", value))[0])


def fits(type_name: str, value: int) -> bool:
    """Say whether a whole number fits an integral type."""
    low, high = RANGES[type_name]
    return low <= value <= high


def make(type_name: str, value: Any) -> Any:
    """Return a number as a value of a numeric type; the caller has checked its range."""
    if type_name == "System.Single":
        return to_single(float(value))
    if type_name == "System.Double":
        return float(value)
    if type_name == "System.Decimal":
        return fit_decimal(value if isinstance(value, Decimal) else Decimal(value))
    return CLASSES[type_name](int(value))


def fit_decimal(value: Decimal) -> Decimal:
    """Return a number with at most 96 bits of digits and 28 decimals, as System.Decimal holds it.

    Raises OverflowError beyond its range.
    """
    with localcontext(EXACT):
        exponent = int(value.as_tuple().exponent)
        if exponent > 0:
            value = value.quantize(Decimal(1))
            exponent = 0
        if exponent < -28:
            value = value.quantize(Decimal(1).scaleb(-28))
            exponent = -28
        while exponent < 0 and abs(value.scaleb(-exponent)) > DECIMAL_MAX:
            exponent += 1
            value = value.quantize(Decimal(1).scaleb(exponent))
        if abs(value.scaleb(-exponent)) > DECIMAL_MAX:
            raise OverflowError("decimal")
    return value


def double_to_decimal(value: float, digits: int = 15) -> Decimal:
    """Return what ``(decimal)double`` gives: rounded to 15 significant digits (7 for Single)."""
    if math.isnan(value) or math.isinf(value) or abs(value) >= 7.9228162514264338e28:
        raise OverflowError("decimal")
    with localcontext(EXACT):
        text = f"{value:.{digits - 1}e}"
        rounded = Decimal(text).normalize(EXACT)
        return fit_decimal(rounded)


_INTEGER = re.compile(r"[ \t-\r]*[+-]?\d+[ \t-\r]*\x00*")
_FLOAT = re.compile(
    r"[ \t-\r]*(?P<sign>[+-])?(?P<whole>[\d,]*)(?P<fraction>\.\d*)?(?P<exponent>[eE][+-]?\d+)?[ \t-\r]*\x00*"
)


def parse_integer(text: str) -> int | None:
    """Return the number in a text under NumberStyles.Integer, None when there is none."""
    return int(text.strip(" \t\n\v\f\r\0")) if _INTEGER.fullmatch(text) else None


def parse_float(text: str, *, thousands: bool = True) -> Decimal | float | None:
    """Return the number in a text under NumberStyles.Float and AllowThousands; infinities as float."""
    word = text.strip(" \t\n\v\f\r\0")
    special = {"nan": math.nan, "infinity": math.inf, "-infinity": -math.inf, "∞": math.inf, "-∞": -math.inf}
    if word.lower() in special:
        return special[word.lower()]
    found = _FLOAT.fullmatch(text)
    if not found or not (found["whole"].strip(",") or (found["fraction"] or ".") != "."):
        return None
    if "," in found["whole"] and (not thousands or found["whole"].startswith(",")):
        return None
    digits = f"{found['sign'] or ''}{found['whole'].replace(',', '') or '0'}{found['fraction'] or ''}"
    exponent = (found["exponent"] or "e0")[1:]
    if abs(int(exponent)) > 9999:
        return math.inf if int(exponent) > 0 else 0.0
    return Decimal(f"{digits.rstrip('.')}e{exponent}")


def round_even(value: float | Decimal) -> int:
    """Return a number rounded to a whole one, halves to even, as Convert.ToInt32 does."""
    if isinstance(value, Decimal):
        with localcontext(EXACT):
            return int(value.to_integral_value(ROUND_HALF_EVEN))
    return round(value)


_SUFFIX = {"kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
_LITERAL = re.compile(
    r"[ \t-\r]*(?P<sign>[+-]?)(?:0x(?P<hex>[0-9a-f]+)|(?P<real>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))"
    r"(?P<kind>[ld]?)(?P<multiplier>[kmgtp]b)?[ \t-\r]*",
    re.IGNORECASE,
)


def scan_number(text: str) -> Any:
    """Return the number that a text holds when it is written as in a script, None when it is not one.

    This is how operators read strings: hexadecimal digits, type suffixes and multipliers count.
    """
    found = _LITERAL.fullmatch(text)
    if not found:
        return None
    sign = -1 if found["sign"] == "-" else 1
    factor = _SUFFIX.get((found["multiplier"] or "").lower(), 1)
    kind = found["kind"].lower()
    if found["hex"]:
        if kind == "d":
            return None
        return _scan_hex(found["hex"], sign, factor, long=kind == "l")
    real = found["real"]
    if kind == "d":
        return fit_decimal(sign * Decimal(real) * factor)
    whole = real.isdigit()
    if kind == "l":
        number = Decimal(real) * factor * sign
        return Int64(int(number)) if fits("System.Int64", int(number)) else None
    if whole:
        return narrowest(sign * int(real) * factor)
    return float(real) * sign * factor


def _scan_hex(digits: str, sign: int, factor: int, *, long: bool) -> Any:
    number = int(digits, 16)
    if len(digits.lstrip("0")) <= 8 and not long and number >= 2**31:
        number -= 2**32
    elif number >= 2**63:
        number -= 2**64
    number *= sign * factor
    return Int64(number) if long else narrowest(number)


def narrowest(number: int) -> Any:
    """Return a whole number as Int32, Int64, Decimal or Double, the first that holds it."""
    if fits("System.Int32", number):
        return number
    if fits("System.Int64", number):
        return Int64(number)
    if abs(number) <= DECIMAL_MAX:
        return Decimal(number)
    return float(number)
