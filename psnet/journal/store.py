"""Writing and reading the journal: SQLite in the user's state folder, or any SQLAlchemy URL."""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, insert, select, update

from psnet._database import open_database
from psnet.errors import InputError
from psnet.journal.tables import changes, hosts, metadata, runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.errors import PsnetError
    from psnet.fleet import HostResult
    from psnet.plan import Plan

#: Statuses of a host that need nothing more.
DONE: Final = frozenset({"unchanged", "changed"})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


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
    where = url or default_url()
    remedy = "set PSNET_JOURNAL to a path or to an SQLAlchemy URL"
    return Journal(open_database(where, metadata, what="the journal", remedy=remedy))


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

    def unfinished(self) -> tuple[str, ...]:
        """Return the hosts that are not known to be as declared."""
        return tuple(str(row["host"]) for row in self.hosts if row["status"] not in DONE)

    def counts(self) -> dict[str, int]:
        """Return how many hosts there are of each status."""
        found: dict[str, int] = {}
        for row in self.hosts:
            found[str(row["status"])] = found.get(str(row["status"]), 0) + 1
        return found


@dataclass(slots=True)
class Journal:
    """The journal; safe to write from any thread. Every method returns when what it wrote is durable."""

    engine: Engine
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(
        self, command: str, site: str, inventory: str, names: Sequence[str], options: Mapping[str, Any] | None = None
    ) -> str:
        """Record a run that begins, with every host that it is about; return its id."""
        identifier = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        with self._lock, self.engine.begin() as connection:
            connection.execute(
                insert(runs).values(
                    id=identifier,
                    command=command,
                    site=site,
                    inventory=inventory,
                    options=json.dumps(dict(options or {})),
                    started=_now(),
                    status="running",
                )
            )
            rows = [
                {"run_id": identifier, "host": name, "position": position, "status": "waiting"}
                for position, name in enumerate(names)
            ]
            if rows:
                connection.execute(insert(hosts), rows)
        return identifier

    def host(self, run: str, name: str, status: str, **values: Any) -> None:
        """Record how a host stands."""
        with self._lock, self.engine.begin() as connection:
            where = (hosts.c.run_id == run) & (hosts.c.host == name)
            connection.execute(update(hosts).where(where).values(status=status, **values))

    def began(self, run: str, name: str) -> None:
        """Record that a host is looked at."""
        self.host(run, name, "running", started=_now())

    def planned(self, run: str, name: str, plan: Plan) -> None:
        """Record what is about to be done to a host, before any of it is."""
        with self._lock, self.engine.begin() as connection:
            where = (hosts.c.run_id == run) & (hosts.c.host == name)
            connection.execute(update(hosts).where(where).values(status="applying", plan=plan.model_dump_json()))
            rows = [
                {
                    "run_id": run,
                    "host": name,
                    "change": change.id,
                    "kind": change.kind,
                    "name": change.name,
                    "operation": change.operation,
                    "status": "sent",
                }
                for change in plan.changes
            ]
            if rows:
                connection.execute(changes.delete().where((changes.c.run_id == run) & (changes.c.host == name)))
                connection.execute(insert(changes), rows)

    def finished(self, run: str, name: str, result: HostResult) -> None:
        """Record what became of a host and of each change."""
        status = "failed" if result.failed else "changed" if result.changed else "unchanged"
        with self._lock, self.engine.begin() as connection:
            connection.execute(changes.delete().where((changes.c.run_id == run) & (changes.c.host == name)))
            rows = [
                {
                    "run_id": run,
                    "host": name,
                    "change": outcome.id,
                    "kind": outcome.kind,
                    "name": outcome.name,
                    "operation": outcome.operation,
                    "status": outcome.status,
                    "error_id": outcome.error_id,
                    "message": outcome.message,
                }
                for outcome in result.outcomes
            ]
            if rows:
                connection.execute(insert(changes), rows)
            where = (hosts.c.run_id == run) & (hosts.c.host == name)
            plan = result.plan.model_dump_json()
            connection.execute(update(hosts).where(where).values(status=status, ended=_now(), plan=plan))

    def broke(self, run: str, name: str, error: PsnetError) -> None:
        """Record the error that a host ended with."""
        self.host(run, name, "error", ended=_now(), error=str(error))

    def end(self, run: str, status: str) -> None:
        """Record that a run is over: done, failed or interrupted."""
        with self._lock, self.engine.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(status=status, ended=_now()))

    def list(self, limit: int = 20) -> tuple[RunRecord, ...]:
        """Return the latest runs, the newest first."""
        with self.engine.connect() as connection:
            ids = connection.execute(select(runs.c.id).order_by(runs.c.started.desc(), runs.c.id.desc()).limit(limit))
            names = [row[0] for row in ids]
        return tuple(self.read(name) for name in names)

    def read(self, identifier: str) -> RunRecord:
        """Return a run by its id or the beginning of it; ``last`` is the newest. Raises InputError."""
        with self.engine.connect() as connection:
            query = select(runs).order_by(runs.c.started.desc(), runs.c.id.desc())
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
