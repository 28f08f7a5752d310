"""The shape of hosts.yaml."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from psnet._internal.model import Model
from psnet._internal.secret import SecretSource
from psnet.transport.settings import ConnectionOptions, plain_address


class ConnectionEntry(ConnectionOptions):
    """Connection settings as written; a layer sets only what it names."""

    address: Annotated[str, AfterValidator(plain_address)] | None = None
    password: SecretSource | None = None
    certificate_key_password: SecretSource | None = None


class HostEntry(Model):
    """One host's own settings."""

    address: Annotated[str, AfterValidator(plain_address)] | None = None
    vars: dict[str, Any] = Field(default_factory=dict)
    connection: ConnectionEntry = ConnectionEntry()


class GroupEntry(Model):
    """A group: its hosts, and what they share."""

    hosts: tuple[str, ...] = ()
    children: tuple[str, ...] = Field(default=(), description="groups whose hosts belong to this one too")
    vars: dict[str, Any] = Field(default_factory=dict)
    connection: ConnectionEntry = ConnectionEntry()


class InventoryFile(Model):
    """The whole file."""

    vars: dict[str, Any] = Field(default_factory=dict)
    connection: ConnectionEntry = ConnectionEntry()
    hosts: dict[str, HostEntry | None] = Field(default_factory=dict)
    groups: dict[str, GroupEntry] = Field(default_factory=dict)
