"""How to reach one host."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, SecretStr, model_validator

from psnet._model import Model
from psnet.errors import InputError

PortNumber = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]


class ConnectionSettings(Model):
    """A host's WinRM endpoint and how to log on to it.

    TLS with verification is the default. Plain HTTP is possible with the authentications that encrypt each
    message (negotiate, ntlm, kerberos, credssp), never with basic or a certificate. Times are seconds.
    """

    address: str = Field(min_length=1)
    transport: Literal["psrp", "winrm"] = "psrp"
    scheme: Literal["https", "http"] = "https"
    port: PortNumber | None = Field(default=None, description="5986 with TLS, 5985 without")
    path: str = "wsman"
    auth: Literal["negotiate", "ntlm", "kerberos", "basic", "certificate", "credssp"] = "negotiate"
    user: str | None = None
    password: SecretStr | None = None
    verify: bool = True
    ca_file: str | None = Field(default=None, description="PEM bundle to verify the host's certificate with")
    certificate_file: str | None = None
    certificate_key_file: str | None = None
    configuration_name: str = "Microsoft.PowerShell"
    connect_timeout: Seconds = 30
    read_timeout: Seconds = 60
    operation_timeout: Seconds = 20
    proxy: str | None = None

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.scheme == "http" and self.auth in ("basic", "certificate"):
            raise ValueError(f"auth {self.auth} needs scheme https: over http the password would be readable")
        if self.auth == "certificate" and not (self.certificate_file and self.certificate_key_file):
            raise ValueError("auth certificate needs certificate_file and certificate_key_file")
        if self.read_timeout <= self.operation_timeout:
            raise ValueError("read_timeout must be longer than operation_timeout")
        return self

    @property
    def effective_port(self) -> int:
        """The port, given or usual."""
        return self.port or (5986 if self.scheme == "https" else 5985)


def settings_from_url(url: str, *, password: str | SecretStr | None = None) -> ConnectionSettings:
    """Return settings for ``psrp://user@host:5986?auth=ntlm`` or ``winrm://...``.

    A password inside the URL is refused: give it as ``password``, or leave it to the environment variable
    PSNET_PASSWORD.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("psrp", "winrm") or not parts.hostname:
        raise InputError(
            f"{parts.scheme or url!r} is no psnet URL", remedy="write psrp://user@host or winrm://user@host"
        )
    if parts.password is not None:
        raise InputError("a password in a URL ends up in logs", remedy="pass password=..., or set PSNET_PASSWORD")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    secret = SecretStr(password) if isinstance(password, str) else password
    try:
        return ConnectionSettings.model_validate(
            {
                "address": parts.hostname,
                "transport": parts.scheme,
                "port": parts.port,
                "user": unquote(parts.username) if parts.username else None,
                "password": secret,
                **({"path": parts.path.strip("/")} if parts.path.strip("/") else {}),
                **options,
            }
        )
    except ValueError as error:
        raise InputError(f"{url}: {error}") from None
