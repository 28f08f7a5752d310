"""NTLM secrets, and keytabs, for pyspnego's acceptor.

The acceptor reads one file that the environment names (NTLM_USER_FILE), which is global to the process. Here
each distinct set of accounts has its own file of hashes in a private folder, and the environment points to it
only for the few microseconds of a handshake's step, under a lock; afterwards it is as it was.
"""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Final

from spnego._ntlm_raw.crypto import ntowfv1  # MD4 is not in hashlib; no public function gives the NT hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from psnet.lab.wire.api import Account

_VARIABLES: Final = ("NTLM_USER_FILE", "KRB5_KTNAME")
_ENVIRONMENT: Final = threading.Lock()
_NO_LM_HASH: Final = "0" * 32


def _lines(account: Account, computer: str) -> Iterator[str]:
    secret = ntowfv1(account.password).hex().upper()
    domains = [computer, "."] + ([account.domain] if account.domain else [])
    names = [account.user, *(f"{domain}\\{account.user}" for domain in domains)]
    names += [f"{account.user}@{domain}" for domain in domains if domain != "."]
    for name in names:
        yield f"{name}:1000:{_NO_LM_HASH}:{secret}:[U]:LCT-00000000"


class NtlmStore:
    """Files of NT hashes, one for each distinct set of accounts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[tuple[str, tuple[Account, ...]], Path] = {}

    def file(self, accounts: Sequence[Account], computer: str) -> Path:
        """Return the file that holds these accounts, written at first use."""
        key = (computer, tuple(accounts))
        found = self._files.get(key)
        if found is None:
            found = self._folder / f"users-{len(self._files)}"
            found.touch(mode=0o600)
            text = "\n".join(line for account in accounts for line in _lines(account, computer))
            found.write_text(text + "\n", encoding="utf-8")
            self._files[key] = found
        return found

    @contextlib.contextmanager
    def selected(self, users: Path, keytab: Path | None) -> Iterator[None]:
        """Let the acceptor read these files while the block runs; without a keytab it takes no Kerberos tickets."""
        with _ENVIRONMENT:
            before = {name: os.environ.get(name) for name in _VARIABLES}
            os.environ.update(zip(_VARIABLES, (str(users), str(keytab or self._folder / "no-keytab")), strict=True))
            try:
                yield
            finally:
                for name, value in before.items():
                    if value is None:
                        del os.environ[name]
                    else:
                        os.environ[name] = value
