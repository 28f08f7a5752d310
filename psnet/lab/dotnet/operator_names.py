"""Names of operators."""

from __future__ import annotations

from typing import Final

_BARE: Final = {
    *("eq", "ne", "lt", "le", "gt", "ge", "like", "notlike", "match", "notmatch", "contains", "notcontains"),
    *("in", "notin", "replace", "split", "join", "is", "isnot", "as"),
}


def split_case(op: str) -> tuple[str, bool]:
    """Return an operator's bare name and whether it ignores case: ``-ceq`` is ("eq", False)."""
    name = op.lower().lstrip("-")
    if name in _BARE:
        return name, True
    return name[1:], name[0] != "c"
