"""The operators of PowerShell on values: one import for the evaluator.

``binary(op, left, right, call)`` does any of them; the functions behind it are exported too.
``call(script_block, value)`` runs a script block with ``$_`` set; only -replace (7) and -split need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.arithmetic import arithmetic
from psnet.lab.dotnet.bits import bitwise, bitwise_not, increment, negate, plus
from psnet.lab.dotnet.compare import as_type, compare, contains, equals, is_type, order
from psnet.lab.dotnet.composite import format_composite, format_operator
from psnet.lab.dotnet.convert import to_bool
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.operator_names import split_case
from psnet.lab.dotnet.textops import join, like, match, numeric_range, replace, split, split_unary

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "arithmetic",
    "as_type",
    "binary",
    "bitwise",
    "bitwise_not",
    "compare",
    "contains",
    "equals",
    "format_composite",
    "format_operator",
    "increment",
    "is_type",
    "join",
    "like",
    "match",
    "negate",
    "numeric_range",
    "order",
    "plus",
    "replace",
    "split",
    "split_case",
    "split_unary",
]


def binary(op: str, left: Any, right: Any, call: Callable[[Any, Any], Any] | None = None) -> Any:
    """Return ``left op right`` for every binary operator but -and, -or and -xor.

    ``$Matches`` is the business of the caller, who uses ``match`` for it.
    """
    if op in {"+", "-", "*", "/", "%"}:
        return arithmetic(op, left, right)
    lowered = op.lower()
    if lowered in {"-band", "-bor", "-bxor", "-shl", "-shr"}:
        return bitwise(lowered, left, right)
    if op == "..":
        return numeric_range(left, right)
    if lowered == "-f":
        return format_operator(left, right)
    if lowered == "-join":
        return join(left, right)
    name, _ = split_case(lowered)
    if name == "replace":
        return replace(lowered, left, right, call)
    if name == "split":
        run = call
        return split(lowered, left, right, None if run is None else lambda block, char: to_bool(run(block, char)))
    if lowered in {"-and", "-or", "-xor"}:
        raise UnsupportedError(f"{op} on values")
    return compare(lowered, left, right)
