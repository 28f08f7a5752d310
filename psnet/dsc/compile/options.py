"""What a caller of compile_site may choose, and what comes back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from psnet.mof import CompileOptions
from psnet.planning.price import Downtime  # noqa: TC001 - a dataclass keeps it

if TYPE_CHECKING:
    from pathlib import Path

Format = Literal["mof", "dsc3", "guestconfig"]
Adapter = Literal["direct", "nested"]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """Choices; the defaults give the same bytes for the same input.

    ``header`` holds who, where and when. ``certificates`` is a folder with ``<node>.cer`` (or .crt, .pem, .der),
    for credentials. ``run_as`` names the credential under which the LCM runs every resource: ``connection`` for
    the inventory's own user, else a variable of the host. ``plain_text`` are the hosts whose document may hold
    its password readable. ``adapter`` is how a DSC v3 document reaches the resources. ``allow_downtime`` says what
    may go (the bound of psnet apply) and is AllowDowntime of the resources that have it.
    """

    format: Format = "mof"
    encoding: str = "utf-16"
    header: CompileOptions = field(default_factory=CompileOptions)
    certificates: Path | None = None
    run_as: str | None = None
    plain_text: frozenset[str] = frozenset()
    adapter: Adapter = "direct"
    allow_downtime: Downtime = "endpoints"


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """One file for one host; ``instances`` counts its resources."""

    host: str
    file: str
    data: bytes = field(repr=False)
    instances: int
    has_checksum: bool = True

    @property
    def checksum(self) -> str:
        """SHA-256 in upper-case hex: what ``<file>.checksum`` holds, without a line end."""
        return hashlib.sha256(self.data).hexdigest().upper()


@dataclass(frozen=True, slots=True)
class SiteDocuments:
    """All files, in the order of the hosts, and what a person should know about them."""

    documents: tuple[SiteDocument, ...]
    warnings: tuple[str, ...] = ()
