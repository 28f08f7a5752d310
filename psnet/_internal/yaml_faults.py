"""What PyYAML finds wrong with a text, in words that need no knowledge of how YAML is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from yaml import Mark, MarkedYAMLError

_REMEDY: Final = "quote a value that holds ':' or '#', and indent with spaces"
#: Words of PyYAML's problem -> what is said, and what to do; those of the second table are told where they begin.
_HERE: Final = {
    "found character '\\t'": ("a tab stands here", "indent with spaces"),
    "mapping values are not allowed": ("a colon stands where none can", "quote the value, or begin a new line"),
    "found undefined alias": ("the alias is defined nowhere above", "quote a value that begins with *"),
    "expected <block end>": (
        "the line begins in another column than those that it belongs to",
        "indent it as they are, with spaces",
    ),
    "expected alphabetic or numeric": ("no value begins with this character", "quote the value"),
    "expected the node content": ("a value is missing", "write it, or close the bracket"),
    "sequence entries are not allowed": ("a list cannot begin here", "begin it on a line of its own"),
    "cannot start any token": ("no value begins with this character", "quote the value"),
}
_BEGINS: Final = {
    "could not find expected ':'": ("the key has no colon", "write the key, a colon and a space"),
    "found unexpected end of stream": ("the quote is never closed", "close it"),
    "expected ',' or '}'": ("the brace is not closed, or a comma is missing in it", "write { key: value, key: value }"),
    "expected ',' or ']'": ("the bracket is not closed, or a comma is missing in it", "write [ value, value ]"),
}


def explained(error: MarkedYAMLError) -> tuple[str, Mark | None, str]:
    """Return what is wrong, where, and what to do about it."""
    problem = error.problem or ""
    for words, (said, remedy) in _BEGINS.items():
        if words in problem:
            return said, error.context_mark or error.problem_mark, remedy
    for words, (said, remedy) in _HERE.items():
        if words in problem:
            return said, error.problem_mark or error.context_mark, remedy
    told = " ".join(part for part in (error.context, problem) if part)
    return told, error.problem_mark or error.context_mark, _REMEDY
