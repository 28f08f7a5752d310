"""What Alembic runs: the steps over the connection that ``psnet.journal.schema`` gives."""

from __future__ import annotations

from alembic import context

from psnet.journal.tables import metadata

if hasattr(context, "config"):  # Alembic runs this module; who only imports it gets nothing done
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
