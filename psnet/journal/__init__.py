"""Every run recorded as it happens: host by host and change by change, durable before the next step."""

from psnet.journal.store import Journal, RunRecord, default_url, open_journal

__all__ = ["Journal", "RunRecord", "default_url", "open_journal"]
