"""Classify the errors of pypsrp, pywinrm and requests for failures.py."""

from __future__ import annotations

import errno
import http.client
import re
from typing import TYPE_CHECKING, Any, Final

import pypsrp.exceptions
import requests
import urllib3.exceptions
import winrm.exceptions
from winrm.vendor.requests_kerberos.exceptions import KerberosExchangeError

from psnet.transport.kerberos import kerberos_cause
from psnet.transport.psrp.logon import status_cause
from psnet.transport.tls import tls_cause

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUSES: Final = {401: "password", 403: "access", 407: "proxy"}
_ENDED: Final = (http.client.RemoteDisconnected, http.client.IncompleteRead)
_LOST: Final = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


def is_connection_lost(error: BaseException) -> bool:
    """Say whether an error is that of a connection that broke, or never stood."""
    return isinstance(error, _LOST)


def library_cause(error: BaseException) -> str:
    """Return the word for what a library's error means, save for faults; empty when it is none of those known."""
    if isinstance(error, pypsrp.exceptions.AuthenticationError | winrm.exceptions.InvalidCredentialsError):
        return "password"
    if isinstance(error, pypsrp.exceptions.WinRMTransportError | winrm.exceptions.WinRMTransportError):
        return _STATUSES.get(int(error.code), "http")
    if isinstance(error, winrm.exceptions.WinRMOperationTimeoutError):
        return "operation-timeout"
    if isinstance(error, KerberosExchangeError):
        return kerberos_cause(str(error))
    if type(error).__module__.startswith("requests_credssp"):  # an extra: there need not be one
        return _credssp(error)[0]
    if isinstance(error, requests.exceptions.RequestException):
        return _http_cause(error)
    return ""


def library_fault(error: BaseException) -> int | None:
    """Return the code of a WSMan fault."""
    if isinstance(error, pypsrp.exceptions.WSManFaultError):
        return error.code if isinstance(error.code, int) else 0
    if isinstance(error, winrm.exceptions.WSManFaultError):
        return error.wsman_fault_code or 0
    return None


def _credssp(error: BaseException) -> tuple[str, str]:
    """Return cause and words of what requests-credssp raises."""
    status = getattr(error, "status", None)  # of an NTStatusException
    if isinstance(status, int):
        return status_cause(status)
    said = str(error).partition(" - actual")[0][:200]
    return "password" if said.startswith(("The server did not resp", "Server did not resp")) else "logon", said


def _http_cause(error: requests.exceptions.RequestException) -> str:
    chain = list(_chain(error))
    for inner in chain:
        if isinstance(inner, urllib3.exceptions.NameResolutionError):
            return "name"
        number = getattr(inner, "errno", None)
        if isinstance(inner, OSError) and number in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL):
            return "route"
    if isinstance(error, requests.exceptions.ProxyError):
        return "proxy"
    if isinstance(error, requests.exceptions.SSLError):
        return tls_cause(chain)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "connect-timeout"
    if isinstance(error, requests.exceptions.Timeout):
        return "read-timeout"
    if any(isinstance(inner, urllib3.exceptions.NewConnectionError | ConnectionRefusedError) for inner in chain):
        return "closed-port"
    if any(isinstance(inner, http.client.HTTPException) and not isinstance(inner, _ENDED) for inner in chain):
        return "protocol"
    return "broken"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those inside it: libraries put them into args, reason, or the cause."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [*item.args, getattr(item, "reason", None), item.__cause__, item.__context__]


def library_message(error: BaseException) -> str:
    """Return what a library said, short."""
    if isinstance(error, pypsrp.exceptions.WSManFaultError):
        return f"{error.provider_fault or error.reason or 'no reason given'} ({error.code})"
    if isinstance(error, winrm.exceptions.WSManFaultError):
        return f"{error.reason} ({error.wsman_fault_code})"
    if isinstance(error, pypsrp.exceptions.WinRMTransportError | winrm.exceptions.WinRMTransportError):
        return f"HTTP {error.code}"
    if type(error).__module__.startswith("requests_credssp"):
        return _credssp(error)[1]
    if isinstance(error, KerberosExchangeError):
        return re.sub(r"[()',]|-?\d{6,}", "", str(error)).strip()[:200]
    for inner in _chain(error):  # what is no HTTP is told without Python's words for it
        if isinstance(inner, http.client.BadStatusLine) and not isinstance(inner, http.client.RemoteDisconnected):
            return "a first line that is no HTTP"
        if isinstance(inner, http.client.IncompleteRead):
            return "it ended in the middle of an answer"
        if isinstance(inner, http.client.HTTPException):
            return f"no HTTP: {inner}"[:200]
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return str(reason or error).rsplit(": ", 1)[-1].strip("()'\"")[:200]
