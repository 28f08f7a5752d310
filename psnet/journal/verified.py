"""Digests of hosts whose last run found nothing to do, by which an unchanged host is recognised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, delete, insert, select, tuple_

from psnet.errors import InputError
from psnet.fleet import events
from psnet.fleet.converge import HostResult
from psnet.fleet.operations import ApplyOperation, PlanOperation
from psnet.journal.tables import verified
from psnet.planning import Compared, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from psnet.fleet.events import Event
    from psnet.inventories import InventoryHost
    from psnet.journal.store import Journal

_AT_ONCE: Final = 200  # keys in one statement; SQLite takes 32,766 variables


def connection_addresses(hosts: Iterable[InventoryHost]) -> dict[str, str]:
    """Return ``address:port`` by host name: two inventories may use one name for two machines."""
    return {
        host.name: f"{host.connection.get('address') or host.name}:{host.connection.get('port') or ''}"
        for host in hosts
    }


def known_states(operations: Mapping[str, Any]) -> dict[str, Compared]:
    """Return the digests that identify an unchanged host, by host name."""
    plans = {name: getattr(each, "known", None) for name, each in operations.items()}
    return {name: made.compared for name, made in plans.items() if made is not None and made.compared is not None}


def verified_rows(
    received: Sequence[Event], places: Mapping[str, str], known: Mapping[str, Compared]
) -> list[dict[str, str]]:
    """Return the rows for the hosts that have nothing left to do; one with its ``known`` digests has its row."""
    rows = []
    for event in received:
        if not isinstance(event, events.HostFinished) or event.failed or event.host not in places:
            continue
        value = event.value
        made = (value.left or value.plan) if isinstance(value, HostResult) else value
        if isinstance(made, Plan) and made.empty and made.compared not in (None, known.get(event.host)):
            place, wanted = places[event.host], made.compared.wanted
            rows.append({"host": event.host, "place": place, "wanted": wanted, "plan": made.model_dump_json()})
    return rows


def write_verified(connection: Connection, rows: Sequence[dict[str, str]]) -> None:
    """Write rows, each in the place of what was known of its host."""
    delete_verified(connection, [(row["host"], row["place"]) for row in rows])
    connection.execute(_KEEP, rows)


def delete_verified(connection: Connection, keys: Sequence[tuple[str, str]]) -> None:
    """Delete the digests of hosts that have pending changes."""
    if keys:
        connection.execute(_FORGET, [{"of_host": host, "of_place": place} for host, place in keys])


_KEEP: Final = insert(verified)
_FORGET: Final = delete(verified).where(
    and_(verified.c.host == bindparam("of_host"), verified.c.place == bindparam("of_place"))
)


def with_known_states(
    journal: Journal, hosts: Sequence[InventoryHost], operations: Mapping[str, Any]
) -> dict[str, Any]:
    """Return operations that carry the last plan of their host, so that an unchanged host need not send its state."""
    places = list(connection_addresses(hosts).items())
    known: dict[str, Plan] = {}
    with journal.engine.connect() as connection:
        for at in range(0, len(places), _AT_ONCE):
            where = tuple_(verified.c.host, verified.c.place).in_(places[at : at + _AT_ONCE])
            for host, text in connection.execute(select(verified.c.host, verified.c.plan).where(where)):
                try:
                    known[host] = Plan.model_validate_json(text)
                except (ValueError, InputError):  # of another psnet: the host sends its state
                    continue
    return {
        name: replace(each, known=known.get(name)) if isinstance(each, PlanOperation | ApplyOperation) else each
        for name, each in operations.items()
    }
