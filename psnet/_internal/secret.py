"""Sources of secrets. A secret's value appears in no repr, log, plan, journal or command line."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from pydantic import Field, InstanceOf, SecretStr, model_validator
from pydantic.json_schema import SkipJsonSchema

from psnet._internal.model import Model
from psnet._internal.secret_files import read_secret_file
from psnet._internal.text_files import read_text
from psnet._internal.vault import Vaulted, decrypt, vault_password
from psnet.errors import InputError, InventoryError


class KeyringEntry(Model):
    """An entry of the system's keyring (extra ``psnet[keyring]``)."""

    service: str = Field(min_length=1)
    user: str = Field(min_length=1)


class SecretSource(Model):
    """One place to read a secret from.

    ``env`` is an environment variable, ``file`` a file that only its owner may read, ``keyring`` an entry of the
    system's keyring, ``vault`` a file that ansible-vault encrypted, ``prompt`` the text to ask with on the terminal; a
    value that ansible-vault encrypted stands in hosts.yaml itself, with the tag ``!vault``.
    """

    env: str | None = None
    file: str | None = None
    keyring: KeyringEntry | None = None
    vault: str | None = None
    prompt: str | None = Field(default=None, min_length=1)
    # What no file says has no place in the schema of one.
    vaulted: SkipJsonSchema[InstanceOf[Vaulted] | None] = Field(default=None, repr=False)
    given: SkipJsonSchema[SecretStr | None] = Field(default=None, repr=False, description="what was typed already")

    @model_validator(mode="before")
    @classmethod
    def _written(cls, data: object) -> object:
        if isinstance(data, Vaulted):
            return {"vaulted": data}
        if not isinstance(data, dict | cls):  # whatever it is: it is not repeated
            raise ValueError(
                "a password is not written here: use {env: NAME}, {file: PATH}, {keyring: {service: S, user: U}}, "
                "{vault: PATH}, {prompt: TEXT} or a value with the tag !vault"
            )
        if isinstance(data, dict) and {"given", "vaulted"} & set(data) and isinstance(data.get("given"), str):
            raise ValueError("a password is not written here")
        return data

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretSource:
        named = [name for name in ("env", "file", "keyring", "vault", "prompt", "vaulted") if getattr(self, name)]
        if len(named) != 1:
            raise ValueError("give one of env, file, keyring, vault and prompt")
        return self

    def relative_to(self, folder: Path) -> SecretSource:
        """Return the source with its file's path resolved against a folder."""
        for name in ("file", "vault"):
            path = getattr(self, name)
            if path is not None:
                return SecretSource.model_validate({name: str(folder / Path(path).expanduser())})
        return self

    def read(self, folder: Path | None = None) -> SecretStr:
        """Return the secret; InventoryError says what is missing. Paths start at ``folder``."""
        if self.given is not None:
            return self.given
        if self.env is not None:
            return _from_environment(self.env)
        if self.keyring is not None:
            return _from_keyring(self.keyring)
        if self.prompt is not None:
            return prompt_secret(self.prompt)
        if self.vaulted is not None:
            return self.vaulted.reveal(vault_password())
        path = (folder or Path()) / Path(self.file or self.vault or "").expanduser()
        if self.file is not None:
            return read_secret_file(path, "the secret file")
        try:
            text = read_text(path)
        except InputError as error:
            raise InventoryError(f"the vault cannot be read: {error.message}", remedy=error.remedy) from None
        return SecretStr(decrypt(text, vault_password(), str(path)).rstrip("\r\n"))


def can_prompt() -> bool:
    """Say whether there is a terminal to prompt on."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def prompt_secret(prompt: str) -> SecretStr:
    """Prompt on the terminal without echo; raises InventoryError when there is none."""
    if not can_prompt():
        raise InventoryError(
            f"{prompt!r} cannot be asked: there is no terminal",
            remedy="run it on a terminal, or use {env: NAME} or {keyring: ...} instead of {prompt: ...}",
        )
    try:
        return SecretStr(getpass.getpass(f"{prompt.rstrip(': ')}: ", stream=sys.stderr))
    except EOFError:
        raise InventoryError(f"{prompt!r} was not answered") from None


def _from_environment(name: str) -> SecretStr:
    value = os.environ.get(name)
    if value is None:
        raise InventoryError(f"the environment variable {name} is not set", remedy="export it, or use {file: PATH}")
    return SecretStr(value)


def _from_keyring(entry: KeyringEntry) -> SecretStr:
    try:
        import keyring  # noqa: PLC0415 - an extra, loaded when it is used
        from keyring.errors import KeyringError  # noqa: PLC0415 - as above
    except ImportError:
        raise InventoryError(
            "a password of the keyring needs keyring, which is not installed",
            remedy="run: pip install 'psnet[keyring]'",
        ) from None
    try:
        value = keyring.get_password(entry.service, entry.user)
    except KeyringError as error:
        raise InventoryError(f"the keyring cannot be read: {error}", remedy="unlock it, or use {env: NAME}") from None
    if value is None:
        raise InventoryError(
            f"the keyring has no password of {entry.user} for {entry.service}",
            remedy=f"run: keyring set {entry.service} {entry.user}",
        )
    return SecretStr(value)
