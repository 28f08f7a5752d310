"""Convert the errors of the libraries underneath to psnet's: host, step, cause, remedy."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psnet.errors import (
    AccessDeniedError,
    AuthenticationError,
    CertificateError,
    HostError,
    ProtocolError,
    PsnetError,
    QuotaError,
    SessionLostError,
    TimedOutError,
    UnreachableError,
)
from psnet.transport.exceptions import TransportError, WsmanFault
from psnet.transport.kerberos import kerberos_cause

if TYPE_CHECKING:
    from types import ModuleType

    from psnet.transport.settings import ConnectionSettings


log = logging.getLogger("psnet.transport")


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
        "check user, password and auth; basic and credssp must be allowed on the host, a local user may need "
        "HOST\\user; a local administrator other than Administrator is refused unless the host's "
        "LocalAccountTokenFilterPolicy is 1",
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
    "protocol": _Cause(
        ProtocolError,
        "{where} answered what is no WinRM: {said}",
        "check address, port, path and proxy; if WinRM does listen there, do not trust the host",
    ),
    "redirect": _Cause(
        ProtocolError,
        "{where} sends its clients elsewhere ({said}); psnet follows no host",
        "check address, port, path and proxy",
    ),
    "budget-connect": _Cause(
        TimedOutError,
        "a session with {where} took {said} to open",
        "look at the host's load; raise budget: connect_seconds",
    ),
    "http": _Cause(UnreachableError, "{where} answered {said}", "check path, proxy, and that WinRM listens there"),
    "budget": _Cause(
        ProtocolError,
        "a pipeline on {where} went over its budget: {said}",
        "let the script select what is needed, see what it waits for, or raise budget: in the connection",
    ),
    "fault": _Cause(HostError, "WinRM refused: {said}", "see the host's WinRM quotas and log"),
    "no-password": _Cause(
        AuthenticationError,
        "no password is configured for {user}, and there is no Kerberos ticket to log on with",
        "say where it comes from: password: {{env: NAME}}, {{prompt: TEXT}} or {{keyring: ...}} under connection: "
        "(docs/connections.md), set PSNET_PASSWORD for a psrp:// address, or run kinit",
    ),
    "logon": _Cause(
        AuthenticationError,
        "no logon of {user} ({auth}) could be made: {said}",
        "check user and auth; Kerberos needs a ticket (klist) and the host's name, not its address",
    ),
    "kerberos-ticket": _Cause(
        AuthenticationError,
        "there is no Kerberos ticket for {user}: {said}",
        "run kinit (klist shows tickets), or give a password, keytab: or ccache:",
    ),
    "kerberos-password": _Cause(
        AuthenticationError,
        "the KDC refused {user}: {said}",
        "check user, realm and password, or the keytab (kvno)",
    ),
    "kerberos-kdc": _Cause(
        AuthenticationError,
        "no KDC answered for {user}: {said}",
        "check realm, krb5.conf, DNS (_kerberos._tcp) and port 88",
    ),
    "kerberos-spn": _Cause(
        AuthenticationError,
        "the KDC does not know the service of {where}: {said}",
        "connect by the host's name, or give service_host: and service: (setspn -L HOST lists them)",
    ),
    "kerberos-clock": _Cause(
        AuthenticationError,
        "the clocks of this computer and the KDC or {where} differ too much: {said}",
        "set them right (five minutes are allowed)",
    ),
    "kerberos-forwarding": _Cause(
        AuthenticationError,
        "the ticket of {user} cannot be forwarded: {said}",
        "run kinit -f, see whether the account may be delegated, or leave delegate: out",
    ),
}

# wsmerror.h and winerror.h
SHELL_GONE: Final = 2150858843  # the selectors name no shell or command
NOTHING_YET: Final = 2150858793  # an operation timed out; a Receive without output is answered so
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
_LONGEST: Final = 1000  # signs of a host's words in an error
_LOGONS: Final = frozenset({"spnego", "gssapi", "krb5", "kerberos"})
_LIBRARIES: Final = frozenset({"pypsrp", "winrm", "requests", "requests_credssp", "urllib3"})


def explain(error: Exception, settings: ConnectionSettings, host: str, step: str, *, opened: bool) -> PsnetError:
    """Return the error to raise; ``opened`` says that a session existed already."""
    if isinstance(error, PsnetError):
        return error
    cause, said = cause_of(error), _said(error)
    ticket = settings.auth == "kerberos" or settings.keytab or settings.ccache  # a password is not what is missing
    if cause in ("logon", "kerberos-ticket") and settings.password is None and not ticket:
        cause = "no-password"
    if opened and (
        cause in ("broken", "read-timeout", "closed-port", "route", "connect-timeout") or is_shell_lost(error)
    ):
        return SessionLostError(
            f"the session with {settings.url} ended while a pipeline ran: {said}",
            host=host,
            step=step,
            remedy="run psnet plan: it reads what the host has now",
            cause="lost",
        )
    known = _CAUSES.get(cause)
    if known is None:  # a library met what its author did not think of
        log.debug("%s: %s: an answer that cannot be read", host, step, exc_info=error)
        cause = "protocol"
        known, said = _CAUSES[cause], said if isinstance(error, ValueError) else "an answer that cannot be read"
    words = {
        "where": settings.url,
        "said": said,
        "user": settings.user or "the current user",
        "auth": settings.auth,
        "configuration": settings.configuration_name,
        **{name: getattr(settings, name) for name in ("connect_timeout", "read_timeout", "operation_timeout")},
    }
    return known.kind(
        known.message.format(**words),
        host=host,
        step=step,
        remedy=known.remedy.replace("{{", "{").replace("}}", "}"),
        cause=cause,
    )


def cause_of(error: BaseException) -> str:
    """Return the word for what went wrong, empty when it is none of those known."""
    if isinstance(error, TransportError):
        return error.cause
    code = fault_code(error)
    if code is not None:
        return _FAULTS.get(code, "fault")
    if type(error).__module__.partition(".")[0] in _LOGONS:
        return kerberos_cause(_said(error))
    return library_failures().library_cause(error) if _of_library(error) else ""


def is_shell_lost(error: BaseException) -> bool:
    """Say whether the host no longer knows the shell or command."""
    return fault_code(error) in (SHELL_GONE, 995)


def is_transient(error: BaseException) -> bool:
    """Say whether a connection error is transient and may be retried; a time-out is not."""
    return cause_of(error) in ("closed-port", "broken", "quota-shells", "quota-operations", "quota-commands")


def not_begun(error: BaseException) -> bool:
    """Say whether a request was certainly not carried out: it was never sent, or was refused for a quota."""
    return cause_of(error) in ("closed-port", "name", "route", "connect-timeout", "quota-operations", "quota-commands")


def fault_code(error: BaseException) -> int | None:
    """Return the code of a WSMan fault."""
    if isinstance(error, WsmanFault):
        return error.code
    return library_failures().library_fault(error) if _of_library(error) else None


def _said(error: BaseException) -> str:
    if isinstance(error, TransportError | WsmanFault) or not _of_library(error):
        return str(error)
    return str(library_failures().library_message(error))


def _of_library(error: BaseException) -> bool:
    """Say whether an error is of a library that is loaded only where it is used (pypsrp, pywinrm, requests)."""
    return any(kind.__module__.partition(".")[0] in _LIBRARIES for kind in type(error).__mro__)


def library_failures() -> ModuleType:
    """Return the module that knows the libraries' errors."""
    from psnet.transport import library_failures as known  # noqa: PLC0415 - as above

    return known
