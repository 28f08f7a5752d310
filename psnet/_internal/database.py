"""Opening psnet's databases: SQLite by default, any SQLAlchemy URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import MetaData


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
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
