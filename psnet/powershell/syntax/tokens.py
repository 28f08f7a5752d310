"""Tokens and what the grammar knows of each kind (``TokenKind``, ``TokenFlags`` of the engine)."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

COMMAND: Final = "command"
EXPRESSION: Final = "expression"
TYPE_NAME: Final = "typename"
SIGNATURE: Final = "signature"


class Token:
    """One token.

    ``start`` and ``end`` are offsets in the whole text; ``text`` is how it was written. ``value`` depends on
    the kind: the resolved string, the number, the variable's path, the parameter's name, the label, the
    redirection. ``pieces`` are the parts of an expandable string: text and the tokens of nested parts.
    """

    __slots__ = ("end", "kind", "pieces", "start", "sub", "text", "used_colon", "value")

    def __init__(self, kind: str, start: int, end: int, text: str, value: Any = None) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        self.value = value
        self.pieces: list[Any] | None = None
        self.used_colon = False
        self.sub: Any = None

    def __repr__(self) -> str:
        return f"Token({self.kind} {self.start}-{self.end} {self.text!r})"


class Redirection:
    """What a redirection operator says: ``merge`` streams ``source`` and ``target``, or write to a file."""

    __slots__ = ("append", "merge", "source", "target")

    def __init__(self, source: int, *, target: int = 0, append: bool = False, merge: bool = False) -> None:
        self.source = source
        self.target = target
        self.append = append
        self.merge = merge


STREAMS: Final = ("All", "Output", "Error", "Warning", "Verbose", "Debug", "Information")

_KEYWORDS = (
    "elseif if else switch foreach from in for while until do try catch finally trap data return continue "
    "break exit throw begin process end dynamicparam function filter param class define var using workflow "
    "parallel sequence inlinescript configuration public private static interface enum namespace module "
    "type assembly command hidden base default"
).split()
_SPELT = {"elseif": "ElseIf", "inlinescript": "InlineScript"}
KEYWORDS_51: Final = MappingProxyType({word: _SPELT.get(word, word.capitalize()) for word in _KEYWORDS})
KEYWORDS_7: Final = MappingProxyType({**KEYWORDS_51, "clean": "Clean"})
KEYWORD_KINDS: Final = frozenset(KEYWORDS_7.values()) | {"DynamicKeyword"}
BLOCK_NAMES: Final = frozenset({"Begin", "Process", "End", "Dynamicparam", "Clean"})
NO_ATTRIBUTES: Final = frozenset(
    "Break Continue Data Do Exit Filter For Foreach Function If Return Switch Throw Trap Try While Workflow "
    "Parallel Sequence InlineScript".split()
)


def _operators() -> dict[str, str]:
    table: dict[str, str] = {}
    plain = "eq ne ge gt lt le like notlike match notmatch replace contains notcontains in notin split".split()
    for word in plain:
        table[word] = table["i" + word] = "I" + word
        table["c" + word] = "C" + word
    for word in "as and or xor band bor bxor join shl shr bnot not is".split():
        table[word] = word.capitalize()
    table |= {"f": "Format", "isnot": "IsNot"}
    return table


OPERATORS: Final = MappingProxyType(_operators())

_LOGICAL, _BITWISE, _COMPARISON, _COALESCE, _ADD, _MULTIPLY, _FORMAT, _RANGE = range(1, 9)
_COMPARISONS = {kind for kind in OPERATORS.values() if kind not in {"Bnot", "Not"}} | {"Format"}
BINARY: Final = MappingProxyType(
    dict.fromkeys(_COMPARISONS, _COMPARISON)
    | dict.fromkeys(("And", "Or", "Xor"), _LOGICAL)
    | dict.fromkeys(("Band", "Bor", "Bxor"), _BITWISE)
    | dict.fromkeys(("Plus", "Minus"), _ADD)
    | dict.fromkeys(("Multiply", "Divide", "Rem"), _MULTIPLY)
    | {"Format": _FORMAT, "DotDot": _RANGE, "QuestionQuestion": _COALESCE}
)
UNARY: Final = frozenset(
    {"Comma", "MinusMinus", "PlusPlus", "Exclaim", "Plus", "Minus", "Not", "Bnot", "Join", "Isplit", "Csplit"}
)
ASSIGNMENT: Final = frozenset(
    {
        "Equals",
        "PlusEquals",
        "MinusEquals",
        "MultiplyEquals",
        "DivideEquals",
        "RemainderEquals",
        "QuestionQuestionEquals",
    }
)
# Scanned the same way in command mode and in expression mode, so a peeked one need not be read again.
MODE_INVARIANT: Final = frozenset(
    "NewLine EndOfInput StringLiteral StringExpandable HereStringLiteral HereStringExpandable LParen RParen "
    "LCurly RCurly RBracket AtParen AtCurly DollarParen Semi AndAnd OrOr Ampersand Pipe Comma "
    "RedirectInStd".split()
)
