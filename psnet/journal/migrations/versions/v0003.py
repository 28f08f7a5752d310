"""The table of hosts that were as declared, by which an unchanged host is recognised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table unless it exists."""
    op.create_table(
        "verified_hosts",
        sa.Column("host", sa.String(255), primary_key=True),
        sa.Column("place", sa.String(255), primary_key=True),
        sa.Column("wanted", sa.String(64), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        if_not_exists=True,
    )
