"""Registration keys at rest, and the secrets that lie outside the database.

A node proves that it knows the registration key with an HMAC whose key is the registration key itself, so
the server has to know it too: a hash of it cannot verify anything. What the database holds is therefore the key
sealed with AES-256-GCM under a server key that lies in a file of its own, readable by its owner alone, and
bound to the row that it belongs to. The database without that file gives nothing away.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from psnet._internal.output import make_folder
from psnet._internal.secret import SecretSource
from psnet.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_NONCE = 12


class Sealer:
    """Seals and opens short texts under one server key."""

    def __init__(self, key: SecretStr) -> None:
        try:
            raw = bytes.fromhex(key.get_secret_value())
            self._cipher = AESGCM(raw)
        except ValueError:
            raise InputError(
                "the server key is not 64 hexadecimal digits", remedy="restore seal.key, or add the keys anew"
            ) from None

    def seal(self, secret: SecretStr, place: str) -> bytes:
        """Return nonce and ciphertext; ``place`` says which row it belongs to."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.get_secret_value().encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> SecretStr:
        """Return what was sealed for a place; InputError when it was sealed elsewhere or under another key."""
        try:
            return SecretStr(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode())
        except InvalidTag:
            raise InputError(
                "a registration key in the database was not sealed with this server key",
                remedy="use the seal.key that belongs to the database, or add the registration keys anew",
            ) from None


def new_secret() -> SecretStr:
    """Return 256 random bits as 64 hexadecimal digits."""
    return SecretStr(secrets.token_hex(32))


def write_secret(path: Path, secret: SecretStr) -> None:
    """Write a secret to a new file that only its owner may read; InputError when the file is there."""
    try:
        make_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(f"{path} exists; a secret is not overwritten", remedy="name another file") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secret.get_secret_value() + "\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def stored_secret(path: Path) -> SecretStr:
    """Return the secret in a file that only its owner may read, making it when it is not there."""
    if not path.exists():
        try:
            write_secret(path, new_secret())
        except InputError:
            if not path.exists():  # else another process was quicker
                raise
    return SecretSource(file=str(path)).read()
