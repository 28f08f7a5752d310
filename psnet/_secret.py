"""Where a secret comes from. Its value appears in no repr, log, plan, journal or command line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pydantic import SecretStr, model_validator

from psnet._model import Model
from psnet.errors import InventoryError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SecretSource(Model):
    """One place to read a secret from: an environment variable, or a file that only its owner may read."""

    env: str | None = None
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_plain_text(cls, data: object) -> object:
        if isinstance(data, str):
            raise ValueError("a password is not written here: use {env: NAME} or {file: PATH}")
        return data

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretSource:
        if (self.env is None) == (self.file is None):
            raise ValueError("give one of env and file")
        return self

    def read(self, folder: Path | None = None) -> SecretStr:
        """Return the secret; InventoryError says what is missing. Paths start at ``folder``."""
        if self.env is not None:
            value = os.environ.get(self.env)
            if value is None:
                raise InventoryError(
                    f"the environment variable {self.env} is not set", remedy="export it, or use {file: PATH}"
                )
            return SecretStr(value)
        path = (folder or Path()) / Path(self.file or "").expanduser()
        try:
            mode = path.stat().st_mode
            if os.name == "posix" and mode & _OTHERS:
                raise InventoryError(f"others may read the secret in {path}", remedy=f"run chmod 600 {path}")
            return SecretStr(path.read_text(encoding="utf-8").rstrip("\r\n"))
        except OSError as error:
            raise InventoryError(f"the secret file {path} cannot be read: {error.strerror}") from None
