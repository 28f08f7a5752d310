"""The operators + - * / % and the bitwise ones, with .NET's promotion as PowerShell applies it."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import Any, Final

from psnet.lab.dotnet.convert import convert, to_string
from psnet.lab.dotnet.errors import make_exception, runtime_error, thrown
from psnet.lab.dotnet.numbers import (
    EXACT,
    TYPE_CODES,
    double_to_decimal,
    fit_decimal,
    fits,
    is_number,
    make,
    scan_number,
)
from psnet.lab.dotnet.objects import DateTimeOffset, MultiArray
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Char,
    DateTime,
    DotNetError,
    EnumValue,
    Hashtable,
    OrderedDictionary,
    Single,
    TimeSpan,
)

NAMES: Final = {
    "+": "op_Addition",
    "-": "op_Subtraction",
    "*": "op_Multiply",
    "/": "op_Division",
    "%": "op_Modulus",
    "-band": "op_BitwiseAnd",
    "-bor": "op_BitwiseOr",
    "-bxor": "op_ExclusiveOr",
    "-shl": "op_LeftShift",
    "-shr": "op_RightShift",
    "-bnot": "op_OnesComplement",
}


def divided_by_zero() -> DotNetError:
    """Return the error of a division by zero."""
    inner = make_exception("DivideByZeroException", "Attempted to divide by zero.")
    return runtime_error("RuntimeException", inner.message, category="NotSpecified", inner=inner)


def no_operator(value: Any, op: str) -> DotNetError:
    """Return the error of an operator that a type does not have."""
    name = type_name_of(value)
    message = f"Method invocation failed because [{name}] does not contain a method named '{NAMES[op]}'."
    return runtime_error("MethodNotFound", message, target=NAMES[op])


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """Return the result of ``+ - * / %`` on two values; raises DotNetError as PowerShell does."""
    first, second = _plain(left), _plain(right)
    if op == "+":
        return _add(left, first, second)
    if op == "*":
        return _multiply(first, second)
    if first is None:
        if second is None:
            return None
        first = 0
    return _numeric_or_operator(op, first, second)


def _plain(value: Any) -> Any:
    value = unwrap(value)
    return None if value is AUTOMATION_NULL else value


def _is_primitive(value: Any) -> bool:
    return is_number(value) or isinstance(value, bool | Char | EnumValue)


def _as_number(value: Any) -> Any:
    """Return a Boolean, Char, enumeration value or null as the number that arithmetic sees."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Char):
        return ord(value)
    return value.value if isinstance(value, EnumValue) else value


def text_operand(text: str, like: Any) -> Any:
    """Return a string operand as a number; an empty one is zero, a wrong one the error of a cast."""
    if not text.strip():
        return 0
    found = scan_number(text)
    if found is not None:
        return found
    name = type_name_of(like) if is_number(like) else "System.Int32"
    return convert(text, name)


def _add(original: Any, left: Any, right: Any) -> Any:
    if left is None:
        return right
    if _is_primitive(left) and not isinstance(left, Char):
        if right is None or _is_primitive(right):
            return _numbers("+", _as_number(left), _as_number(right))
        if isinstance(right, str):
            return _numbers("+", _as_number(left), text_operand(right, left))
        return _operator("+", left, right)
    if isinstance(left, str):
        return str(left) + to_string(right)
    if is_enumerable(left):
        return _append(left, right)
    if isinstance(left, Hashtable):
        if not isinstance(right, Hashtable):
            message = "A hash table can only be added to another hash table."
            raise runtime_error("AddHashTableToNonHashTable", message)
        return _merge(left, right)
    del original
    return _operator("+", left, right)


def _append(left: Any, right: Any) -> Array:
    items = list(left)
    if is_enumerable(right):
        items.extend(right)
    elif True:
        items.append(right)
    return Array(items)


def _merge(left: Hashtable, right: Hashtable) -> Hashtable:
    made = type(left)(left.items()) if isinstance(left, OrderedDictionary) else Hashtable(left.items())
    for key, value in right.items():
        if key in made:
            message = (
                f"Item has already been added. Key in dictionary: '{to_string(key)}'  "
                f"Key being added: '{to_string(key)}'"
            )
            inner = make_exception("ArgumentException", message)
            raise runtime_error("System.ArgumentException", message, category="NotSpecified", inner=inner)
        made[key] = value
    return made


def _multiply(left: Any, right: Any) -> Any:
    if left is None:
        return None
    if _is_primitive(left):
        if right is None or _is_primitive(right):
            return _numbers("*", _as_number(left), _as_number(right))
        if isinstance(right, str):
            return _numbers("*", _as_number(left), text_operand(right, left))
        return _operator("*", left, right)
    if isinstance(left, str):
        return left * _count(right)
    if is_enumerable(left):
        element = left.element_type if isinstance(left, Array) else "System.Object"
        return Array(list(left) * _count(right), element)
    return _operator("*", left, right)


def _count(value: Any) -> int:
    times = int(convert(value, "System.Int32"))
    if times < 0:
        inner = thrown("ArgumentOutOfRangeException", "", ParamName="times").exception
        message = f"times ('{times}') must be a non-negative value. (Parameter 'times')\nActual value was {times}."
        del inner
        error = thrown("ArgumentOutOfRangeException", message, ParamName="times", ActualValue=times)
        error.error_id = "System.ArgumentOutOfRangeException"
        error.category = "OperationStopped"
        raise error
    return times


def _numeric_or_operator(op: str, left: Any, right: Any) -> Any:
    if _is_primitive(left):
        if right is None or _is_primitive(right):
            return _numbers(op, _as_number(left), _as_number(right))
        if isinstance(right, str):
            return _numbers(op, _as_number(left), text_operand(right, left))
        return _operator(op, left, right)
    if isinstance(left, str):
        if isinstance(right, str):
            number = text_operand(right, 0)
            return _numbers(op, text_operand(left, number), number)
        if right is None or _is_primitive(right):
            number = _as_number(right)
            return _numbers(op, text_operand(left, number), number)
    return _operator(op, left, right)


# -- numbers ------------------------------------------------------------------------------------------------


def _numbers(op: str, left: Any, right: Any) -> Any:
    if isinstance(left, BigInteger) or isinstance(right, BigInteger):
        return _big(op, left, right)
    codes = (TYPE_CODES[type(left)], TYPE_CODES[type(right)])
    code = max(codes)
    if code == 15:
        return _decimals(op, left, right)
    if code >= 13:
        return _doubles(op, float(left), float(right))
    if code <= 9:
        return _whole(op, int(left), int(right), "System.Int32")
    if code == 10:
        signed = min(int(left), int(right)) < 0
        return _whole(op, int(left), int(right), "System.Int64" if signed else "System.UInt32")
    if code == 11:
        return _whole(op, int(left), int(right), "System.Int64")
    if min(int(left), int(right)) < 0:
        return _decimals(op, left, right)
    return _whole(op, int(left), int(right), "System.UInt64")


def _whole(op: str, left: int, right: int, type_name: str) -> Any:
    if op in "/%" and right == 0:
        raise divided_by_zero()
    if op == "/":
        quotient, rest = divmod(left, right)
        if rest:
            return float(left) / float(right)
        result = quotient
    elif op == "%":
        result = int(math.copysign(1, left)) * (abs(left) % abs(right)) if left else 0
    else:
        result = left + right if op == "+" else left - right if op == "-" else left * right
    return make(type_name, result) if fits(type_name, result) else float(result)


def _doubles(op: str, left: float, right: float) -> float:
    try:
        if op == "+":
            return left + right
        if op == "-":
            return left - right
        if op == "*":
            return left * right
        if op == "/":
            return left / right
        return math.fmod(left, right)
    except ZeroDivisionError:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    except (ValueError, OverflowError):
        return math.nan


def to_decimal(value: Any) -> Decimal:
    """Return a number as a Decimal; raises the error of one out of range."""
    try:
        if isinstance(value, float):
            return double_to_decimal(value, 7 if isinstance(value, Single) else 15)
        return value if isinstance(value, Decimal) else Decimal(int(value))
    except OverflowError:
        raise _decimal_overflow() from None


def _decimal_overflow() -> DotNetError:
    inner = make_exception("OverflowException", "Value was either too large or too small for a Decimal.")
    return runtime_error("RuntimeException", inner.message, category="NotSpecified", inner=inner)


def _decimals(op: str, left: Any, right: Any) -> Decimal:
    one, other = to_decimal(left), to_decimal(right)
    if op in "/%" and not other:
        raise divided_by_zero()
    try:
        with localcontext(EXACT):
            if op == "+":
                return fit_decimal(one + other)
            if op == "-":
                return fit_decimal(one - other)
            if op == "*":
                return fit_decimal(one * other)
            if op == "%":
                return fit_decimal(one % other)
            exact = one / other
            result = fit_decimal(exact)
            least = min(int(one.as_tuple().exponent) - int(other.as_tuple().exponent), 0)
            return _trimmed(result, least)
    except OverflowError:
        raise _decimal_overflow() from None


def _trimmed(value: Decimal, least: int) -> Decimal:
    """Return a quotient without the trailing zeros that division adds."""
    del least
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else value


def _big(op: str, left: Any, right: Any) -> Any:
    one, other = int(left), int(right)
    if op in "/%" and not other:
        raise divided_by_zero()
    if op == "/":
        return BigInteger(int(math.copysign(1, one) * math.copysign(1, other)) * (abs(one) // abs(other)))
    if op == "%":
        return BigInteger((-1 if one < 0 else 1) * (abs(one) % abs(other)))
    return BigInteger(one + other if op == "+" else one - other if op == "-" else one * other)


# -- operators that types define ------------------------------------------------------------------------------


def _operator(op: str, left: Any, right: Any) -> Any:
    result = _moments(op, left, right)
    if result is not None:
        return result
    raise no_operator(left if not isinstance(right, MultiArray) and not _blames_right(left, right) else right, op)


def _blames_right(left: Any, right: Any) -> bool:
    return _is_primitive(left) and not _is_primitive(right) and not isinstance(right, str)


def _moments(op: str, left: Any, right: Any) -> Any:
    from psnet.lab.dotnet.datetimes import checked  # noqa: PLC0415 - only dates need it

    if isinstance(right, str) and isinstance(left, DateTime | TimeSpan):
        right = _moment_text(op, left, right)
    if isinstance(left, DateTime | DateTimeOffset):
        if isinstance(right, TimeSpan) and op in "+-":
            ticks = left.ticks + (right.ticks if op == "+" else -right.ticks)
            if isinstance(left, DateTimeOffset):
                return DateTimeOffset(ticks, left.offset)
            return checked(ticks, left.kind)
        if op == "-" and isinstance(right, DateTime) and isinstance(left, DateTime):
            return TimeSpan(left.ticks - right.ticks)
        if op == "-" and isinstance(right, DateTimeOffset) and isinstance(left, DateTimeOffset):
            return TimeSpan(left.ticks - left.offset - right.ticks + right.offset)
    if isinstance(left, TimeSpan):
        if isinstance(right, TimeSpan) and op in "+-":
            return TimeSpan(left.ticks + right.ticks if op == "+" else left.ticks - right.ticks)
        if is_number(right) and op in "*/":
            return TimeSpan(round(left.ticks * float(right)) if op == "*" else round(left.ticks / float(right)))
        if isinstance(right, TimeSpan) and op == "/":
            return left.ticks / right.ticks
    if is_number(left) and isinstance(right, TimeSpan) and op == "*":
        return TimeSpan(round(right.ticks * float(left)))
    return None


def _moment_text(op: str, left: Any, right: str) -> Any:
    from psnet.lab.dotnet.dateparse import parse_datetime, parse_timespan  # noqa: PLC0415 - only dates need it

    span = parse_timespan(right)
    if span is not None:
        return span
    moment = parse_datetime(right) if op == "-" and isinstance(left, DateTime) else None
    return right if moment is None else moment


# -- bitwise ------------------------------------------------------------------------------------------------
