"""Opening psnet's databases: SQLite by default, any SQLAlchemy URL."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from psnet._internal.output import make_folder
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import MetaData

#: What every database of SQLite begins with.
_SQLITE: Final = b"SQLite format 3\0"


def open_database(
    url: str, metadata: MetaData, *, what: str, remedy: str, migrate: Callable[[Engine], None] | None = None
) -> Engine:
    """Return an engine whose tables are there; SQLite's folder is made when it is new, for its owner only.

    ``what`` names the database in the error ("the journal"); ``migrate`` brings an older one up to date first.
    Raises InputError when it cannot be opened.
    """
    try:
        if url.startswith("sqlite:///"):
            file = Path(url.removeprefix("sqlite:///"))
            make_folder(file.parent)
            file.touch(mode=0o600)  # what it holds may be a site's details; SQLite's own files beside it do as this one
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
        if migrate is not None:
            migrate(engine)
        _make_tables(engine, metadata)
    except (SQLAlchemyError, OSError, ImportError) as error:
        shown = url.rsplit("@", maxsplit=1)[-1]
        raise InputError(f"{what} at {shown} cannot be opened: {str(error).splitlines()[0]}", remedy=remedy) from None
    except ValueError:  # a port that is no number; its text would repeat what may be a part of the password
        shown = url.rsplit("@", maxsplit=1)[-1]
        raise InputError(f"{what} at {shown} cannot be opened: that is no URL of a database", remedy=remedy) from None
    return engine


def open_to_read(url: str, table: str, *, what: str, remedy: str) -> Engine | None:
    """Return an engine for a database of SQLite that is there already, None where there is no file.

    Nothing is made, and nothing of the file is changed. Raises InputError when it is no database with this table.
    """
    path = Path(url.removeprefix("sqlite:///"))
    try:
        if not path.exists():
            return None
        with path.open("rb") as stream:
            begins = stream.read(len(_SQLITE))
        if begins != _SQLITE:
            why = "it is empty" if not begins else "it is no database"
            raise InputError(f"{path} is not {what}: {why}", remedy=remedy)
        # what is looked at alone is not locked, so that SQLite leaves no files of its own beside it
        alone = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
        with contextlib.closing(_connected(path, f"mode=ro{alone}")) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table])
            if found.fetchone() is None:
                raise InputError(f"{path} is not {what}: it holds something else", remedy=remedy)
        engine = create_engine("sqlite://", creator=lambda: _connected(path, "mode=rw"), poolclass=QueuePool)
        event.listen(engine, "connect", _reading)
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(f"{what} at {path} cannot be opened: {reason.lower()}", remedy=remedy) from None
    return engine


def _connected(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{how}", uri=True, check_same_thread=False)


def _make_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are missing; another process may be making them at the same moment."""
    for last in (False, True):
        try:
            with engine.begin() as connection:
                for table in metadata.sorted_tables:
                    connection.execute(CreateTable(table, if_not_exists=True))
                    for index in table.indexes:
                        connection.execute(CreateIndex(index, if_not_exists=True))
        except DatabaseError:  # PostgreSQL's IF NOT EXISTS loses this race by an error
            if last:
                raise
        else:
            return


def _reading(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in ("foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
