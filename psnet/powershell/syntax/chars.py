"""Character classes of the PowerShell tokenizer (``CharTraits`` and ``SpecialChars`` of the engine)."""

from __future__ import annotations

import re
from typing import Final

SINGLE_QUOTES: Final = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES: Final = '"\u201c\u201d\u201e'
DASHES: Final = "-\u2013\u2014\u2015"

# Zs, Zl and Zp of Unicode; newlines are no whitespace to the tokenizer.
_SPACES: Final = "\t\x0b\x0c \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ENDS_TOKEN_CLASS: Final = f"\\x00\\r\\n&(),;{{|}}{_SPACES}"

WHITESPACE: Final = re.compile(f"[{_SPACES}]+")
IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_]*")
VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_?]+")
GENERIC_RUN: Final = re.compile(f"[^`$'\"\u2018-\u201e{ENDS_TOKEN_CLASS}]+")
LINE_REST: Final = re.compile(r"[^\r\n\x00]*")

_SPACE_TEST: Final = re.compile(f"[{_SPACES}]")
_ENDS_TEST: Final = re.compile(f"[{ENDS_TOKEN_CLASS}]")
_VARIABLE_SIGNS: Final = frozenset("$?^:_")
_AFTER_NUMBER: Final = frozenset("!#%*+-./<=>]")
_DECIMAL: Final = frozenset("0123456789")


def is_whitespace(char: str) -> bool:
    """Return whether the tokenizer skips the character (a newline is not whitespace)."""
    return _SPACE_TEST.match(char) is not None


def is_letter(char: str) -> bool:
    """Return what ``char.IsLetter`` says; characters beyond the BMP are surrogates, hence no letters."""
    return char.isalpha() and char <= "\uffff"


def is_letter_or_digit(char: str) -> bool:
    """Return what ``char.IsLetterOrDigit`` says."""
    return (char.isalpha() or char.isdecimal()) and char <= "\uffff"


def is_net_digit(char: str) -> bool:
    """Return what ``char.IsDigit`` says (decimal digits of every script)."""
    return char.isdecimal() and char <= "\uffff"


def is_decimal(char: str) -> bool:
    """Return whether the character is one of 0 to 9."""
    return char in _DECIMAL


def is_variable_start(char: str) -> bool:
    """Return whether an unbraced variable name may begin with the character."""
    return is_letter_or_digit(char) or char in _VARIABLE_SIGNS


def is_identifier_start(char: str) -> bool:
    """Return whether an identifier or a label may begin with the character."""
    return is_letter(char) or char == "_"


def ends_token(char: str) -> bool:
    """Return whether the character never belongs to the word before it (NUL is the end of input)."""
    return _ENDS_TEST.match(char) is not None


def ends_number(char: str, *, ternary: bool) -> bool:
    """Return whether an operator may begin with the character right after a number."""
    if char < "\x80":
        return char in _AFTER_NUMBER or (ternary and char in "?:")
    return char in DASHES


def ends_assembly_token(char: str) -> bool:
    """Return whether a part of an assembly's name ends before the character."""
    return char in "\x00\r\n,=]" or is_whitespace(char)
