"""The HTTP side of a PSRP session: pypsrp's WSMan with psnet's TLS, and Receives that survive their connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pypsrp.wsman import WSMan

from psnet.transport.extras import check_extras
from psnet.transport.kerberos import TicketClock
from psnet.transport.library_failures import is_connection_lost
from psnet.transport.psrp.logon import CREDSSP_VERSION, check_delegation, credentials, password_of
from psnet.transport.requests_tls import adapter_of, log_on, prepare
from psnet.transport.retry import resend

if TYPE_CHECKING:
    from psnet.transport.policy import Clock
    from psnet.transport.settings import ConnectionSettings


_TICKETS: Final = frozenset({"negotiate", "kerberos"})


def open_wsman(settings: ConnectionSettings, host: str, clock: Clock) -> WSMan:
    """Return a WSMan object; nothing is sent yet. Raises InputError when an extra is missing."""
    check_extras(settings)
    wsman = WSMan(settings.address, **_arguments(settings))
    transport = wsman.transport
    session = transport.session = prepare(transport._build_session(), settings)  # noqa: SLF001 - the only way to its adapter
    plain = transport.send
    ticket = TicketClock(settings.operation_timeout + 10)

    def reset() -> None:
        transport.encryption = None  # it belongs to the connection that is gone

    def post(message: bytes, timeout: Any) -> Any:
        log_on(session, settings)
        return plain(message, timeout=timeout)

    def send(message: bytes, *, retries_on_read_timeout: int = 0, timeout: Any = None) -> Any:
        """Send a request; only a Receive, which pypsrp marks by its retries, is sent again (with its MessageID)."""
        adapter = adapter_of(session)
        ended = adapter is not None and not adapter.connected
        if transport.encryption is not None and (ended or ticket.ends(transport.encryption.context)):
            session.close()  # its next connection logs on again
            reset()
        if not retries_on_read_timeout:
            answer = post(message, timeout)
            _check_delegation(transport, settings)
            return answer
        return resend(
            lambda: post(message, timeout), settings.retry, clock, lost=is_connection_lost, reset=reset, what=host
        )

    transport.send = send  # type: ignore[method-assign]
    return wsman


def _arguments(settings: ConnectionSettings) -> dict[str, Any]:
    user, secret = credentials(settings) if settings.auth in _TICKETS else (settings.user, password_of(settings))
    kerberos = {
        "negotiate_delegate": settings.delegate or None,
        "negotiate_service": settings.service,
        "negotiate_hostname_override": settings.service_host,
    }
    return {
        "port": settings.effective_port,
        "ssl": settings.scheme == "https",
        "path": settings.path,
        "auth": settings.auth,
        "username": user,  # or a keytab or cache of tickets: pypsrp hands it on to pyspnego
        "password": secret,
        "cert_validation": (settings.ca_file or True) if settings.verify else False,
        "encryption": "auto" if settings.scheme == "https" else "always",
        "connection_timeout": settings.connect_timeout,
        "read_timeout": settings.read_timeout,
        "operation_timeout": settings.operation_timeout,
        "credssp_minimum_version": CREDSSP_VERSION,
        "certificate_pem": settings.certificate_file,
        "certificate_key_pem": settings.certificate_key_file,
        **{name: value for name, value in kerberos.items() if value is not None},
        **({"proxy": settings.proxy} if settings.proxy else {"no_proxy": True}),
    }


def _check_delegation(transport: Any, settings: ConnectionSettings) -> None:
    """Raise TransportError when a logon was to be forwarded and was not; the first answer tells."""
    if settings.delegate and settings.auth != "credssp":  # which always does
        for context in getattr(transport.session.auth, "contexts", {}).values():
            check_delegation(context)
