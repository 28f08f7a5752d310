"""Numbers as .NET writes them in the invariant culture."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any


def number_text(value: Any) -> str:
    """Return ``value.ToString(InvariantCulture)`` of a literal's value."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float):
        return _double(value)
    return str(int(value))


def _double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    _, digits, exponent = Decimal(repr(abs(value))).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0") or "0"
    point = len(digits) + int(exponent)  # the decimal point comes after so many digits
    if significant == "0":
        return sign + "0"
    if point > 15 or point < -4:
        mantissa = significant[0] + ("." + significant[1:] if len(significant) > 1 else "")
        power = point - 1
        return f"{sign}{mantissa}E{'+' if power >= 0 else '-'}{abs(power):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{significant}"
    padded = significant.ljust(point, "0")
    return sign + padded[:point] + ("." + padded[point:] if len(padded) > point else "")
