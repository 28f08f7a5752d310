"""A pull server of a test, and what it offers."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from pull_client import Node

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.dsc.server import ServerFolder

WEB = b'instance of OMI_ConfigurationDocument { Name="web"; };\n'
DB = b"\xff\xfei\x00"
ZIP = b"PK\x03\x04 a package"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest().upper()


@dataclasses.dataclass
class Running:
    folder: ServerFolder
    url: str
    ca: Path
    nodes: list[Node] = dataclasses.field(default_factory=list)

    def node(self) -> Node:
        self.nodes.append(Node(self.url, self.ca))
        return self.nodes[-1]

    def close(self) -> None:
        for node in self.nodes:
            node.http.close()

    def visitor(self) -> Node:
        self.nodes.append(Node(self.url.removesuffix("/PSDSCPullServer.svc"), self.ca))
        return self.nodes[-1]

    def page(self, path: str, token: str | None = None, scheme: str = "Bearer") -> object:
        node = self.visitor()
        secret = token or self.folder.token_file.read_text().strip()
        return node.send("GET", path, Authorization=f"{scheme} {secret}")
