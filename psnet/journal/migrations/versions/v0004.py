"""What psnet doctor found on a host."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, unless another process has just done so."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("run_hosts")}
    if "findings" not in there:
        op.add_column("run_hosts", sa.Column("findings", sa.Text))
