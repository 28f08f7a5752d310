"""Every run recorded as it happens: host by host and change by change, durable before the next step."""

from psnet.journal.record import Recorder
from psnet.journal.store import Journal, RunRecord, RunSummary, default_url, open_journal, open_journal_to_read

__all__ = [
    "Journal",
    "Recorder",
    "RunRecord",
    "RunSummary",
    "default_url",
    "open_journal",
    "open_journal_to_read",
]
