"""One module a version; a new one names the one before as ``down_revision``."""
