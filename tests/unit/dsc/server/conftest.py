"""Pull servers on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pull_client import KEY
from pull_server import DB, WEB, ZIP, Running, sha

from psnet.dsc.server import ServerFolder, running, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(**options: int) -> Running:
            folder = ServerFolder(tmp_path_factory.mktemp("pull"))
            for name, data in {
                "configurations/web.mof": WEB,
                "configurations/web.mof.checksum": sha(WEB).encode(),
                "configurations/db.mof": DB,
                "configurations/web.meta.mof": b"not for nodes",
                "configurations/torn.mof": b"half",
                "configurations/torn.mof.checksum": sha(b"whole").encode(),
                "modules/PSNetDsc_1.2.0.zip": ZIP,
                "modules/notes.zip": b"no version",
            }.items():
                path = folder.path / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
            (folder.path / "configurations" / "linked.mof").symlink_to(folder.private / "seal.key")
            folder.keys().add("all", KEY)
            tls, ca = self_signed(folder.private, ["localhost", "127.0.0.1"])
            found = Running(folder, stack.enter_context(running(folder.app(**options), tls, connections=10_000)), ca)
            stack.callback(found.close)
            return found

        yield make


@pytest.fixture(scope="module")
def server(start: Callable[..., Running]) -> Running:
    return start(most_failures=10_000)
