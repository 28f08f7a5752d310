"""What Alembic runs: the steps over the connection that ``psnet.journal.schema`` gives."""

from __future__ import annotations

from alembic import context

from psnet.journal.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
