"""Registration keys: what a node must know to register, and which configurations it opens."""

from __future__ import annotations

import fnmatch
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from psnet._internal.registration_signature import matches
from psnet._internal.yaml import nearest
from psnet.dsc.server.store import now
from psnet.dsc.server.tables import keys
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr
    from sqlalchemy import RowMapping

    from psnet.dsc.server.seal import Sealer
    from psnet.dsc.server.store import Store

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}", re.ASCII)
_PATTERN = re.compile(r"[A-Za-z0-9_.*?-]{1,128}", re.ASCII)
_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class RegistrationKey:
    """A key without its secret. ``allow`` are patterns of configuration names; times are UTC."""

    id: str
    name: str
    allow: tuple[str, ...]
    created: str
    revoked: str | None
    used: str | None

    def allows_configuration(self, name: str) -> bool:
        """Say whether a node with this key may register for a configuration."""
        return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in self.allow)


class Keys:
    """The keys of one server: the database, and what opens them."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self.store = store
        self.sealer = sealer

    def add(self, name: str, secret: SecretStr, allow: Sequence[str] = ("*",)) -> RegistrationKey:
        """Remember a key under a name; raises InputError for a bad name, pattern or secret."""
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} is no name of a key", remedy="use letters, digits, _ . and -")
        bad = [pattern for pattern in allow if not _PATTERN.fullmatch(pattern)]
        if bad or not allow:
            raise InputError(f"{', '.join(bad) or 'nothing'} names no configurations", remedy="write web* or *")
        if len(secret.get_secret_value()) < _SHORTEST:
            raise InputError(f"a registration key has {_SHORTEST} characters or more", remedy="let psnet make one")
        made = RegistrationKey(secrets.token_hex(8), name, tuple(allow), now(), None, None)
        try:
            with self.store.engine.begin() as connection:
                connection.execute(
                    insert(keys).values(
                        id=made.id,
                        name=name,
                        sealed=self.sealer.seal(secret, made.id),
                        allow=json.dumps(list(allow)),
                        created=made.created,
                    )
                )
        except IntegrityError:
            raise InputError(f"there is a key {name} already", remedy="choose another name") from None
        return made

    def list(self) -> list[RegistrationKey]:
        """Return all keys, the oldest first."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.created, keys.c.id)).mappings().all()
        return [_key(row) for row in rows]

    def revoke(self, name: str) -> None:
        """Let a key open nothing any more; nodes that registered with it are no longer known."""
        with self.store.engine.begin() as connection:
            where = (keys.c.name == name) & (keys.c.revoked.is_(None))
            if connection.execute(update(keys).where(where).values(revoked=now())).rowcount:
                return
        near = nearest(name, [key.name for key in self.list() if key.revoked is None])
        raise InputError(f"there is no key {name} in use", remedy=f"did you mean {near}?" if near else None)

    def in_use(self, identifier: str) -> bool:
        """Say whether a key is there and not revoked."""
        with self.store.engine.connect() as connection:
            query = select(keys.c.id).where((keys.c.id == identifier) & keys.c.revoked.is_(None))
            return connection.execute(query).first() is not None

    def signer(self, body: bytes, date: str, signature: str) -> RegistrationKey | None:
        """Return the key in use that made a signature; every key is tried, whichever it is."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(keys).where(keys.c.revoked.is_(None))).mappings().all()
        found = None
        for row in rows:
            if matches(self.sealer.open(row["sealed"], row["id"]), body, date, signature):
                found = _key(row)
        if found is not None:
            with self.store.engine.begin() as connection:
                connection.execute(update(keys).where(keys.c.id == found.id).values(used=now()))
        return found


def _key(row: RowMapping) -> RegistrationKey:
    return RegistrationKey(
        row["id"], row["name"], tuple(json.loads(row["allow"])), row["created"], row["revoked"], row["used"]
    )
