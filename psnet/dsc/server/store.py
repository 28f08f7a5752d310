"""The server's database of nodes and their reports. Registration keys are in keys.py."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from psnet._internal.database import open_database
from psnet.dsc.server.messages import merged
from psnet.dsc.server.tables import agents, metadata, registrations, reports, signatures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from psnet.dsc.server.messages import Registration, Report


def now() -> str:
    """Return the current time in UTC as ISO 8601 text with milliseconds, as the database stores it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def agent_hash(agent: str) -> str:
    """Return how an AgentId stands in the database."""
    return hashlib.sha256(agent.lower().encode()).hexdigest()


#: What a node registers as to read configurations.
CONFIGURATION = "ConfigurationRepository"


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration of a node: as what, signed with which key, and the configurations that it opens."""

    kind: str
    key: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """A registered node. ``names`` are the configurations that it may read, as it spelled them."""

    agent: str
    label: str
    node: str
    address: str
    lcm_version: str
    names: tuple[str, ...]
    key: str
    registered: str
    seen: str
    action: str | None
    registrations: tuple[Registered, ...] = ()

    def keys(self, *kinds: str) -> set[str]:
        """Return the ids of the keys with which the node registered as one of some kinds; as anything, without."""
        return {item.key for item in self.registrations if not kinds or item.kind in kinds}

    def may_read(self, name: str) -> bool:
        """Say whether the node registered for a configuration."""
        return name.lower() in {item.lower() for item in self.names}


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One report as it came, and when (UTC)."""

    job: str
    received: str
    body: dict[str, Any]


class Store:
    """Nodes, reports and used signatures; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()

    def register(self, agent: str, body: Registration, key: str) -> None:
        """Remember a node, and what it registered as; only as a configuration server's does it name what it reads."""
        known = self.agent(agent)
        about, information = body.agent_information, body.registration_information
        kind = information.registration_message_type
        names = body.configuration_names if kind == CONFIGURATION else ()
        others = [item for item in known.registrations if item.kind != kind] if known is not None else []
        made = [Registered(kind, key, names), *others]
        values = {
            "label": agent[:8],
            "node": about.node_name[:255],
            "address": about.ip_address,
            "lcm_version": about.lcm_version[:64],
            "names": json.dumps(next((item.names for item in made if item.kind == CONFIGURATION), ())),
            "key": key,
            "registered": now(),
            "seen": now(),
        }
        owner = agent_hash(agent)
        thumbprint = information.certificate_information.thumbprint
        with self._lock, self.engine.begin() as connection:
            for table in (agents, registrations):
                connection.execute(delete(table).where(table.c.agent == owner))
            connection.execute(insert(agents).values(agent=owner, **values))
            for item in made:
                row = {"kind": item.kind, "key": item.key, "names": json.dumps(item.names), "thumbprint": thumbprint}
                connection.execute(insert(registrations).values(agent=owner, registered=now(), **row))

    def rotate(self, agent: str, thumbprint: str | None) -> None:
        """Remember the certificate that a node says it has now."""
        with self._lock, self.engine.begin() as connection:
            where = registrations.c.agent == agent_hash(agent)
            connection.execute(update(registrations).where(where).values(thumbprint=thumbprint))

    def agent(self, agent: str) -> Agent | None:
        """Return a registered node by its AgentId."""
        with self.engine.connect() as connection:
            row = connection.execute(select(agents).where(agents.c.agent == agent_hash(agent))).mappings().first()
            where = registrations.c.agent == agent_hash(agent)
            each = connection.execute(select(registrations).where(where)).mappings().all()
        return None if row is None else _agent(row, each)

    def agents(self) -> list[Agent]:
        """Return all nodes, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(agents).order_by(agents.c.node, agents.c.agent)).mappings().all()
        return [_agent(row) for row in rows]

    def seen(self, agent: str, action: str | None = None) -> None:
        """Remember that a node asked, and what it was told to do."""
        values = {"seen": now(), **({"action": action} if action is not None else {})}
        with self._lock, self.engine.begin() as connection:
            connection.execute(update(agents).where(agents.c.agent == agent_hash(agent)).values(**values))

    def save_report(self, agent: str, report: Report, body: str, *, keep: int) -> None:
        """Keep a report, together with an earlier one of the same job. The oldest beyond ``keep`` go."""
        owner = agent_hash(agent)
        where = (reports.c.agent == owner) & (reports.c.job == report.job_id.lower())
        with self._lock, self.engine.begin() as connection:
            before = connection.execute(select(reports.c.body).where(where)).scalar()
            if before is not None:
                body = json.dumps(merged(json.loads(before), json.loads(body)))
                report = type(report).model_validate_json(body)
            values = {
                "received": now(),
                "operation": report.operation_type[:64],
                "status": report.status[:32] if report.status else None,
                "started": report.start_time,
                "ended": report.end_time,
                "reboot": report.reboot,
                "body": body,
            }
            connection.execute(delete(reports).where(where))
            connection.execute(insert(reports).values(agent=owner, job=report.job_id.lower(), **values))
            numbers = select(reports.c.number).where(reports.c.agent == owner).order_by(reports.c.number.desc())
            oldest = connection.execute(numbers.offset(keep - 1).limit(1)).scalar()
            if oldest is not None:
                connection.execute(delete(reports).where((reports.c.agent == owner) & (reports.c.number < oldest)))

    def reports(self, agent: str, job: str | None = None) -> list[StoredReport]:
        """Return a node's reports, the newest first; one job's alone when it is given."""
        query = select(reports).where(reports.c.agent == agent_hash(agent)).order_by(reports.c.number.desc())
        if job is not None:
            query = query.where(reports.c.job == job.lower())
        with self.engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [_report(row) for row in rows]

    def last_reports(self) -> dict[str, StoredReport]:
        """Return each node's newest report, by the hash of its AgentId."""
        newest = select(func.max(reports.c.number)).group_by(reports.c.agent).scalar_subquery()
        with self.engine.connect() as connection:
            rows = connection.execute(select(reports).where(reports.c.number.in_(newest))).mappings().all()
        return {row["agent"]: _report(row) for row in rows}

    def first_use(self, signature: str, until: float) -> bool:
        """Say whether a signature is used for the first time, and remember it until it is too old anyway."""
        row = {"signature": hashlib.sha256(signature.encode()).hexdigest(), "until": int(until) + 1}
        try:
            with self._lock, self.engine.begin() as connection:
                passed = signatures.c.until < dt.datetime.now(dt.UTC).timestamp()
                connection.execute(delete(signatures).where(passed))
                connection.execute(insert(signatures).values(**row))
        except IntegrityError:
            return False
        return True


def open_store(url: str) -> Store:
    """Open the server's database, making it when it is new; InputError when that is not possible."""
    remedy = "give --db an SQLAlchemy URL such as sqlite:////var/lib/psnet/dsc.sqlite"
    return Store(open_database(url, metadata, what="the database", remedy=remedy))


def _agent(row: RowMapping, each: Sequence[RowMapping] = ()) -> Agent:
    names = tuple(json.loads(row["names"]))
    made = tuple(Registered(item["kind"], item["key"], tuple(json.loads(item["names"]))) for item in each)
    # A node of a database from before registrations were told apart: what it has, it has as a reader of configurations.
    return Agent(**{**row, "names": names}, registrations=made or (Registered(CONFIGURATION, row["key"], names),))


def _report(row: RowMapping) -> StoredReport:
    return StoredReport(row["job"], row["received"], json.loads(row["body"]))
