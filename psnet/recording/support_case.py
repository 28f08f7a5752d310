"""Texts of a host for a support case: secrets, product keys and people are taken out, the rest stays as it is.

Unlike a recording, which anybody may read, it keeps addresses, MAC addresses, names and ids of the network: a case is
about them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS: Final = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key"
    r"|shared[_-]?access[_-]?signature|(?<![A-Za-z])sas(?![A-Za-z])|authorization|cookie|psk|pre[_-]?shared[_-]?key|community"
)
_USER: Final = r"((?:\\\\?|/)Users(?:\\\\?|/))(?!Public\b|Default\b|All Users\b)[^\\/\s\"':*?<>|]+"
_NAMED: Final = r"((?:\"?(?:User(?:Name|Id)?|Owner|Account(?:Name)?|SubjectUserName)\"?)\s*[:=]\s*\"?)"
_PRIVATE: Final = r"()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
_KEYED: Final = rf'("(?:[\w-]*(?:{_WORDS})[\w-]*)"\s*:\s*)"(?:[^"\\]|\\.)*"'
#: What is taken out, as (kind, expression, what stands there instead); the first group is kept.
_RULES: Final = (
    ("private keys", _PRIVATE, "key"),
    ("product keys", r"()(?<![A-Z0-9-])[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}(?![A-Z0-9-])", "product-key"),
    ("tokens", r"()(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*", "token"),
    ("tokens", r"((?:Bearer|Basic|Negotiate|NTLM)\s+)[A-Za-z0-9+/=_.-]{12,}", "token"),
    ("secrets", _KEYED, '"secret"'),
    ("secrets", rf"(\b[\w-]*(?:{_WORDS})\s*[=:]\s*)(?![\"{{\[\s<])[^\s\"';,&]+", "secret"),
    ("secrets", rf"(--?(?:[\w-]*(?:{_WORDS}))[\s=]+)[^\s\"'<-][^\s\"']*", "secret"),
    ("secrets", r"(\b[a-z][a-z0-9+.-]*://[^\s/:@\"']+:)[^\s/@\"'<]+(?=@)", "secret"),
    ("user names", _USER, "user"),
    ("user names", r"()\bS-1-5-21(?:-\d+){3,4}", "account"),
    ("user names", _NAMED + r"[A-Za-z0-9_.-]+\\\\?[^\s\"',;]+", "user"),
    ("mail addresses", r"()(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "mail"),
)
_COMPILED: Final = tuple((kind, re.compile(text, re.IGNORECASE), word) for kind, text, word in _RULES)
#: Product keys are written in capitals; in small letters the shape is a word's.
_KEYS: Final = re.compile(_RULES[1][1])


def without_secrets(text: str) -> tuple[str, Counter[str]]:
    """Return a text without secrets, product keys and people, and how many of each kind were taken out."""
    counts: Counter[str] = Counter()
    for kind, expression, word in _COMPILED:
        using = _KEYS if kind == "product keys" else expression
        text = using.sub(_replacing(kind, word, counts), text)
    return text, counts


def _replacing(kind: str, word: str, counts: Counter[str]) -> Callable[[re.Match[str]], str]:
    def stand_in(found: re.Match[str]) -> str:
        counts[kind] += 1
        quoted = word.startswith('"')
        return f'{found[1]}"<{word[1:-1]}>"' if quoted else f"{found[1]}<{word}>"

    return stand_in
