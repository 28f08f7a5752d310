"""The bit operators, negation and counting up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psnet.lab.dotnet.arithmetic import (
    _as_number,
    _is_primitive,
    _numbers,
    _numeric_or_operator,
    _plain,
    no_operator,
    text_operand,
)
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.errors import runtime_error
from psnet.lab.dotnet.numbers import (
    TYPE_CODES,
    fits,
    is_number,
    make,
)
from psnet.lab.dotnet.typenames import type_name_of
from psnet.lab.values import (
    BigInteger,
    Char,
    EnumValue,
    Int64,
    TimeSpan,
    UInt32,
    UInt64,
)


def bitwise(op: str, left: Any, right: Any) -> Any:
    """Return ``-band -bor -bxor -shl -shr`` of two values."""
    first, second = _plain(left), _plain(right)
    if op in {"-shl", "-shr"}:
        return _shift(op, first, second)
    if isinstance(first, EnumValue) and isinstance(second, EnumValue | str):
        second = second if isinstance(second, EnumValue) else convert(second, first.type_name)
        return _enum_bits(op, first, second)
    if isinstance(second, EnumValue) and isinstance(first, str):
        return _enum_bits(op, convert(first, second.type_name), second)
    if isinstance(first, bool) and isinstance(second, bool):
        return first & second if op == "-band" else first | second if op == "-bor" else first ^ second
    one, other = _bits(first, second, op), _bits(second, first, op)
    name = _bit_type(one, other)
    a, b = int(one), int(other)
    result = a & b if op == "-band" else a | b if op == "-bor" else a ^ b
    if isinstance(one, BigInteger) or isinstance(other, BigInteger):
        return BigInteger(result)
    return make(name, result)


def _enum_bits(op: str, left: EnumValue, right: EnumValue) -> Any:
    from psnet.lab.dotnet.enums import make_enum  # noqa: PLC0415 - only enumerations need it

    a, b = left.value, right.value
    value = a & b if op == "-band" else a | b if op == "-bor" else a ^ b
    return make_enum(left.type_name, value)


def _bits(value: Any, other: Any, op: str) -> Any:
    """Return an operand as a whole number: text is read, real numbers are rounded."""
    if isinstance(value, str) and not isinstance(value, Char):
        value = text_operand(value, other)
    value = _as_number(value)
    if not is_number(value):
        raise no_operator(value, op)
    if isinstance(value, float | Decimal):
        for name in ("System.Int32", "System.UInt32", "System.Int64", "System.UInt64"):
            whole = round(value)
            if fits(name, whole):
                return make(name, whole)
        return convert(value, "System.UInt64")
    return value


def _bit_type(left: Any, right: Any) -> str:
    code = max(TYPE_CODES.get(type(left), 9), TYPE_CODES.get(type(right), 9))
    if code <= 9:
        return "System.Int32"
    negative = min(int(left), int(right)) < 0
    if code == 10:
        return "System.Int64" if negative else "System.UInt32"
    if code == 11 or negative:
        return "System.Int64"
    return "System.UInt64"


def _shift(op: str, left: Any, right: Any) -> Any:
    value = _bits(0 if left is None else left, 0, op)
    count = int(convert(right, "System.Int32"))
    if isinstance(value, BigInteger):
        return BigInteger(int(value) << count if op == "-shl" else int(value) >> count)
    wide = isinstance(value, Int64 | UInt64)
    size = 64 if wide else 32
    count &= size - 1
    unsigned = isinstance(value, UInt32 | UInt64)
    result = int(value) << count if op == "-shl" else int(value) >> count
    result &= (1 << size) - 1
    if not unsigned and result >> (size - 1):
        result -= 1 << size
    name = {
        (32, False): "System.Int32",
        (32, True): "System.UInt32",
        (64, False): "System.Int64",
        (64, True): "System.UInt64",
    }
    return make(name[size, unsigned], result)


def bitwise_not(value: Any) -> Any:
    """Return ``-bnot``."""
    plain = _plain(value)
    if isinstance(plain, EnumValue):
        from psnet.lab.dotnet.enums import make_enum  # noqa: PLC0415 - only enumerations need it

        return make_enum(plain.type_name, ~plain.value)
    number = _bits(0 if plain is None else plain, 0, "-bnot")
    if isinstance(number, BigInteger):
        return BigInteger(~int(number))
    if isinstance(number, UInt32):
        return make("System.UInt32", ~int(number) & 0xFFFFFFFF)
    if isinstance(number, UInt64):
        return make("System.UInt64", ~int(number) & 0xFFFFFFFFFFFFFFFF)
    return make("System.Int64" if isinstance(number, Int64) else "System.Int32", ~int(number))


def negate(value: Any) -> Any:
    """Return unary minus."""
    if isinstance(_plain(value), TimeSpan):
        return TimeSpan(-_plain(value).ticks)
    return _numeric_or_operator("-", 0, _plain(value))


def plus(value: Any) -> Any:
    """Return unary plus: the value as a number."""
    return (
        _numeric_or_operator("-", _plain(value), 0)
        if not isinstance(_plain(value), str)
        else _numbers("+", 0, text_operand(str(_plain(value)), 0))
    )


def increment(value: Any, step: int) -> Any:
    """Return ``++`` or ``--`` of a value (``step`` 1 or -1); null becomes the step."""
    plain = _plain(value)
    if plain is None:
        return step
    if not _is_primitive(plain) or isinstance(plain, bool):
        sign = "++" if step > 0 else "--"
        shown = type_name_of(plain)
        message = f"The '{sign}' operator works only on numbers. The operand is a '{shown}'."
        raise runtime_error("OperatorRequiresNumber", message)
    return _numbers("+" if step > 0 else "-", _as_number(plain), 1)
