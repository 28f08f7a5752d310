"""The numeric types, Math and Convert."""

from __future__ import annotations

import base64
import binascii
import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from psnet.lab.dotnet import casts
from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.errors import argument_error, argument_range, thrown
from psnet.lab.dotnet.numbers import (
    CLASSES,
    EXACT,
    RANGES,
    fits,
    is_number,
    make,
    parse_float,
    parse_integer,
)
from psnet.lab.dotnet.registry import constants, prop, static
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.values import Array, BigInteger, Byte, Char, DateTime, DotNetError, EnumValue, Int64, Reference, Single

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

_MATH = "System.Math"
_SIGNED = ("sbyte", "int16", "int", "long", "float", "double", "decimal")
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


# -- Convert --------------------------------------------------------------------------------------------------

_CONVERT = "System.Convert"
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


def byte_array(data: bytes) -> Array:
    """Return bytes as Byte[]."""
    return Array([Byte(each) for each in data], "System.Byte")


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
def _change_type(value: Any, kind: Any) -> Any:
    name = kind.name
    if name in CLASSES:
        return _converter(name)(value)
    if name == "System.String":
        return _to_text(value)
    return convert(value, name)
