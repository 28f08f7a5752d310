"""What each refusal says; worded by psnet, the ErrorId is the engine's."""

from __future__ import annotations

import re
from typing import Final

_SPOKEN: Final = {
    "UnexpectedToken": "unexpected token '{0}'",
    "ScriptTooComplicated": "the script is nested too deeply",
    "TerminatorExpectedAtEndOfString": "the string has no end: expected {0}",
    "InvalidEndOfLine": "'{0}' needs PowerShell 7",
    "MissingEndCurlyBrace": "this block or hashtable has no closing '}}'",
    "DuplicateKeyInHashLiteral": "the key '{0}' occurs twice in this hashtable",
    "DuplicateFormalParameter": "the parameter '{0}' occurs twice",
    "TypeNotFound": "unable to find the type [{0}]",
    "ReservedKeywordNotAllowed": "the word '{0}' is reserved",
    "InvalidSwitchFlag": "'-{0}' is no flag of switch",
    "BadNumericConstant": "'{0}' does not fit any number",
    "InvalidLeftHandSide": "nothing can be assigned to this expression",
    "ModuleNotFoundDuringParse": "could not find the module '{0}'",
}
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def message(error_id: str, *arguments: object) -> str:
    """Return a sentence for an ErrorId; where none is written down, the ErrorId's own words."""
    spoken = _SPOKEN.get(error_id)
    if spoken is not None:
        filled = [*map(str, arguments), "", ""]
        return spoken.format(*filled)
    words = _WORDS.sub(" ", error_id).lower()
    return words + (f" ({', '.join(map(str, arguments))})" if arguments else "")
