"""System.Math."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.errors import argument_range, thrown
from psnet.lab.dotnet.numbers import (
    CLASSES,
    EXACT,
    RANGES,
    fits,
)
from psnet.lab.dotnet.registry import static
from psnet.lab.values import EnumValue, Int64, Reference

_SIGNED = ("sbyte", "int16", "int", "long", "float", "double", "decimal")

_MATH = "System.Math"

_ALL = ("sbyte", "byte", "int16", "uint16", "int", "uint32", "long", "uint64", "float", "double", "decimal")


def _like(value: Any, result: Any) -> Any:
    """Return a result as the type of an operand."""
    return type(value)(result) if not isinstance(value, Decimal) else result


@static(_MATH, *(f"{kind} Abs({kind} value)" for kind in _SIGNED))
def _abs(value: Any) -> Any:
    result = abs(value)
    name = next((name for name, kind in CLASSES.items() if kind is type(value)), "")
    if name in RANGES and not fits(name, result):
        raise thrown("OverflowException", "Negating the minimum value of a twos complement number is invalid.")
    return _like(value, result)


@static(_MATH, *(f"{kind} Max({kind} val1, {kind} val2)" for kind in _ALL))
def _max(one: Any, other: Any) -> Any:
    return one if (order(one, other) or 0) >= 0 else other


@static(_MATH, *(f"{kind} Min({kind} val1, {kind} val2)" for kind in _ALL))
def _min(one: Any, other: Any) -> Any:
    return one if (order(one, other) or 0) <= 0 else other


@static(_MATH, *(f"{kind} Clamp({kind} value, {kind} min, {kind} max)" for kind in _ALL))
def _clamp(value: Any, low: Any, high: Any) -> Any:
    return low if value < low else min(value, high)


@static(_MATH, *(f"int Sign({kind} value)" for kind in _SIGNED))
def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


@static(_MATH, "double Floor(double d)", "decimal Floor(decimal d)")
def _floor(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.to_integral_value(ROUND_FLOOR)
    return float(math.floor(value)) if math.isfinite(value) else value


@static(_MATH, "double Ceiling(double a)", "decimal Ceiling(decimal d)")
def _ceiling(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.to_integral_value(ROUND_CEILING)
    return float(math.ceil(value)) if math.isfinite(value) else value


@static(_MATH, "double Truncate(double d)", "decimal Truncate(decimal d)")
def _truncate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return Decimal(int(value))
    return float(math.trunc(value)) if math.isfinite(value) else value


def _round_decimal(value: Decimal, digits: int, mode: int) -> Decimal:
    rounding = {0: ROUND_HALF_EVEN, 1: ROUND_HALF_UP, 2: "ROUND_DOWN", 3: ROUND_FLOOR, 4: ROUND_CEILING}[mode]
    with localcontext(EXACT):
        exponent = max(-digits, int(value.as_tuple().exponent))
        return value.quantize(Decimal(1).scaleb(exponent), rounding) if exponent == -digits else value


def _round(value: Any, digits: int = 0, mode: int = 0) -> Any:
    if isinstance(value, Decimal):
        if not 0 <= digits <= 28:
            raise argument_range("decimals", "Decimal can only round to between 0 and 28 digits of precision.")
        return _round_decimal(value, digits, mode)
    if not 0 <= digits <= 15:
        raise argument_range("digits", "Rounding digits must be between 0 and 15, inclusive.")
    if not math.isfinite(value):
        return value
    scaled = float(value) * 10.0**digits
    if not math.isfinite(scaled) or abs(value) >= 1e16:
        return value
    whole = math.floor(scaled)
    rest = scaled - whole
    if mode == 0:
        rounded = float(round(scaled))
    elif mode == 1:
        rounded = math.trunc(scaled + math.copysign(0.5, scaled)) if abs(rest) != 0.49999999999999994 else whole
    else:
        rounded = math.trunc(scaled) if mode == 2 else math.floor(scaled) if mode == 3 else math.ceil(scaled)
    return float(rounded) / 10.0**digits


@static(_MATH, "double Round(double a)", "decimal Round(decimal d)")
def _round_plain(value: Any) -> Any:
    return _round(value)


@static(_MATH, "double Round(double value, int digits)", "decimal Round(decimal d, int decimals)")
def _round_digits(value: Any, digits: int) -> Any:
    return _round(value, digits)


@static(
    _MATH,
    "double Round(double value, System.MidpointRounding mode)",
    "decimal Round(decimal d, System.MidpointRounding mode)",
)
def _round_mode(value: Any, mode: EnumValue) -> Any:
    return _round(value, 0, mode.value)


@static(
    _MATH,
    "double Round(double value, int digits, System.MidpointRounding mode)",
    "decimal Round(decimal d, int decimals, System.MidpointRounding mode)",
)
def _round_both(value: Any, digits: int, mode: EnumValue) -> Any:
    return _round(value, digits, mode.value)


def _guarded(function: Any) -> Any:
    def run(*values: float) -> float:
        try:
            return float(function(*values))
        except ValueError:
            return -math.inf if function in {math.log, math.log10, math.log2} and values[0] == 0 else math.nan
        except OverflowError:
            return math.inf

    return run


for _shown, _function in {
    "Sqrt": math.sqrt,
    "Exp": math.exp,
    "Sin": math.sin,
    "Cos": math.cos,
    "Tan": math.tan,
    "Asin": math.asin,
    "Acos": math.acos,
    "Atan": math.atan,
    "Sinh": math.sinh,
    "Cosh": math.cosh,
    "Tanh": math.tanh,
    "Log": math.log,
    "Log10": math.log10,
    "Log2": math.log2,
    "Cbrt": math.cbrt,
}.items():
    static(_MATH, f"double {_shown}(double d)")(_guarded(_function))
static(_MATH, "double Pow(double x, double y)")(_guarded(math.pow))
static(_MATH, "double Atan2(double y, double x)")(_guarded(math.atan2))
static(_MATH, "double Log(double a, double newBase)")(_guarded(math.log))
static(_MATH, "double IEEERemainder(double x, double y)")(_guarded(math.remainder))


@static(_MATH, "long BigMul(int a, int b)")
def _big_multiply(one: int, other: int) -> Int64:
    return Int64(one * other)


@static(_MATH, "int DivRem(int a, int b, [ref] int result)")
def _div_rem(one: int, other: int, result: Reference) -> int:
    if other == 0:
        raise thrown("DivideByZeroException", "Attempted to divide by zero.")
    result.value = int(math.fmod(one, other))
    return int(one / other)
