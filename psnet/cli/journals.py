"""The journal that a command means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.journal import Journal


def journal_at(given: str | None) -> Journal:
    """Open the journal at a path or a URL, else the user's own."""
    from psnet.journal import open_journal

    return open_journal(_url(given))


def journal_to_read(given: str | None) -> Journal:
    """Open the journal at a path or a URL, else the user's own, where nothing is written to it: none is made."""
    from psnet.journal import open_journal_to_read

    return open_journal_to_read(_url(given))


def _url(given: str | None) -> str | None:
    return given if given is None or "://" in given else f"sqlite:///{Path(given).expanduser()}"
