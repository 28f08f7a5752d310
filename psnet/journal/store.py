"""Writing and reading the journal: SQLite in the user's state folder, or any SQLAlchemy URL."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, func, select

from psnet._internal.database import open_database, open_to_read
from psnet.errors import InputError
from psnet.journal.schema import HEAD, migrate, version_of
from psnet.journal.tables import changes, hosts, metadata, runs
from psnet.resources import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Statuses of a host that need nothing more.
DONE: Final = frozenset({"unchanged", "changed"})
_REMEDY: Final = "set PSNET_JOURNAL to a path or to an SQLAlchemy URL"


def default_url() -> str:
    """Return where the journal is: PSNET_JOURNAL (a URL or a path), else the user's state folder."""
    given = os.environ.get("PSNET_JOURNAL")
    if given:
        return given if "://" in given else f"sqlite:///{Path(given).expanduser()}"
    return f"sqlite:///{_state_folder() / 'journal.sqlite'}"


def _state_folder() -> Path:
    """Return the user's state folder: XDG_STATE_HOME, or what the system uses for it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "psnet"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "psnet"
    return Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "psnet"


def open_journal(url: str | None = None) -> Journal:
    """Open a journal, making it when it is new; raises InputError when that is not possible."""
    return Journal(open_database(url or default_url(), metadata, what="the journal", remedy=_REMEDY, migrate=migrate))


def open_journal_to_read(url: str | None = None) -> Journal:
    """Open a journal that nothing is written to: none is made, and where there is none there are no runs.

    One that an older psnet wrote is migrated. Raises InputError for a file that is no journal, which stays as it is.
    """
    where = url or default_url()
    if not where.startswith("sqlite:///"):
        return open_journal(where)
    engine = open_to_read(where, runs.name, what="a journal of psnet", remedy=_REMEDY)
    if engine is None:
        engine = open_database("sqlite://", metadata, what="the journal", remedy=_REMEDY)
    elif version_of(engine) != HEAD:
        engine.dispose()
        return open_journal(where)
    return Journal(engine)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the journal has it; ``hosts`` are its rows in order, ``changes`` by host."""

    run: Mapping[str, Any]
    hosts: tuple[Mapping[str, Any], ...]
    changes: Mapping[str, tuple[Mapping[str, Any], ...]]

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.run["id"])

    def findings(self, host: str) -> tuple[Finding, ...]:
        """Return what psnet doctor found on a host of the run; nothing of another command's."""
        row = next((row for row in self.hosts if row["host"] == host), {})
        return tuple(Finding.model_validate(item) for item in json.loads(row.get("findings") or "[]"))

    def unfinished(self) -> tuple[str, ...]:
        """Return the hosts that are not known to be as declared."""
        return tuple(str(row["host"]) for row in self.hosts if row["status"] not in DONE)

    def counts(self) -> dict[str, int]:
        """Return how many hosts there are of each status."""
        found: dict[str, int] = {}
        for row in self.hosts:
            found[str(row["status"])] = found.get(str(row["status"]), 0) + 1
        return found


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run in few words; ``hosts`` says how many there are of each status."""

    run: Mapping[str, Any]
    hosts: Mapping[str, int]

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.run["id"])

    def counts(self) -> dict[str, int]:
        """Return how many hosts there are of each status."""
        return dict(self.hosts)


@dataclass(frozen=True, slots=True)
class Journal:
    """Reads the journal; ``Recorder`` writes it."""

    engine: Engine

    def list(self, limit: int = 20, command: str | None = None, site: str | None = None) -> tuple[RunSummary, ...]:
        """Return the latest runs, the newest first; ``command`` and ``site`` keep only those of it."""
        with self.engine.connect() as connection:
            query = select(runs).order_by(runs.c.started.desc(), runs.c.id.desc()).limit(limit)
            if command is not None:
                query = query.where(runs.c.command == command)
            if site is not None:
                query = query.where(runs.c.site == site)
            found = [dict(row) for row in connection.execute(query).mappings()]
            counted = (
                select(hosts.c.run_id, hosts.c.status, func.count())
                .where(hosts.c.run_id.in_([row["id"] for row in found]))
                .group_by(hosts.c.run_id, hosts.c.status)
                .order_by(func.min(hosts.c.position))
            )
            counts: dict[str, dict[str, int]] = {}
            for run, status, number in connection.execute(counted):
                counts.setdefault(run, {})[status] = number
        return tuple(RunSummary(row, counts.get(row["id"], {})) for row in found)

    def read(self, identifier: str, command: str | None = None) -> RunRecord:
        """Return a run by its id or the beginning of it; ``last`` is the newest (of ``command``). Raises InputError."""
        with self.engine.connect() as connection:
            query = select(runs).order_by(runs.c.started.desc(), runs.c.id.desc())
            if command is not None:
                query = query.where(runs.c.command == command)
            if identifier != "last":
                query = query.where(runs.c.id.startswith(identifier, autoescape=True))
            found = connection.execute(query.limit(2)).mappings().all()
            if not found or (len(found) > 1 and identifier != "last" and found[0]["id"] != identifier):
                kind = "several runs begin" if found else "no run begins"
                raise InputError(f"{kind} with {identifier}", remedy="psnet runs list names them")
            run = dict(found[0])
            rows = connection.execute(select(hosts).where(hosts.c.run_id == run["id"]).order_by(hosts.c.position))
            made = connection.execute(select(changes).where(changes.c.run_id == run["id"]).order_by(changes.c.number))
            by_host: dict[str, list[dict[str, Any]]] = {}
            for row in made.mappings():
                by_host.setdefault(row["host"], []).append(dict(row))
            listed = tuple(dict(row) for row in rows.mappings())
        return RunRecord(run, listed, {name: tuple(items) for name, items in by_host.items()})
