"""A run's events into the journal: what is received together is written together, in bulk, and is durable then."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from psnet.errors import JournalError
from psnet.fleet import events
from psnet.fleet.operations import ExaminedHost
from psnet.journal.tables import changes, hosts, runs
from psnet.journal.verified import delete_verified, verified_rows, write_verified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Update

    from psnet.fleet.events import Event
    from psnet.journal.store import Journal
    from psnet.planning import Compared

_OF_HOST = (hosts.c.run_id == bindparam("of_run")) & (hosts.c.host == bindparam("of_host"))
_PENDING = changes.delete().where(
    (changes.c.run_id == bindparam("of_run"))
    & (changes.c.host == bindparam("of_host"))
    & ((changes.c.status == "sent") | (changes.c.status == "planned"))  # one by one: "in" is not for many rows
)
_OfHost = events.HostBegan | events.HostPlanned | events.HostFinished | events.HostFailed | events.HostNotBegun
_KEY = ("run_id", "host", "change")


@dataclass(frozen=True, slots=True)
class Recorder:
    """The listener that writes to a journal; raises JournalError when that is not possible.

    ``places`` say where each host of the run is reached, so that an unchanged one is recognised the next time;
    ``known`` are the digests by which hosts are recognised in this run (``known_states``), which are not written again.
    """

    journal: Journal
    places: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Compared] = field(default_factory=dict, repr=False)
    _named: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)  # hosts that are rows, by run
    _forgotten: set[str] = field(default_factory=set, repr=False, compare=False)  # hosts whose digests went

    def handle(self, received: Sequence[Event]) -> None:
        """Write events in one transaction."""
        try:
            with self.journal.engine.begin() as connection:
                _write(connection, received, self)
        except SQLAlchemyError as error:
            raise JournalError(
                f"the journal cannot be written: {str(error).splitlines()[0]}",
                step="recording",
                remedy="mend it, then psnet runs resume: hosts that were not recorded were not changed",
            ) from error


def _write(connection: Connection, received: Sequence[Event], recorder: Recorder) -> None:
    """Write events, those of one kind together: of a host's states the last counts, its plan comes before outcomes."""
    named = recorder._named  # noqa: SLF001 - its own
    states: dict[tuple[str, str], dict[str, Any]] = {}
    plans: dict[tuple[str, str], events.HostPlanned] = {}
    done: dict[tuple[str, str, str], events.ChangeDone] = {}
    ended: list[events.RunEnded] = []
    for event in received:
        if isinstance(event, events.RunBegan):
            _begin(connection, event)
            named[event.run] = set(event.hosts)
        elif isinstance(event, events.HostPlanned):
            plans[event.run, event.host] = event
        elif isinstance(event, events.ChangeDone):
            done[event.run, event.host, event.change.id] = event
        elif isinstance(event, events.RunEnded):
            ended.append(event)
        if isinstance(event, _OfHost) and (values := _state(event)) is not None:
            states.setdefault((event.run, event.host), {}).update(values)
    _join(connection, [event for event in received if isinstance(event, events.HostBegan)], named)
    _states(connection, states)
    _planned(connection, list(plans.values()))
    _changed(connection, list(done.values()))
    _verified(connection, received, {name for _, name in plans}, recorder)
    for last in ended:
        where = runs.c.id == last.run
        connection.execute(update(runs).where(where).values(status=last.status, ended=last.time))


def _verified(connection: Connection, received: Sequence[Event], planned: set[str], recorder: Recorder) -> None:
    """Forget the digests of hosts on which something is to be done; keep those of hosts with nothing left to do."""
    places, forgotten, known = recorder.places, recorder._forgotten, recorder.known  # noqa: SLF001 - its own
    if changed := {name for name in planned if name in places}:
        delete_verified(connection, [(name, places[name]) for name in sorted(changed)])
        forgotten.update(changed)
    if forgotten:
        known = {name: item for name, item in known.items() if name not in forgotten}
    if rows := verified_rows(received, places, known):
        write_verified(connection, rows)


def _state(event: Event) -> dict[str, Any] | None:
    """Return what an event says of its host, as columns."""
    if isinstance(event, events.HostBegan):
        return {"status": "running", "started": event.time}
    if isinstance(event, events.HostPlanned):
        values = {"plan": event.document} if event.document is not None else {}
        return {"status": "applying" if event.sent else "running", **values}
    if isinstance(event, events.HostFinished):
        return {"status": event.status, "ended": event.time, **_findings(event.value)}
    if isinstance(event, events.HostFailed):
        text = str(event.exception) if event.exception is not None else event.error.message
        return {"status": "error", "ended": event.time, "error": text}
    return {"status": "not begun", "error": event.reason} if isinstance(event, events.HostNotBegun) else None


def _findings(value: Any) -> dict[str, str]:
    """Return what an examination found, as a column; nothing of another operation's result."""
    if not isinstance(value, ExaminedHost):
        return {}
    return {"findings": json.dumps([item.model_dump(mode="json") for item in value.findings])}


def _states(connection: Connection, states: Mapping[tuple[str, str], dict[str, Any]]) -> None:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for (run, host), values in states.items():
        alike.setdefault(tuple(sorted(values)), []).append({"of_run": run, "of_host": host, **values})
    for names, rows in alike.items():
        connection.execute(_update(names), rows)


@lru_cache(maxsize=32)
def _update(names: tuple[str, ...]) -> Update:
    """Return the statement that sets columns of a host: made once, for making one takes longer than carrying it out."""
    return update(hosts).where(_OF_HOST).values({name: bindparam(name) for name in names})


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


def _join(connection: Connection, begun: Sequence[events.HostBegan], named: dict[str, set[str]]) -> None:
    """Add hosts that a run comes to and that were not named when it began, as a play's are not."""
    for run in dict.fromkeys(event.run for event in begun):
        if run not in named:
            named[run] = set(connection.execute(select(hosts.c.host).where(hosts.c.run_id == run)).scalars())
        known = named[run]
        new = dict.fromkeys(event.host for event in begun if event.run == run and event.host not in known)
        rows = [
            {"run_id": run, "host": name, "position": len(known) + position, "status": "waiting"}
            for position, name in enumerate(new)
        ]
        if rows:
            connection.execute(insert(hosts), rows)
            known.update(new)


def _planned(connection: Connection, plans: Sequence[events.HostPlanned]) -> None:
    """Write plans; a second one of a host replaces what of the first was never reported on."""
    if not plans:
        return
    connection.execute(_PENDING, [{"of_run": event.run, "of_host": event.host} for event in plans])
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
        for event in plans
        for step in event.changes
    ]
    if rows:
        connection.execute(_insert(connection).on_conflict_do_nothing(index_elements=_KEY), rows)


def _changed(connection: Connection, done: Sequence[events.ChangeDone]) -> None:
    if not done:
        return
    rows = [
        {
            "run_id": event.run,
            "host": event.host,
            "change": outcome.id,
            "kind": outcome.kind,
            "name": outcome.name,
            "operation": outcome.operation,
            "status": outcome.status,
            "error_id": outcome.error_id,
            "message": outcome.message,
        }
        for event in done
        for outcome in (event.change,)
    ]
    adding = _insert(connection)
    said = {name: getattr(adding.excluded, name) for name in ("status", "error_id", "message")}
    connection.execute(adding.on_conflict_do_update(index_elements=_KEY, set_=said), rows)


def _insert(connection: Connection) -> Any:
    """Return an insert into the changes that knows what to do with a row that is there already."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(changes)
