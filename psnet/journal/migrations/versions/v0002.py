"""An index for what ``psnet runs list`` sorts by."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the index unless another process has created it."""
    op.create_index("ix_runs_started", "runs", ["started"], if_not_exists=True)
