"""The pull server's tables (SQLAlchemy Core)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()
#: Registration keys. An HMAC is verified with the key itself, so it is sealed, not hashed (see seal.py).
keys = Table(
    "dsc_registration_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("allow", Text, nullable=False),  # JSON: patterns of configuration names
    Column("created", String(32), nullable=False),
    Column("revoked", String(32)),
    Column("used", String(32)),
)
#: Nodes. ``agent`` is the SHA-256 of the AgentId: who reads the database cannot speak as a node.
agents = Table(
    "dsc_agents",
    metadata,
    Column("agent", String(64), primary_key=True),
    Column("label", String(8), nullable=False),  # the AgentId's first eight digits, for people
    Column("node", String(255), nullable=False),
    Column("address", Text, nullable=False),
    Column("lcm_version", String(64), nullable=False),
    Column("names", Text, nullable=False),  # JSON: the configurations that the node registered for
    Column("key", String(16), nullable=False),
    Column("registered", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
    Column("action", String(32)),
)
#: What a node registered as: its configuration, module or report server, each with the key that it was signed with.
registrations = Table(
    "dsc_registrations",
    metadata,
    Column("agent", String(64), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("key", String(16), nullable=False),
    Column("names", Text, nullable=False),  # JSON: the configurations that this registration opens
    Column("registered", String(32), nullable=False),
    Column("thumbprint", String(128)),  # of the certificate that the node made for itself, as it says
)
reports = Table(
    "dsc_reports",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("agent", String(64), nullable=False),
    Column("job", String(36), nullable=False),
    Column("received", String(32), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("status", String(32)),
    Column("started", String(40)),
    Column("ended", String(40)),
    Column("reboot", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("agent", "job"),
    Index("dsc_reports_by_agent", "agent", "number"),
)
#: Signatures that were accepted, until they are too old to be accepted again.
signatures = Table(
    "dsc_signatures",
    metadata,
    Column("signature", String(64), primary_key=True),
    Column("until", Integer, nullable=False),
)
