"""The numeric types, Math and Convert."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from psnet.lab.dotnet import casts
from psnet.lab.dotnet.numbers import (
    CLASSES,
    RANGES,
    fits,
    make,
    parse_float,
    parse_integer,
)
from psnet.lab.dotnet.registry import constants, prop, static
from psnet.lab.dotnet.types.mathematics import _round_decimal
from psnet.lab.values import BigInteger, DotNetError, EnumValue, Reference, Single

for _name, (_low, _high) in RANGES.items():
    constants(_name, _name, MinValue=make(_name, _low), MaxValue=make(_name, _high))
constants("System.Double", "double", MaxValue=1.7976931348623157e308, MinValue=-1.7976931348623157e308, Epsilon=5e-324)
constants("System.Double", "double", NaN=math.nan, PositiveInfinity=math.inf, NegativeInfinity=-math.inf)
constants("System.Single", "float", MaxValue=Single(3.4028234663852886e38), MinValue=Single(-3.4028234663852886e38))
constants(
    "System.Single",
    "float",
    NaN=Single(math.nan),
    PositiveInfinity=Single(math.inf),
    Epsilon=Single(1.401298464324817e-45),
)
constants("System.Single", "float", NegativeInfinity=Single(-math.inf))
constants("System.Decimal", "decimal", MaxValue=Decimal(2**96 - 1), MinValue=Decimal(1 - 2**96))
constants("System.Decimal", "decimal", Zero=Decimal(0), One=Decimal(1), MinusOne=Decimal(-1))
constants("System.Math", "double", PI=math.pi, E=math.e)


# -- Parse and TryParse ----------------------------------------------------------------------------------------


def parse_number(text: str, type_name: str, styles: int | None = None) -> Any:
    """Return ``T.Parse(text)``; raises FormatException or OverflowException."""
    if styles is not None and styles & 512:
        digits = text.strip() if styles & 3 else text
        try:
            value = int(digits, 16)
        except ValueError:
            raise DotNetError(casts.format_error(text)) from None
        low, high = RANGES.get(type_name, (0, 2**64))
        if value > high and low < 0 and value <= high - low:
            value -= high - low + 1
        if not fits(type_name, value):
            raise DotNetError(casts.range_error(type_name))
        return make(type_name, value)
    if type_name in RANGES or type_name == "System.Numerics.BigInteger":
        whole = parse_integer(text)
        if whole is None and styles is not None and styles & (32 | 64):
            real = parse_float(text, thousands=bool(styles & 64))
            whole = int(real) if isinstance(real, Decimal) and real == real.to_integral_value() else None
        if whole is None:
            raise DotNetError(casts.format_error(text))
        if type_name in RANGES and not fits(type_name, whole):
            raise DotNetError(casts.range_error(type_name))
        return make(type_name, whole)
    real = parse_float(text, thousands=styles is None or bool(styles & 64))
    if real is None or (type_name == "System.Decimal" and not isinstance(real, Decimal)):
        raise DotNetError(casts.format_error(text))
    try:
        return make(type_name, real if type_name == "System.Decimal" else float(real))
    except OverflowError:
        raise DotNetError(casts.range_error(type_name)) from None


def _parsers(type_name: str) -> None:
    def parse(text: str, *rest: Any) -> Any:
        styles = next((each.value for each in rest if isinstance(each, EnumValue)), None)
        return parse_number(text, type_name, styles)

    def try_parse(text: str, *rest: Any) -> bool:
        result: Reference = rest[-1]
        styles = next((each.value for each in rest if isinstance(each, EnumValue)), None)
        try:
            result.value = parse_number(text or "", type_name, styles)
        except DotNetError:
            result.value = make(type_name, 0)
            return False
        return True

    styles_type = "System.Globalization.NumberStyles"
    static(
        type_name,
        f"{type_name} Parse(string s)",
        f"{type_name} Parse(string s, {styles_type} style)",
        f"{type_name} Parse(string s, System.Object provider)",
        f"{type_name} Parse(string s, {styles_type} style, System.Object provider)",
    )(parse)
    static(
        type_name,
        f"bool TryParse(string s, [ref] {type_name} result)",
        f"bool TryParse(string s, {styles_type} style, System.Object provider, [ref] {type_name} result)",
    )(try_parse)


for _name in CLASSES:
    _parsers(_name)


@static("System.Double", "bool IsNaN(double d)")
def _is_nan(value: float) -> bool:
    return math.isnan(value)


@static("System.Double", "bool IsInfinity(double d)")
def _is_infinity(value: float) -> bool:
    return math.isinf(value)


@static("System.Decimal", "decimal Round(decimal d)", "decimal Round(decimal d, int decimals)")
def _decimal_round(value: Decimal, digits: int = 0) -> Decimal:
    return _round_decimal(value, digits, 0)


@static("System.Decimal", "decimal Truncate(decimal d)")
def _decimal_truncate(value: Decimal) -> Decimal:
    return Decimal(int(value))


@static("System.Decimal", "decimal Floor(decimal d)")
def _decimal_floor(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_FLOOR)


@static("System.Decimal", "decimal Ceiling(decimal d)")
def _decimal_ceiling(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)


_BIG = "System.Numerics.BigInteger"
prop(_BIG, "bool IsPowerOfTwo", lambda value: value > 0 and not value & (value - 1))
prop(_BIG, "bool IsZero", lambda value: value == 0)
prop(_BIG, "bool IsOne", lambda value: value == 1)
prop(_BIG, "bool IsEven", lambda value: value % 2 == 0)
prop(_BIG, "int Sign", lambda value: (value > 0) - (value < 0))
constants(_BIG, "bigint", Zero=BigInteger(0), One=BigInteger(1), MinusOne=BigInteger(-1))


@static(_BIG, "bigint Pow(bigint value, int exponent)")
def _big_power(value: int, exponent: int) -> BigInteger:
    return BigInteger(int(value) ** exponent)


@static(_BIG, "bigint ModPow(bigint value, bigint exponent, bigint modulus)")
def _mod_power(value: int, exponent: int, modulus: int) -> BigInteger:
    return BigInteger(pow(int(value), int(exponent), int(modulus)))


@static(_BIG, "bigint Abs(bigint value)")
def _big_abs(value: int) -> BigInteger:
    return BigInteger(abs(int(value)))


# -- Math --------------------------------------------------------------------------------------------------


# -- Convert --------------------------------------------------------------------------------------------------
