"""What the libraries underneath raise, as psnet's errors: host, step, cause, remedy."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pypsrp.exceptions
import requests
import urllib3.exceptions
import winrm.exceptions

from psnet.errors import (
    AccessDeniedError,
    AuthenticationError,
    CertificateError,
    HostError,
    PsnetError,
    QuotaError,
    SessionLostError,
    TimedOutError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.transport.settings import ConnectionSettings


@dataclass(frozen=True, slots=True)
class _Cause:
    kind: type[HostError]
    message: str
    remedy: str


# {where} is the endpoint, {said} what the library said, {user}, {auth}, {configuration} are settings
_CAUSES: Final = {
    "password": _Cause(
        AuthenticationError,
        "{where} refused the logon of {user} ({auth})",
        "check user, password and auth; basic must be allowed on the host, a local user may need HOST\\user",
    ),
    "access": _Cause(
        AccessDeniedError,
        "{user} may not use {where}: access is denied",
        "use an administrator, or a member of Remote Management Users with a session configuration that admits it",
    ),
    "unknown-ca": _Cause(
        CertificateError,
        "the certificate of {where} was not accepted: {said}",
        "give ca_file: the PEM of the authority that signed it, or fingerprint: its SHA-256",
    ),
    "wrong-name": _Cause(
        CertificateError,
        "the certificate of {where} was not accepted: {said}",
        "connect by a name that stands in the certificate, or give fingerprint: its SHA-256",
    ),
    "expired": _Cause(
        CertificateError,
        "the certificate of {where} was not accepted: {said}",
        "renew the certificate on the host; check the clocks of both sides",
    ),
    "wrong-pin": _Cause(
        CertificateError,
        "{where} does not have the certificate that is pinned; nothing was sent to it",
        "find out why it changed; when it was renewed, change fingerprint: in the inventory",
    ),
    "tls": _Cause(
        CertificateError,
        "no TLS with {where}: {said}",
        "check that the port speaks TLS, and minimum_tls",
    ),
    "closed-port": _Cause(
        UnreachableError,
        "{where} cannot be reached: Connection refused",
        "check the port (5986 with TLS, 5985 without), and that WinRM listens: winrm enumerate winrm/config/listener",
    ),
    "name": _Cause(
        UnreachableError,
        "{where} cannot be reached: its name is not resolved",
        "check the name, or give address: in the inventory",
    ),
    "route": _Cause(
        UnreachableError,
        "{where} cannot be reached: there is no route to it",
        "check the network, VPN and the address",
    ),
    "proxy": _Cause(
        UnreachableError,
        "{where} cannot be reached through the proxy: {said}",
        "check proxy: and whether it lets CONNECT through to that port",
    ),
    "connect-timeout": _Cause(
        TimedOutError,
        "{where} did not accept a connection within {connect_timeout} s",
        "check address and firewall (a silent one drops packets); raise connect_timeout for a slow line",
    ),
    "read-timeout": _Cause(
        TimedOutError,
        "{where} took the request and did not answer within {read_timeout} s",
        "look at the host's load; raise read_timeout",
    ),
    "operation-timeout": _Cause(
        TimedOutError,
        "WinRM of {where} did not finish within {operation_timeout} s",
        "look at the host's load; raise operation_timeout (and read_timeout above it)",
    ),
    "broken": _Cause(
        UnreachableError,
        "{where} broke the connection: {said}",
        "look at the host's WinRM log, and at what stands between",
    ),
    "quota-shells": _Cause(
        QuotaError,
        "{where} has no room for another shell of {user}: {said}",
        "close old sessions (Get-WSManInstance -ResourceURI shell -Enumerate), or raise winrm's MaxShellsPerUser",
    ),
    "quota-operations": _Cause(
        QuotaError,
        "{where} has no room for another operation of {user}: {said}",
        "wait for others to finish, or raise winrm's MaxConcurrentOperationsPerUser",
    ),
    "quota-commands": _Cause(
        QuotaError,
        "{where} has no room for another pipeline in the shell: {said}",
        "wait for others to finish, or raise the plug-in's MaxConcurrentCommandsPerShell",
    ),
    "quota-memory": _Cause(
        QuotaError,
        "a shell on {where} has used up its memory: {said}",
        "raise winrm's MaxMemoryPerShellMB and the plug-in's, and restart WinRM",
    ),
    "quota-envelope": _Cause(
        QuotaError,
        "{where} refused a request as too large: {said}",
        "raise winrm's MaxEnvelopeSizekb (500 is usual)",
    ),
    "configuration": _Cause(
        UnreachableError,
        "{where} has no session configuration {configuration}, or nothing under that path: {said}",
        "check configuration_name (Get-PSSessionConfiguration on the host) and path",
    ),
    "http": _Cause(UnreachableError, "{where} answered {said}", "check path, proxy, and that WinRM listens there"),
    "fault": _Cause(HostError, "WinRM refused: {said}", "see the host's WinRM quotas and log"),
    "logon": _Cause(
        AuthenticationError,
        "no logon of {user} ({auth}) could be made: {said}",
        "check user and auth; Kerberos needs a ticket (klist) and the host's name, not its address",
    ),
}

# wsmerror.h and winerror.h
SHELL_GONE: Final = 2150858843  # the selectors name no shell or command
DISCONNECTED: Final = 2150859230  # the shell's streams are disconnected
_FAULTS: Final = {
    5: "access",
    8: "quota-memory",  # ERROR_NOT_ENOUGH_MEMORY
    14: "quota-memory",  # ERROR_OUTOFMEMORY
    1816: "quota-memory",  # ERROR_NOT_ENOUGH_QUOTA: the job object of the shell is full
    2150858752: "configuration",
    2150858790: "quota-envelope",
    2150858793: "operation-timeout",
    2150859173: "quota-shells",
    2150859174: "quota-operations",
    2150859241: "quota-commands",
}
_NAME_MISMATCH: Final = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, ..._IP_ADDRESS_MISMATCH
_EXPIRED: Final = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, ..._HAS_EXPIRED
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _PROXY = 401, 403, 404, 407


def explain(error: Exception, settings: ConnectionSettings, host: str, step: str, *, opened: bool) -> PsnetError:
    """Return the error to raise; ``opened`` says that a session existed already."""
    if isinstance(error, PsnetError):
        return error
    cause = cause_of(error)
    said = _said(error)
    if opened and (cause in ("broken", "read-timeout", "closed-port", "route", "connect-timeout") or is_gone(error)):
        return SessionLostError(
            f"the session with {settings.url} ended while a pipeline ran: {said}",
            host=host,
            step=step,
            remedy="run psnet plan: it reads what the host has now",
            cause="lost",
        )
    known = _CAUSES.get(cause)
    if known is None:
        return HostError(f"{type(error).__name__}: {error}", host=host, step=step)
    words = {
        "where": settings.url,
        "said": said,
        "user": settings.user or "the current user",
        "auth": settings.auth,
        "configuration": settings.configuration_name,
        **{name: getattr(settings, name) for name in ("connect_timeout", "read_timeout", "operation_timeout")},
    }
    return known.kind(known.message.format(**words), host=host, step=step, remedy=known.remedy, cause=cause)


def cause_of(error: BaseException) -> str:
    """Return the word for what went wrong, empty when it is none of those known."""
    if isinstance(error, pypsrp.exceptions.AuthenticationError | winrm.exceptions.InvalidCredentialsError):
        return "password"
    code = fault_code(error)
    if code is not None:
        return _FAULTS.get(code, "fault")
    if isinstance(error, pypsrp.exceptions.WinRMTransportError | winrm.exceptions.WinRMTransportError):
        statuses = {_UNAUTHORIZED: "password", _FORBIDDEN: "access", _PROXY: "proxy"}
        return statuses.get(int(error.code), "http")
    if isinstance(error, winrm.exceptions.WinRMOperationTimeoutError):
        return "operation-timeout"
    if isinstance(error, requests.exceptions.RequestException):
        return _http_cause(error)
    return "logon" if type(error).__module__.startswith("spnego") else ""


def is_gone(error: BaseException) -> bool:
    """Say whether the host no longer knows the shell or command."""
    return fault_code(error) in (SHELL_GONE, 995)


def passes(error: BaseException) -> bool:
    """Say whether an error on the way to a session may pass by itself; a time-out has waited long enough."""
    return cause_of(error) in ("closed-port", "broken", "quota-shells", "quota-operations", "quota-commands")


def not_begun(error: BaseException) -> bool:
    """Say whether a request can be known not to have been carried out: it never left, or was refused for a quota."""
    return cause_of(error) in ("closed-port", "name", "route", "connect-timeout", "quota-operations", "quota-commands")


def fault_code(error: BaseException) -> int | None:
    """Return the code of a WSMan fault."""
    if isinstance(error, pypsrp.exceptions.WSManFaultError):
        return error.code if isinstance(error.code, int) else 0
    if isinstance(error, winrm.exceptions.WSManFaultError):
        return error.wsman_fault_code or 0
    return None


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
        return _tls_cause(chain)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "connect-timeout"
    if isinstance(error, requests.exceptions.Timeout):
        return "read-timeout"
    if any(isinstance(inner, urllib3.exceptions.NewConnectionError | ConnectionRefusedError) for inner in chain):
        return "closed-port"
    return "broken"


def _tls_cause(chain: list[BaseException]) -> str:
    text = " ".join(str(inner) for inner in chain)
    if "Fingerprints did not match" in text:
        return "wrong-pin"
    code = next((inner.verify_code for inner in chain if hasattr(inner, "verify_code")), None)
    if code is None:
        return "wrong-name" if "doesn't match" in text else "tls"
    if code in _NAME_MISMATCH:
        return "wrong-name"
    return "expired" if code in _EXPIRED else "unknown-ca"


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


def _said(error: BaseException) -> str:
    if isinstance(error, pypsrp.exceptions.WSManFaultError):
        return f"{error.provider_fault or error.reason or 'no reason given'} ({error.code})"
    if isinstance(error, winrm.exceptions.WSManFaultError):
        return f"{error.reason} ({error.wsman_fault_code})"
    if isinstance(error, pypsrp.exceptions.WinRMTransportError | winrm.exceptions.WinRMTransportError):
        return f"HTTP {error.code}"
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return str(reason or error).rsplit(": ", 1)[-1].strip("()'\"")[:200]
