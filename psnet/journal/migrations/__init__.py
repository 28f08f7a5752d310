"""The steps from each version of the journal's schema to the next (Alembic)."""
