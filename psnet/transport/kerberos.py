"""Which way a Kerberos logon failed, by what libkrb5 says."""

from __future__ import annotations

import re
from typing import Final

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
