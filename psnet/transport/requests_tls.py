"""The HTTP adapter of a session: TLS as the settings say, and a time-out for connecting."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    import requests

    from psnet.transport.settings import ConnectionSettings

_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class Adapter(HTTPAdapter):
    """Opens connections for one session; a pinned certificate is compared before anything is sent."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        key = settings.certificate_key_password
        self._tls: dict[str, Any] = {
            "ssl_minimum_version": _VERSIONS[settings.minimum_tls],
            **({"assert_fingerprint": settings.fingerprint} if settings.fingerprint else {}),
            **({"key_password": key.get_secret_value()} if key else {}),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pool of connections through a proxy; the host's TLS is the same inside the tunnel."""
        return super().proxy_manager_for(proxy, **kwargs, **self._tls)

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request; a single time-out is the one for reading."""
        if isinstance(kwargs.get("timeout"), int | float):
            kwargs["timeout"] = (self._settings.connect_timeout, kwargs["timeout"])
        return super().send(request, *args, **kwargs)


def prepare(session: requests.Session, settings: ConnectionSettings) -> requests.Session:
    """Give a session of requests, made by a WinRM library, psnet's adapter and nothing from the environment.

    One that has it already is left alone: its connections may carry a logon.
    """
    if isinstance(session.get_adapter("https://"), Adapter):
        return session
    session.trust_env = False  # reading the proxy settings for each request costs 2 to 3 ms
    if settings.fingerprint:
        session.verify = False  # the pin says more than an authority: this certificate and no other
    adapter = Adapter(settings)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
