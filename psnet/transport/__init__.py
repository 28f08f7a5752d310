"""Sessions with hosts; the only place with network I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.transport.output import ErrorText, Output, Session
from psnet.transport.settings import ConnectionSettings, settings_from_url

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ConnectionSettings", "ErrorText", "Output", "Session", "open_session", "settings_from_url"]


def open_session(settings: ConnectionSettings, host: str | None = None) -> Session:
    """Return a session; it connects with its first script. ``host`` is the name that errors say."""
    name = host or settings.address
    makers: dict[str, Callable[[ConnectionSettings, str], Session]] = {"psrp": _psrp, "winrm": _winrm}
    return makers[settings.transport](settings, name)


def _psrp(settings: ConnectionSettings, host: str) -> Session:
    from psnet.transport.psrp import PsrpSession  # noqa: PLC0415 - each library loads when it is used

    return PsrpSession(settings, host)


def _winrm(settings: ConnectionSettings, host: str) -> Session:
    from psnet.transport.winrm import WinrmSession  # noqa: PLC0415 - as above

    return WinrmSession(settings, host)
