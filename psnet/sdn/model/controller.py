"""How to reach the controller: its REST address, the host whose cmdlets are used, the way to log on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet._internal.secret import SecretSource
from psnet.sdn.values import Port
from psnet.types import Network


class Controller(Model):
    """One Network Controller. No secret stands here: a password is named by where it is read from."""

    url: str = Field(pattern=r"^https://[^/\s]+/?$", description="the REST name, as ConnectionUri takes it")
    nodes: tuple[Annotated[str, Field(pattern=r"^https://[^/\s]+/?$")], ...] = Field(
        default=(), description="REST: addresses of its nodes, asked in their order when the url does not answer"
    )
    host: str | None = Field(default=None, description="the inventory's host that has the NetworkController module")
    backend: Literal["cmdlets", "rest"] | None = Field(
        default=None, description="cmdlets on host, or REST from here; cmdlets when there is a host"
    )
    user: str | None = Field(default=None, description="REST: negotiate (Kerberos or NTLM) as this user")
    password: SecretSource | None = None
    certificate_file: str | None = Field(default=None, description="REST: a client certificate, PEM")
    certificate_key_file: str | None = None
    certificate_thumbprint: str | None = Field(
        default=None, pattern=r"^[0-9A-Fa-f]{40}$", description="cmdlets: a client certificate in the host's store"
    )
    ca_file: str | None = Field(default=None, description="REST: PEM bundle to verify the controller with")
    timeout: Annotated[int, Field(ge=1, le=3600, description="seconds a resource may be provisioned")] = 300

    @model_validator(mode="after")
    def _way(self) -> Self:
        if self.backend == "cmdlets" and self.host is None:
            raise ValueError("backend: cmdlets needs host: the inventory's host with the NetworkController module")
        if self.certificate_thumbprint and self.backend_name == "rest":
            raise ValueError("certificate_thumbprint is for the cmdlets; REST takes certificate_file")
        if self.backend_name == "cmdlets" and self.nodes:
            raise ValueError("nodes are for REST; the cmdlets take one url")
        if self.backend_name == "cmdlets" and (self.user or self.certificate_file):
            raise ValueError(
                "the cmdlets run as the user that psnet logs on to the host with; give certificate_thumbprint, or "
                "backend: rest for a user or a certificate_file"
            )
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if (self.certificate_file is None) != (self.certificate_key_file is None):
            raise ValueError("certificate_file and certificate_key_file go together")
        return self

    @property
    def backend_name(self) -> Literal["cmdlets", "rest"]:
        """The backend, given or chosen."""
        return self.backend or ("cmdlets" if self.host else "rest")

    def relative_to(self, folder: Path) -> Controller:
        """Return the settings with the paths of their files resolved against a folder."""
        files = ("ca_file", "certificate_file", "certificate_key_file")
        found: dict[str, object] = {
            name: str(folder / Path(getattr(self, name)).expanduser()) for name in files if getattr(self, name)
        }
        if self.password is not None:
            found["password"] = self.password.relative_to(folder)
        return self.model_copy(update=found)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The URL and those of the nodes, without a slash at their end."""
        return tuple(dict.fromkeys(item.rstrip("/") for item in (self.url, *self.nodes)))

    @property
    def base(self) -> str:
        """The URL without a slash at its end."""
        return self.url.rstrip("/")


class Management(Model):
    """From where container hosts are managed: checked against the ACLs, never sent to the controller."""

    sources: Annotated[tuple[Network, ...], Field(min_length=1)]
    ports: Annotated[tuple[Port, ...], Field(min_length=1)] = (5986,)
