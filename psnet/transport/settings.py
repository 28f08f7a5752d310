"""How to reach one host."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AfterValidator, Field, PlainSerializer, SecretStr, ValidationError, model_validator

from psnet._internal.model import Model
from psnet._internal.text import without_logon
from psnet._internal.validation_messages import explain_error
from psnet.errors import InputError
from psnet.transport.budget import Budget
from psnet.transport.policy import RetryPolicy

PortNumber = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
DEFAULT_CONFIGURATION = "Microsoft.PowerShell"


def _fingerprint(value: str) -> str:
    text = re.sub(r"^sha-?256[:=]\s*|[:\s-]", "", value.strip(), flags=re.IGNORECASE).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(
            "a fingerprint is the SHA-256 of the certificate, 64 hexadecimal digits (Windows' Thumbprint is SHA-1: use "
            "`openssl x509 -noout -fingerprint -sha256`)"
        )
    return text


Fingerprint = Annotated[str, AfterValidator(_fingerprint)]


def _proxy(value: str) -> str:
    """Return a proxy as it is; the message for one that is none repeats nothing of it, for it may hold a password."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        known = parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        known = None
    if not known:
        raise ValueError("it is no proxy such as http://user:password@proxy:3128; write signs of a password as %40")
    return value


def _without_password(proxy: str) -> str:
    """Return a proxy as it may be shown, also where settings are written as data."""
    before, at, host = proxy.rpartition("@")
    return f"{before.partition('://')[0]}://***@{host}" if at else proxy


Proxy = Annotated[str, AfterValidator(_proxy), PlainSerializer(_without_password)]


class ConnectionOptions(Model):
    """What can be set for a connection, save for who logs on where."""

    transport: Literal["psrp", "pypsrp", "winrm"] = "psrp"
    scheme: Literal["https", "http"] = "https"
    port: PortNumber | None = Field(default=None, description="5986 with TLS, 5985 without")
    path: str = Field(default="wsman", pattern=r"^[!-~]*$", description="of the endpoint's URL, as it is sent")
    auth: Literal["negotiate", "ntlm", "kerberos", "basic", "certificate", "credssp"] = "negotiate"
    user: str | None = None
    verify: bool = True
    ca_file: str | None = Field(default=None, description="PEM bundle to verify the host's certificate with")
    fingerprint: Fingerprint | None = Field(
        default=None, description="SHA-256 of the host's certificate: that one and no other, whoever signed it"
    )
    minimum_tls: Literal["1.2", "1.3"] = "1.2"
    certificate_file: str | None = None
    certificate_key_file: str | None = None
    configuration_name: str = Field(default=DEFAULT_CONFIGURATION, min_length=1)
    connect_timeout: Seconds = 30
    read_timeout: Seconds = 60
    operation_timeout: Seconds = 20
    proxy: Proxy | None = Field(default=None, repr=False)  # it may hold a password
    delegate: bool = Field(default=False, description="Kerberos: let the host use the logon further on")
    service: str | None = Field(
        default=None, description="Kerberos: the service of the host's SPN; host, and over winrm HTTP, when not given"
    )
    service_host: str | None = Field(default=None, description="Kerberos: the host in its SPN, when not its address")
    realm: str | None = Field(
        default=None, min_length=1, description="Kerberos: the user's realm, when not in its name"
    )
    keytab: str | None = Field(
        default=None, description="Kerberos: a keytab with the user's key, instead of a password"
    )
    ccache: str | None = Field(default=None, description="Kerberos: the cache with the ticket, when not the usual one")
    retry: RetryPolicy = RetryPolicy()
    budget: Budget = Budget()


def plain_address(value: str) -> str:
    """Return a host's name or address; raise ValueError for what holds more than that."""
    if not re.fullmatch(r"[^\x00-\x20\x7f/]+", value):
        raise ValueError(f"a host's address is a name or an IP address alone, not {value!r}: scheme and port are keys")
    return value


class ConnectionSettings(ConnectionOptions):
    """A host's WinRM endpoint and how to log on to it.

    TLS with verification is the default. Plain HTTP is possible with the authentications that encrypt each
    message (negotiate, ntlm, kerberos, credssp), never with basic or a certificate. Times are seconds.
    """

    address: Annotated[str, AfterValidator(plain_address)]
    password: SecretStr | None = None
    certificate_key_password: SecretStr | None = None

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.scheme == "http" and self.auth in ("basic", "certificate"):
            raise ValueError(f"auth {self.auth} needs scheme https: over http the password would be readable")
        if self.auth == "certificate" and not (self.certificate_file and self.certificate_key_file):
            raise ValueError("auth certificate needs certificate_file and certificate_key_file")
        if self.read_timeout <= self.operation_timeout:
            raise ValueError("read_timeout must be longer than operation_timeout")
        if self.scheme == "http" and self.fingerprint:
            raise ValueError("fingerprint needs scheme https: without TLS there is no certificate")
        if (self.keytab or self.ccache) and self.transport == "winrm":
            raise ValueError("keytab and ccache need transport psrp or pypsrp: pywinrm takes that of KRB5CCNAME alone")
        if (self.keytab or self.ccache or self.realm) and self.auth not in ("kerberos", "negotiate"):
            raise ValueError(f"keytab, ccache and realm need auth kerberos or negotiate, not {self.auth}")
        if self.keytab and not self.user:
            raise ValueError("keytab needs user: a keytab may hold several keys")
        if self.transport == "winrm" and self.configuration_name != DEFAULT_CONFIGURATION:
            raise ValueError("configuration_name needs transport psrp: WinRS has no session configurations")
        return self

    @property
    def principal(self) -> str | None:
        """The user, with the realm that it is to be looked for in."""
        if self.user is None or self.realm is None or "@" in self.user or "\\" in self.user:
            return self.user
        return f"{self.user}@{self.realm}"

    @property
    def effective_port(self) -> int:
        """The port, given or usual."""
        return self.port or (5986 if self.scheme == "https" else 5985)

    @property
    def url(self) -> str:
        """The endpoint."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.effective_port}/{self.path}"


def settings_from_url(url: str, *, password: str | SecretStr | None = None) -> ConnectionSettings:
    """Return settings for ``psrp://user@host:5986?auth=ntlm`` or ``winrm://...``.

    A password inside the URL is refused: give it as ``password``, or leave it to the environment variable
    PSNET_PASSWORD.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("psrp", "pypsrp", "winrm"):
        raise InputError(
            f"{without_logon(url).partition('?')[0]!r} is no psnet URL" if "://" in url else "that is no psnet URL",
            remedy="write psrp://user@host or winrm://user@host",
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if parts.password is not None or {"password", "certificate_key_password"} & options.keys():
        raise InputError("a password in a URL ends up in logs", remedy="pass password=..., or set PSNET_PASSWORD")
    if not parts.hostname:
        raise InputError(f"{parts.scheme}:// names no host", remedy="write psrp://user@host or winrm://user@host")
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
    except ValidationError as error:  # its own text would repeat the values
        reasons = "; ".join(f"{'.'.join(map(str, item['loc']))}: {explain_error(item)[0]}" for item in error.errors())
        raise InputError(f"{parts.scheme}://{parts.hostname}: {reasons}") from None
    except ValueError:
        raise InputError(f"{parts.scheme}://{parts.hostname}: the port is no number up to 65535") from None
