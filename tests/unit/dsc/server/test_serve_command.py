"""psnet dsc serve key ..., and what the server refuses before it listens."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.server import ServerFolder, self_signed
from psnet.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def serve(*words: object) -> str:
    made = CliRunner().invoke(app, ["dsc", "serve", *map(str, words)], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    return made.output


def test_keys_are_made_listed_and_revoked_without_being_shown(tmp_path: Path) -> None:
    folder, out = tmp_path / "pull", tmp_path / "web.key"
    told = serve("key", "add", "web", "--folder", folder, "--out", out, "--allow", "web*")
    secret = out.read_text().strip()
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(secret) == 64
    serve("key", "revoke", "web", "--folder", folder)
    listed = serve("key", "list", "--folder", folder, "--json")
    (key,) = json.loads(listed)
    assert (key["name"], key["allow"], key["revoked"] is not None) == ("web", ["web*"], True)
    shown = serve("key", "list", "--folder", folder)
    assert not any(secret in text for text in (told, listed, shown))


def test_a_given_key_is_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "a-key-that-was-there-before")
    serve("key", "add", "given", "--folder", tmp_path, "--env", "GIVEN")
    assert [key.name for key in ServerFolder(tmp_path).keys().list()] == ["given"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--self-signed",), "--folder is missing"),
        (("--folder", "{0}"), "needs a certificate"),
        (("--folder", "{0}", "--self-signed", "--tls-cert", "x"), "makes the certificate"),
        (("--folder", "{0}", "--self-signed", "--listen", "8080"), "is not ADDRESS:PORT"),
        (("--folder", "{0}", "--self-signed", "--listen", "127.0.0.1:99999"), "is not ADDRESS:PORT"),
        (("--folder", "{0}", "--self-signed", "--listen", "127.0.0.1:{1}"), "cannot be listened on"),
        (("--folder", "{0}", "--tls-cert", "{0}/ca.pem", "--tls-key", "{0}/ca.pem"), "cannot be used"),
        (("--folder", "{0}", "--self-signed", "--db", "nothing://"), "cannot be opened"),
        (("key", "add", "x", "--folder", "{0}"), "give one of --out, --env and --file"),
        (("key", "add", "no/name", "--folder", "{0}", "--out", "{0}/k"), "is no name of a key"),
        (("key", "add", "x", "--folder", "{0}", "--out", "{0}/k", "--allow", "a/b"), "names no configurations"),
        (("key", "add", "x", "--folder", "{0}", "--file", "{0}/short"), "16 characters or more"),
        (("key", "revoke", "x", "--folder", "{0}"), "there is no key x"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_listens(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    self_signed(tmp_path / "private", ["localhost"])
    (tmp_path / "short").write_text("short")
    (tmp_path / "short").chmod(0o600)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        filled = [word.format(tmp_path, taken.getsockname()[1]) for word in words]
        with pytest.raises(InputError, match=message):
            CliRunner().invoke(app, ["dsc", "serve", *filled], catch_exceptions=False)
    assert not (tmp_path / "k").exists(), "a key that was not added is not left behind"


def test_a_server_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    serve("key", "add", "web", "--folder", tmp_path, "--out", tmp_path / "key")
    (tmp_path / "private" / "seal.key").chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        ServerFolder(tmp_path).keys()
