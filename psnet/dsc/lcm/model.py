"""The shape of lcm.yaml: everything that a meta-configuration can say.

Names, types and defaults are those of MSFT_DSCMetaConfiguration and its managers in snake_case; what is left out
keeps the Local Configuration Manager's default.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from psnet._internal.model import Model
from psnet.inventories.secret import SecretSource

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_THUMBPRINT = re.compile(r"[0-9a-fA-F]{40}")
_LONGEST = 44_640  # minutes in a month: the LCM takes no longer interval


def _guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise ValueError(f"{text} is no GUID")
    return text


def _thumbprint(text: str) -> str:
    plain = text.replace(" ", "")
    if not _THUMBPRINT.fullmatch(plain):
        raise ValueError("a thumbprint is 40 hexadecimal digits")
    return plain.upper()


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError(f"{text} is no URL such as https://pull.example:8080/PSDSCPullServer.svc")
    if parts.password is not None:
        raise ValueError("a password does not belong in a URL")
    return text


Url = Annotated[str, AfterValidator(_url)]
Thumbprint = Annotated[str, AfterValidator(_thumbprint)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9 _.\\-]{1,128}$")]


class Credential(Model):
    """A user, and where the password comes from; it is encrypted for the node's certificate."""

    user: str = Field(min_length=1, max_length=256)
    password: SecretSource


class Settings(Model):
    """The Local Configuration Manager's own settings."""

    refresh_mode: Literal["Push", "Pull", "Disabled"] | None = None
    configuration_mode: Literal["ApplyOnly", "ApplyAndMonitor", "ApplyAndAutoCorrect", "MonitorOnly"] | None = None
    configuration_mode_frequency_mins: Annotated[int, Field(ge=15, le=_LONGEST)] | None = None
    refresh_frequency_mins: Annotated[int, Field(ge=30, le=_LONGEST)] | None = None
    reboot_node_if_needed: bool | None = None
    action_after_reboot: Literal["ContinueConfiguration", "StopConfiguration"] | None = None
    allow_module_overwrite: bool | None = None
    debug_mode: (
        Literal["None", "ForceModuleImport", "All", "ResourceScriptBreakAll", "ResourceScriptBreakpoint"] | None
    ) = None
    certificate_id: Thumbprint | None = None
    configuration_id: Annotated[str, AfterValidator(_guid)] | None = None
    status_retention_time_in_days: Annotated[int, Field(ge=1)] | None = None
    maximum_download_size_mb: Annotated[int, Field(ge=1)] | None = None
    signature_validation_policy: Literal["NONE", "ALL"] | None = None


class ReportServer(Model):
    """A report server, and what every server has."""

    name: Name
    server_url: Url | None = None
    registration_key: SecretSource | None = None
    certificate_id: Thumbprint | None = None
    allow_unsecure_connection: bool | None = None
    proxy_url: Url | None = Field(default=None, description="Windows 1809 and later")
    proxy_credential: Credential | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.server_url is None:
            raise ValueError("the key server_url is missing")
        self._encrypted()
        return self

    def _encrypted(self) -> None:
        if self.server_url is not None and self.server_url.lower().startswith("http://"):
            if not self.allow_unsecure_connection:
                raise ValueError("http:// needs allow_unsecure_connection: true")
            if self.registration_key is not None:
                raise ValueError("a registration key is sent over https:// only")


class ResourceRepository(ReportServer):
    """Where modules come from: a server, or a share."""

    source_path: str | None = Field(default=None, description="a share such as \\\\\\\\files\\\\dsc")
    credential: Credential | None = Field(default=None, description="for the share")

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if (self.server_url is None) == (self.source_path is None):
            raise ValueError("give one of server_url and source_path")
        if self.source_path is not None:
            web = self.model_fields_set - {"name", "source_path", "credential"}
            if web:
                raise ValueError(f"a share has no {', '.join(sorted(web))}")
        elif self.credential is not None:
            raise ValueError("credential is for a share; a server knows the registration_key")
        self._encrypted()
        return self


class ConfigurationRepository(ResourceRepository):
    """Where configurations come from, and which ones."""

    configuration_names: tuple[str, ...] = ()


class PartialConfiguration(Model):
    """One part of a configuration that comes from several places."""

    name: Name
    description: str | None = None
    exclusive_resources: tuple[str, ...] = ()
    configuration_source: tuple[str, ...] = Field(default=(), description="names of configuration_repositories")
    resource_module_source: tuple[str, ...] = Field(default=(), description="names of resource_repositories")
    depends_on: tuple[str, ...] = Field(default=(), description="names of partial_configurations")
    refresh_mode: Literal["Push", "Pull"] | None = None


class SignatureValidation(Model):
    """Which signatures the LCM requires (SignatureValidation)."""

    name: Name
    signed_item_type: tuple[Literal["Configuration", "Module"], ...] = ()
    trusted_store_path: str | None = None


class LcmFile(Model):
    """The whole file, filled with a host's variables."""

    settings: Settings = Settings()
    trusted_roots: tuple[str, ...] = Field(
        default=(), description="PEM files of authorities that the node is to trust, such as a pull server's"
    )
    configuration_repositories: tuple[ConfigurationRepository, ...] = ()
    resource_repositories: tuple[ResourceRepository, ...] = ()
    report_servers: tuple[ReportServer, ...] = ()
    partial_configurations: tuple[PartialConfiguration, ...] = ()
    signature_validations: tuple[SignatureValidation, ...] = ()
