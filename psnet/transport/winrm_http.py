"""The HTTP side of a WinRS session: pywinrm with psnet's TLS, and Receives that survive their connection."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Literal

from winrm.protocol import Protocol
from winrm.transport import Transport

from psnet.transport.budget import Meter
from psnet.transport.extras import check_extras
from psnet.transport.library_failures import is_connection_lost
from psnet.transport.psrp.logon import CREDSSP_VERSION
from psnet.transport.requests_tls import adapter_of, log_on, prepare
from psnet.transport.retry import resend

if TYPE_CHECKING:
    import requests

    from psnet.transport.policy import Clock
    from psnet.transport.settings import ConnectionSettings

_AUTH: Final[dict[str, Literal["ntlm", "kerberos", "basic", "credssp", "certificate"]]] = {
    "negotiate": "ntlm",
    "ntlm": "ntlm",
    "kerberos": "kerberos",
    "basic": "basic",
    "credssp": "credssp",
    "certificate": "certificate",
}


class PywinrmTransport(Transport):
    """pywinrm's connection to one host."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock) -> None:
        self._settings, self._host, self._clock = settings, host, clock
        self._meter: Meter | None = None
        super().__init__(**_arguments(settings))

    def build_session(self) -> requests.Session:
        """Return the session of requests, made when there is none."""
        if self.session is not None:
            return self.session
        try:
            return self._prepared(super().build_session())
        except Exception:
            self.session = None  # the next try starts afresh
            raise

    def setup_encryption(self, session: requests.Session) -> None:
        """Log on for encrypted messages: the first request of a session, so that TLS must be ready before it."""
        super().setup_encryption(self._prepared(session))

    def count(self, meter: Meter) -> None:
        """Let a meter count what comes from now on."""
        self._meter = meter
        if self.session is not None:
            self._prepared(self.session)

    def _prepared(self, session: requests.Session) -> requests.Session:
        made = prepare(session, self._settings)
        adapter = adapter_of(made)
        if adapter is not None:
            adapter.meter = self._meter
        return made

    def send_message(self, message: str | bytes) -> bytes:
        """Send a request; only a Receive is sent again, with its MessageID."""
        given = message.encode() if isinstance(message, str) else message
        adapter = adapter_of(self.session)
        if self.encryption is not None and adapter is not None and not adapter.connected:
            self._reset()
        if b"/shell/Receive<" not in given:
            return self._post(given)
        return resend(
            lambda: self._post(given),
            self._settings.retry,
            self._clock,
            lost=is_connection_lost,
            reset=self._reset,
            what=self._host,
        )

    def _post(self, message: bytes) -> bytes:
        log_on(self.build_session(), self._settings)
        return super().send_message(message)

    def _reset(self) -> None:
        self.close_session()
        self.encryption = None  # both belong to the connection that is gone


def open_protocol(settings: ConnectionSettings, host: str, clock: Clock) -> Protocol:
    """Return a Protocol object; nothing is sent yet. Raises InputError when an extra is missing."""
    check_extras(settings)
    given = _arguments(settings)
    protocol = Protocol(
        endpoint=settings.url,
        transport=_AUTH[settings.auth],
        **{key: given[key] for key in ("username", "password", "cert_pem", "cert_key_pem")},
        read_timeout_sec=settings.read_timeout,
        operation_timeout_sec=settings.operation_timeout,
    )
    protocol.transport = link = PywinrmTransport(settings, host, clock)
    link.count(Meter(settings.budget, clock, opening=True))
    return protocol


def _arguments(settings: ConnectionSettings) -> dict[str, Any]:
    return {
        "endpoint": settings.url,
        "auth_method": _AUTH[settings.auth],
        "username": settings.user,
        "password": settings.password.get_secret_value() if settings.password else None,
        # as pypsrp has it: what requests itself would use when nothing is given
        "ca_trust_path": settings.ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE"),
        "cert_pem": settings.certificate_file,
        "cert_key_pem": settings.certificate_key_file,
        "server_cert_validation": "validate" if settings.verify else "ignore",
        "message_encryption": "auto" if settings.scheme == "https" else "always",
        "read_timeout_sec": settings.read_timeout,
        "proxy": settings.proxy,
        "credssp_minimum_version": CREDSSP_VERSION,
        "kerberos_delegation": settings.delegate,
        "kerberos_hostname_override": settings.service_host,
        "service": settings.service or "HTTP",
    }
