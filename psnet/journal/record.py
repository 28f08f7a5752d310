"""A run's events into the journal: what is heard together is written together, and is durable then."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update
from sqlalchemy.exc import SQLAlchemyError

from psnet.errors import JournalError
from psnet.fleet import events
from psnet.journal.tables import changes, hosts, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from psnet.fleet.events import Event
    from psnet.journal.store import Journal


@dataclass(frozen=True, slots=True)
class Recorder:
    """The listener that writes to a journal; raises JournalError when that is not possible."""

    journal: Journal

    def hear(self, heard: Sequence[Event]) -> None:
        """Write events in one transaction."""
        try:
            with self.journal.engine.begin() as connection:
                for event in heard:
                    _record(connection, event)
        except SQLAlchemyError as error:
            raise JournalError(
                f"the journal cannot be written: {str(error).splitlines()[0]}",
                step="recording",
                remedy="mend it, then psnet runs resume: hosts that were not recorded were not changed",
            ) from error


def _record(connection: Connection, event: Event) -> None:
    if isinstance(event, events.RunBegan):
        _begin(connection, event)
    elif isinstance(event, events.HostBegan):
        _host(connection, event, status="running", started=event.time)
    elif isinstance(event, events.HostPlanned):
        _planned(connection, event)
    elif isinstance(event, events.ChangeDone):
        _changed(connection, event)
    elif isinstance(event, events.HostFinished):
        _host(connection, event, status=event.status, ended=event.time)
    elif isinstance(event, events.HostFailed):
        text = str(event.exception) if event.exception is not None else event.error.message
        _host(connection, event, status="error", ended=event.time, error=text)
    elif isinstance(event, events.HostNotBegun):
        _host(connection, event, status="not begun", error=event.reason)
    elif isinstance(event, events.RunEnded):
        where = runs.c.id == event.run
        connection.execute(update(runs).where(where).values(status=event.status, ended=event.time))


def _begin(connection: Connection, event: events.RunBegan) -> None:
    connection.execute(
        insert(runs).values(
            id=event.run,
            command=event.command,
            site=event.site or "",
            inventory=event.inventory or "",
            options=json.dumps(event.options),
            started=event.time,
            status="running",
        )
    )
    rows = [
        {
            "run_id": event.run,
            "host": name,
            "position": position,
            "status": "waiting",
            "plan": event.documents.get(name),
        }
        for position, name in enumerate(event.hosts)
    ]
    if rows:
        connection.execute(insert(hosts), rows)


def _host(connection: Connection, event: Any, **values: Any) -> None:
    where = (hosts.c.run_id == event.run) & (hosts.c.host == event.host)
    connection.execute(update(hosts).where(where).values(**values))


def _planned(connection: Connection, event: events.HostPlanned) -> None:
    """Write a plan; a second one of the host replaces what of the first was never reported on."""
    values = {"plan": event.document} if event.document is not None else {}
    _host(connection, event, status="applying" if event.sent else "running", **values)
    of_host = (changes.c.run_id == event.run) & (changes.c.host == event.host)
    connection.execute(changes.delete().where(of_host & changes.c.status.in_(("sent", "planned"))))
    known = set(connection.execute(changes.select().with_only_columns(changes.c.change).where(of_host)).scalars())
    rows = [
        {
            "run_id": event.run,
            "host": event.host,
            "change": step.id,
            "kind": step.kind,
            "name": step.name,
            "operation": step.operation,
            "status": "sent" if event.sent else "planned",
        }
        for step in event.changes
        if step.id not in known
    ]
    if rows:
        connection.execute(insert(changes), rows)


def _changed(connection: Connection, event: events.ChangeDone) -> None:
    outcome = event.change
    where = (changes.c.run_id == event.run) & (changes.c.host == event.host) & (changes.c.change == outcome.id)
    said = {"status": outcome.status, "error_id": outcome.error_id, "message": outcome.message}
    if connection.execute(update(changes).where(where).values(**said)).rowcount == 0:
        named = {"kind": outcome.kind, "name": outcome.name, "operation": outcome.operation}
        row = {"run_id": event.run, "host": event.host, "change": outcome.id, **named, **said}
        connection.execute(insert(changes).values(**row))
