"""The journal's tables (SQLAlchemy Core). A change here needs a step in ``migrations/versions``."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()
runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("command", String(32), nullable=False),
    Column("site", Text, nullable=False),
    Column("inventory", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("started", String(32), nullable=False),
    Column("ended", String(32)),
    Column("status", String(16), nullable=False),
    Index("ix_runs_started", "started"),
)
hosts = Table(
    "run_hosts",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("host", String(255), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("started", String(32)),
    Column("ended", String(32)),
    Column("plan", Text),
    Column("error", Text),
    Column("findings", Text),  # what psnet doctor found, as JSON
)
verified = Table(
    "verified_hosts",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("place", String(255), primary_key=True),  # address and port: another inventory may have the same name
    Column("wanted", String(64), nullable=False),
    Column("plan", Text, nullable=False),
)
changes = Table(
    "run_changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("host", String(255), nullable=False),
    Column("change", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("operation", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("error_id", Text),
    Column("message", Text),
    UniqueConstraint("run_id", "host", "change"),
)
