"""Sessions with hosts; the only place with network I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.transport.output import Output, Session
from psnet.transport.policy import Clock, RetryPolicy
from psnet.transport.records import ErrorRecord, InformationRecord, ProgressRecord, Record
from psnet.transport.settings import ConnectionSettings, settings_from_url
from psnet.transport.values import RemoteEnum, RemoteObject, Version

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Clock",
    "ConnectionSettings",
    "ErrorRecord",
    "InformationRecord",
    "Output",
    "ProgressRecord",
    "Record",
    "RemoteEnum",
    "RemoteObject",
    "RetryPolicy",
    "Session",
    "Version",
    "open_session",
    "settings_from_url",
]


def open_session(settings: ConnectionSettings, host: str | None = None, clock: Clock | None = None) -> Session:
    """Return a session; it connects with its first script. ``host`` is the name that errors say."""
    name = host or settings.address
    makers: dict[str, Callable[[ConnectionSettings, str, Clock | None], Session]] = {"psrp": _psrp, "winrm": _winrm}
    return makers[settings.transport](settings, name, clock)


def _psrp(settings: ConnectionSettings, host: str, clock: Clock | None) -> Session:
    from psnet.transport.psrp import PsrpSession  # noqa: PLC0415 - each library loads when it is used

    return PsrpSession(settings, host, clock)


def _winrm(settings: ConnectionSettings, host: str, clock: Clock | None) -> Session:
    from psnet.transport.winrm import WinrmSession  # noqa: PLC0415 - as above

    return WinrmSession(settings, host, clock)
