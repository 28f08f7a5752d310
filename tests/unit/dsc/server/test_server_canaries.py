"""psnet dsc serve as a process: no registration key in what it says, logs, keeps or shows; what it keeps is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

from canaries import canary, found_below, found_in
from pull_client import Node
from pull_server import WEB, sha
from pydantic import SecretStr

if TYPE_CHECKING:
    from pathlib import Path


def test_no_registration_key_is_told_logged_kept_or_shown(tmp_path: Path) -> None:
    planted = {name: canary(name) for name in ("Registration", "Wrong", "Reported")}
    folder = tmp_path / "pull"
    (folder / "configurations").mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    (folder / "configurations" / "web.mof").write_bytes(WEB)
    (folder / "configurations" / "web.mof.checksum").write_text(sha(WEB))
    for path in (folder / "configurations").iterdir():
        path.chmod(0o600)
    environment = {**os.environ, "CANARY": planted["Registration"]}
    psnet = [sys.executable, "-m", "psnet", "-v", "dsc", "serve"]
    added = subprocess.run(
        [*psnet, "key", "add", "k", "--folder", str(folder), "--env", "CANARY"],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    log = tmp_path / "log"
    with log.open("wb") as stream:
        log.chmod(0o600)
        running = subprocess.Popen(
            [*psnet, "--folder", str(folder), "--self-signed", "--listen", "127.0.0.1:0"],
            env=environment, stdout=subprocess.PIPE, stderr=stream,
        )  # fmt: skip
    assert running.stdout is not None
    said = bytearray()
    while b"CA  " not in said:
        line = running.stdout.readline()
        assert line, log.read_text()
        said += line
    url = said.decode().split("ServerURL")[1].split()[0]
    ca = folder / "ca.pem"
    node = Node(url, ca)
    answers = [
        node.register("web", key=SecretStr(planted["Wrong"])),
        node.register("web", key=SecretStr(planted["Registration"])),
        node.action(),
        node.configuration("web"),
        node.report(str(uuid.uuid4())),
    ]
    assert [item.status_code < 300 for item in answers] == [False, True, True, True, True]
    token = next(folder.rglob("*token*")).read_text().strip()
    visitor = Node(url.removesuffix("/PSDSCPullServer.svc"), ca)
    page = visitor.send("GET", "/", Authorization=f"Bearer {token}")
    assert page.status_code == 200
    assert node.agent in page.text or "web01" in page.text
    for each in (node, visitor):
        each.http.close()
    running.send_signal(signal.SIGINT)
    said += running.communicate(timeout=20)[0]
    assert running.returncode in (0, 130)
    told = added.stdout + added.stderr + said + b"".join(item.content for item in [*answers, page])
    assert found_in(bytes(told), planted) == []
    assert found_below(tmp_path, planted) == []
    assert token.encode() not in told
    public = {ca, tmp_path}
    assert [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077 and path not in public] == []
