"""The version of the journal's schema: a new journal has the newest, an older one is migrated when it is opened."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from psnet.errors import InputError
from psnet.journal.tables import runs

if TYPE_CHECKING:
    from sqlalchemy import Engine

HEAD: Final = "0004"
_BEFORE_VERSIONS: Final = "0001"
_KNOWN: Final = (_BEFORE_VERSIONS, "0002", "0003", HEAD)
_ONE_AT_A_TIME: Final = threading.Lock()  #: Alembic's context is one for the whole process
#: The table in which Alembic keeps the version, as it makes it itself.
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def version_of(engine: Engine) -> str | None:
    """Return the version that a database says of itself; None for a new one, and for one from before versions."""
    if not inspect(engine).has_table(_version.name):
        return None
    with engine.connect() as connection:
        return connection.execute(select(_version.c.version_num)).scalar()


def migrate(engine: Engine) -> None:
    """Bring the journal of a database to the newest version; the tables of a new one are made by others.

    Raises InputError for a journal that a newer psnet wrote.
    """
    found = version_of(engine)
    if found == HEAD:
        return
    if found is None:
        found = _BEFORE_VERSIONS if inspect(engine).has_table(runs.name) else HEAD
        found = _stamp(engine, found)
    if found not in _KNOWN:
        raise InputError(
            f"the journal has version {found} of its schema, this psnet knows up to {HEAD}",
            remedy="use the psnet that wrote it or a newer one, or set PSNET_JOURNAL to another place",
        )
    if found != HEAD:
        upgrade(engine)


def _stamp(engine: Engine, version: str) -> str:
    """Write the version of a database that says none; return the one that stands there then."""
    try:
        with engine.begin() as connection:
            connection.execute(CreateTable(_version, if_not_exists=True))
            connection.execute(_version.insert().values(version_num=version))
    except DatabaseError:
        stands = version_of(engine)
        if stands is None:
            raise
        return stands  # another process was quicker
    return version


def upgrade(engine: Engine) -> None:
    """Run the steps that lead to the newest version, each once."""
    from alembic import command  # noqa: PLC0415 - only an old journal needs it
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    try:
        with _ONE_AT_A_TIME, engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (CommandError, DatabaseError):
        if version_of(engine) != HEAD:
            raise  # else another process was quicker
