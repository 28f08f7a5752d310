"""Values of numeric literals: which .NET type holds them, and when they do not fit.

The rules are those of the engine's tokenizer: the narrowest of Int32, Int64, Decimal and Double for a
literal without suffix, the sign bit of hexadecimal literals of 8 and 16 digits, multipliers applied
before the range is looked at.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, DecimalException
from typing import Any, Final

from psnet.powershell.values import BigInteger, Byte, Int16, Int64, SByte, UInt16, UInt32, UInt64

MULTIPLIERS: Final = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_RANGES: Final[dict[str, tuple[type[int], int, int]]] = {
    "y": (SByte, -(1 << 7), (1 << 7) - 1),
    "uy": (Byte, 0, (1 << 8) - 1),
    "s": (Int16, -(1 << 15), (1 << 15) - 1),
    "us": (UInt16, 0, (1 << 16) - 1),
    "l": (Int64, -(1 << 63), (1 << 63) - 1),
    "ul": (UInt64, 0, (1 << 64) - 1),
}
_DECIMAL_MAX: Final = (1 << 96) - 1
_EXACT: Final = Context(prec=2000, Emax=10**7, Emin=-(10**7))
_SIGN_BIT_LENGTHS: Final = frozenset({8, 16, 32, 64, 96, 128})


def net_decimal(value: Decimal) -> Decimal | None:
    """Return a number as System.Decimal keeps it (96 bits, at most 28 decimals), None when too large."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    if value and value.adjusted() > 28:
        return None
    scale = min(28, max(0, -exponent))
    while scale >= 0:
        rounded = value.quantize(Decimal(1).scaleb(-scale), context=_EXACT)
        if abs(int(rounded.scaleb(scale, context=_EXACT))) <= _DECIMAL_MAX:
            return rounded
        scale -= 1
    return None


def _real(text: str, suffix: str, multiplier: int) -> Any | None:
    if suffix == "d":
        try:
            value = net_decimal(_EXACT.create_decimal(text))
        except DecimalException:
            return None
        return None if value is None else net_decimal(_EXACT.multiply(value, Decimal(multiplier)))
    try:
        number = float(text) * multiplier
    except ValueError:  # a dot or a sign without any digit
        return None
    if not suffix:
        return number
    if not math.isfinite(number):
        return None
    return _fit(round(number), suffix)


def _fit(value: int, suffix: str) -> Any | None:
    if suffix in _RANGES:
        kind, low, high = _RANGES[suffix]
        return kind(value) if low <= value <= high else None
    if suffix == "u":
        if 0 <= value < 1 << 32:
            return UInt32(value)
        return UInt64(value) if 0 <= value < 1 << 64 else None
    if suffix == "d":
        return Decimal(value) if abs(value) <= _DECIMAL_MAX else None
    if suffix == "n":
        return BigInteger(value)
    if -(1 << 31) <= value < 1 << 31:
        return value
    return Int64(value) if -(1 << 63) <= value < 1 << 63 else None


def _hexadecimal(digits: str, suffix: str) -> tuple[int, str]:
    """Return the value and the suffix of a literal; ``digits`` has a 0 put before what was written."""
    if "u" not in suffix:
        expected = {"y": 2, "s": 4, "l": 16}.get(suffix, 8 if len(digits) < 16 else 16)
        if len(digits) == expected + 1:
            digits = digits[1:]
    value = int(digits, 16)
    if digits[0] >= "8":  # a leading digit with its high bit set is a sign bit to BigInteger.Parse
        value -= 1 << (4 * len(digits))
    if len(digits) == 16 and suffix in {"", "u"}:
        suffix += "l"
    return value, suffix


def _binary(digits: str, suffix: str) -> tuple[int, str]:
    value = int(digits, 2) if digits else 0
    if "u" not in suffix and digits[:1] == "1" and len(digits) in _SIGN_BIT_LENGTHS:
        value -= 1 << len(digits)
    if len(digits) == 64 and suffix in {"", "u"}:
        suffix += "l"
    return value, suffix


def number_value(text: str, base: int, suffix: str, *, real: bool, multiplier: int) -> Any | None:
    """Return the engine value of a scanned literal, None when no type takes it.

    ``text`` may begin with a sign; ``base`` is 2, 10 or 16; ``suffix`` is lower-case.
    """
    if real:
        return _real(text, suffix, multiplier)
    if base == 10:
        value = int(text)
    else:
        sign = text[0] in "+-"
        if text[0] == "-":
            multiplier = -multiplier
        digits = text[1:] if sign else text
        value, suffix = (_hexadecimal if base == 16 else _binary)(digits, suffix)
    value *= multiplier
    fitted = _fit(value, suffix)
    if fitted is None and not suffix and base == 10:
        return Decimal(value) if abs(value) <= _DECIMAL_MAX else float(value) if _finite(value) else None
    return fitted


def _finite(value: int) -> bool:
    return abs(value) < 1 << 1024
