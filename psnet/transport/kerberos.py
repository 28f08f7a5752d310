"""Kerberos: which way a logon failed, by what libkrb5 says, and when the ticket of a connection is at its end."""

from __future__ import annotations

import re
from typing import Any, Final

# What libkrb5 says (krb5_err.et, kdc5_err.et and lib/krb5/krb), in lower case; GSSAPI puts it behind "Minor code".
_KERBEROS: Final = {
    "kerberos-clock": ("clock skew too great",),
    "kerberos-spn": ("server .*not found in kerberos database", "server principal unknown"),
    "kerberos-kdc": ("cannot contact any kdc", "cannot find kdc", "cannot resolve network address for kdc"),
    "kerberos-password": (
        *("preauthentication failed", "password incorrect", "decrypt integrity check failed", "password has expired"),
        *("client .*not found in kerberos database", "client's entry in database has expired", "credentials have been"),
        *("no suitable keys", "key table entry not found"),
    ),
    "kerberos-forwarding": ("can't fulfill requested option", "not forwardable", "forwardable"),
    "kerberos-ticket": (
        *("no kerberos credentials available", "no credentials cache found", "credentials cache file", "is empty"),
        *("ticket expired", "context has expired", "matching credential not found", "no credentials were supplied"),
    ),
}


def kerberos_cause(said: str) -> str:
    """Return which way a Kerberos logon failed, ``logon`` when it is none of those known."""
    text = said.lower()
    return next((cause for cause, words in _KERBEROS.items() if any(re.search(word, text) for word in words)), "logon")


class TicketClock:
    """Knows when the ticket that protects a connection's messages is near its end, so that a new one is got in time.

    libkrb5 reads no message once the ticket has ended, also when it was sent before; by then it may have done its work.
    """

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._context: Any = None
        self._whole = 0.0

    def ends(self, context: Any) -> bool:
        """Say whether a context of pyspnego's has no more than the margin left, or a quarter of a short time."""
        left = _seconds_left(context)
        if left is None:
            return False
        if context is not self._context:
            self._context, self._whole = context, left
        return left <= min(self._margin, self._whole / 4)


def _seconds_left(context: Any) -> float | None:
    """Return how long a context lives; None for what has no end: NTLM, or a provider that does not tell."""
    inner, depth = context, 0
    while inner is not None and depth < 4:  # noqa: PLR2004 - CredSSP holds Negotiate, that Kerberos, that GSSAPI's
        try:
            left = getattr(inner, "lifetime", None)
        except Exception:  # noqa: BLE001 - each provider has errors of its own; GSSAPI raises for one that has ended
            return 0.0
        if isinstance(left, int):
            return float(left)
        inner, depth = getattr(inner, "_context", None), depth + 1
    return None
