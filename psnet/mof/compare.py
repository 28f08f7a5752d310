"""PowerShell's ``-ne``, which decides whether two resources with equal keys agree."""

from __future__ import annotations

from typing import Any

from psnet.mof.convert import to_double, to_text, truth
from psnet.mof.dates import DateTime
from psnet.mof.errors import CastError
from psnet.mof.values import Reference


def differ(left: Any, right: Any) -> bool:
    """Return the truth of ``$left -ne $right``.

    With a list on the left the operator filters it: of two equal lists with more than one item something
    remains, so they count as different. That is the engine's way and kept.
    """
    if isinstance(left, list):
        return truth([item for item in left if not _equal(item, right)])
    return not _equal(left, right)


def _equal(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, str | Reference):
        return to_text(left).lower() == to_text(right).lower()
    if isinstance(left, bool):
        return left == truth(right)
    if isinstance(left, int | float):
        if isinstance(right, list):
            return False
        try:
            return left == (right if isinstance(right, int) else to_double(right))
        except CastError:
            return False
    if isinstance(left, DateTime):
        return isinstance(right, DateTime) and left.value == right.value
    return left is right
