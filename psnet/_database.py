"""Opening psnet's databases: SQLite by default, any SQLAlchemy URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from psnet.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def open_database(url: str, metadata: MetaData, *, what: str, remedy: str) -> Engine:
    """Return an engine whose tables are there; SQLite's folder is made when it is new, for its owner only.

    ``what`` names the database in the error ("the journal"). Raises InputError when it cannot be opened.
    """
    try:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
        try:
            metadata.create_all(engine)
        except DatabaseError:  # another process made the tables at the same moment
            metadata.create_all(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:
        shown = url.rsplit("@", maxsplit=1)[-1]
        raise InputError(f"{what} at {shown} cannot be opened: {str(error).splitlines()[0]}", remedy=remedy) from None
    return engine


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
