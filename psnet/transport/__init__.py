"""Sessions with hosts; the only place with network I/O."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from psnet.errors import InputError
from psnet.transport.budget import Budget
from psnet.transport.output import Output, Session
from psnet.transport.policy import Clock, RetryPolicy
from psnet.transport.records import ErrorRecord, InformationRecord, ProgressRecord, Record
from psnet.transport.settings import ConnectionSettings, settings_from_url
from psnet.transport.values import RemoteEnum, RemoteObject, Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from psnet.transport.psrp.session import AsyncSession

__all__ = [
    "Budget",
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
    "connect",
    "open_session",
    "settings_from_url",
]


def open_session(settings: ConnectionSettings, host: str | None = None, clock: Clock | None = None) -> Session:
    """Return a session; it connects with its first script. ``host`` is the name that errors say."""
    makers: dict[str, Callable[[ConnectionSettings, str, Clock | None], Session]] = {
        "psrp": _psrp,
        "pypsrp": _pypsrp,
        "winrm": _winrm,
    }
    return makers[settings.transport](settings, host or settings.address, clock)


def connect(
    where: str | ConnectionSettings,
    *,
    password: str | SecretStr | None = None,
    host: str | None = None,
    clock: Clock | None = None,
) -> AsyncSession:
    """Return a session for an event loop, an asynchronous context manager; it connects with its first script.

    ``async with psnet.transport.connect("psrp://user@host") as session: await session.run(script)``

    ``where`` is a URL as for settings_from_url, or settings. Raises InputError for another transport
    than psrp.
    """
    from psnet.transport.psrp.session import AsyncSession  # noqa: PLC0415 - loads when it is used

    secret = password if password is not None else os.environ.get("PSNET_PASSWORD")
    settings = settings_from_url(where, password=secret) if isinstance(where, str) else where
    if settings.transport != "psrp":
        raise InputError(f"transport {settings.transport} has no asynchronous session", remedy="use transport psrp")
    return AsyncSession(settings, host or settings.address, clock)


def _psrp(settings: ConnectionSettings, host: str, clock: Clock | None) -> Session:
    from psnet.transport.psrp.session import PsrpSession  # noqa: PLC0415 - each transport loads when it is used

    return PsrpSession(settings, host, clock)


def _pypsrp(settings: ConnectionSettings, host: str, clock: Clock | None) -> Session:
    from psnet.transport.pypsrp_session import PypsrpSession  # noqa: PLC0415 - as above

    return PypsrpSession(settings, host, clock)


def _winrm(settings: ConnectionSettings, host: str, clock: Clock | None) -> Session:
    from psnet.transport.winrm_session import WinrmSession  # noqa: PLC0415 - as above

    return WinrmSession(settings, host, clock)
