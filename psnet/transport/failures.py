"""What the libraries underneath raise, as psnet's errors with a cause and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypsrp.exceptions
import requests
import winrm.exceptions

from psnet.errors import AuthenticationError, CertificateError, HostError, SessionLostError, UnreachableError

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings


def explain(error: Exception, settings: ConnectionSettings, host: str, step: str, *, opened: bool) -> HostError:
    """Return the error to raise; ``opened`` says that a session existed already."""
    where = f"{settings.scheme}://{settings.address}:{settings.effective_port}/{settings.path}"
    if isinstance(error, pypsrp.exceptions.AuthenticationError | winrm.exceptions.InvalidCredentialsError):
        return AuthenticationError(
            f"{where} refused the logon of {settings.user or 'the current user'} ({settings.auth})",
            host=host,
            step=step,
            remedy="check user, password and auth; basic must be allowed on the host, a local user may need HOST\\user",
        )
    if isinstance(error, requests.exceptions.SSLError):
        return CertificateError(
            f"the certificate of {where} was not accepted: {_last(error)}",
            host=host,
            step=step,
            remedy="give ca_file: the PEM of the authority that signed it",
        )
    if opened and isinstance(error, requests.exceptions.RequestException):
        return SessionLostError(
            f"the session with {where} ended while a pipeline ran: {_last(error)}",
            host=host,
            step=step,
            remedy="run psnet plan: it reads what the host has now",
        )
    if isinstance(error, requests.exceptions.Timeout):
        return UnreachableError(
            f"{where} did not answer in time",
            host=host,
            step=step,
            remedy="check the address, firewall and time-outs",
        )
    if isinstance(error, requests.exceptions.ConnectionError):
        return UnreachableError(
            f"{where} cannot be reached: {_last(error)}",
            host=host,
            step=step,
            remedy="check address and port (5986 with TLS, 5985 without) and that WinRM listens",
        )
    if isinstance(error, pypsrp.exceptions.WSManFaultError):
        return HostError(f"WinRM refused: {error}", host=host, step=step, remedy="see the host's WinRM quotas and log")
    return HostError(f"{type(error).__name__}: {error}", host=host, step=step)


def _last(error: BaseException) -> str:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return str(reason or error).rsplit(": ", 1)[-1][:200]
