"""Ansible Vault: texts encrypted with a password, read without Ansible (format 1.1 and 1.2, AES256).

Format: a header line, then hexadecimal of three lines, each hexadecimal again: salt, HMAC-SHA256, ciphertext. The
password makes 80 bytes by PBKDF2-HMAC-SHA256 (10,000 rounds): the AES-256-CTR key, the HMAC's, the counter's start.
"""

from __future__ import annotations

import binascii
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from pydantic import SecretStr

from psnet._internal.secret_files import read_secret_file
from psnet.errors import InventoryError

_HEADER: Final = "$ANSIBLE_VAULT;"
_ROUNDS: Final = 10_000
_KEY, _IV, _BLOCK = 32, 16, 128


class Vaulted:
    """An encrypted value of an inventory: read only to connect, never shown and never a part of a site."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self.where = where

    def __repr__(self) -> str:
        return "Vaulted('***')"

    def __str__(self) -> str:
        raise ValueError(f"{self.where} is vaulted: a secret does not belong in a site, where plans would show it")

    @property
    def ciphertext(self) -> str:
        """The value as it is written: encrypted."""
        return self._text

    def reveal(self, password: SecretStr | None) -> SecretStr:
        """Return the value; InventoryError says why not."""
        return SecretStr(decrypt(self._text, password, self.where))


def is_vaulted(text: str) -> bool:
    """Say whether a text is a vault."""
    return text.lstrip().startswith(_HEADER)


def decrypt(text: str, password: SecretStr | None, where: str) -> str:
    """Return what a vault holds; InventoryError for no password, a wrong one, or what is no vault."""
    if password is None:
        raise InventoryError(
            f"{where} is vaulted and there is no vault password",
            remedy="set PSNET_VAULT_PASSWORD, or PSNET_VAULT_PASSWORD_FILE (ANSIBLE_VAULT_PASSWORD_FILE counts too)",
        )
    lines = text.strip().splitlines()
    header = lines[0].strip().split(";")
    if header[0] != "$ANSIBLE_VAULT" or header[1] not in ("1.1", "1.2") or header[2] != "AES256":
        raise InventoryError(f"{where} is no vault of a known form: {lines[0].strip()[:60]}")
    try:
        salt, digest, secret = (
            binascii.unhexlify(part)
            for part in binascii.unhexlify("".join(line.strip() for line in lines[1:])).split(b"\n")
        )
    except (ValueError, binascii.Error):
        raise InventoryError(
            f"{where} is a damaged vault", remedy="restore the file: it is cut off or edited"
        ) from None
    material = PBKDF2HMAC(hashes.SHA256(), 2 * _KEY + _IV, salt, _ROUNDS).derive(password.get_secret_value().encode())
    check = hmac.HMAC(material[_KEY : 2 * _KEY], hashes.SHA256())
    check.update(secret)
    try:
        check.verify(digest)
    except InvalidSignature:
        raise InventoryError(
            f"the vault password does not open {where}", remedy="give the password of this vault"
        ) from None
    cipher = Cipher(algorithms.AES(material[:_KEY]), modes.CTR(material[2 * _KEY :])).decryptor()
    unpadder = padding.PKCS7(_BLOCK).unpadder()
    plain = unpadder.update(cipher.update(secret) + cipher.finalize()) + unpadder.finalize()
    return plain.decode("utf-8")


def encrypt(text: str, password: SecretStr) -> str:
    """Return a text as a vault of format 1.1."""
    salt = os.urandom(_KEY)
    material = PBKDF2HMAC(hashes.SHA256(), 2 * _KEY + _IV, salt, _ROUNDS).derive(password.get_secret_value().encode())
    padder = padding.PKCS7(_BLOCK).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    cipher = Cipher(algorithms.AES(material[:_KEY]), modes.CTR(material[2 * _KEY :])).encryptor()
    secret = cipher.update(padded) + cipher.finalize()
    check = hmac.HMAC(material[_KEY : 2 * _KEY], hashes.SHA256())
    check.update(secret)
    inner = b"\n".join(binascii.hexlify(part) for part in (salt, check.finalize(), secret))
    body = binascii.hexlify(inner).decode()
    return "\n".join(["$ANSIBLE_VAULT;1.1;AES256", *(body[at : at + 80] for at in range(0, len(body), 80))]) + "\n"


def vault_password() -> SecretStr | None:
    """Return the password that the environment names, None when it names none."""
    given = os.environ.get("PSNET_VAULT_PASSWORD")
    if given is not None:
        return SecretStr(given)
    for name in ("PSNET_VAULT_PASSWORD_FILE", "ANSIBLE_VAULT_PASSWORD_FILE"):
        if os.environ.get(name):
            return read_secret_file(Path(os.environ[name]).expanduser(), "the vault password file")
    return None
