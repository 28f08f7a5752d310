"""Logging on and message encryption without sockets, against pyspnego's own acceptor."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
import spnego

from psnet.transport import ConnectionSettings
from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.logon import Logon, fixed_header

if TYPE_CHECKING:
    from pathlib import Path


def settings(**changes: Any) -> ConnectionSettings:
    given = {"address": "web1", "scheme": "http", "auth": "ntlm", "user": "DOM\\u", "password": "p", **changes}
    return ConnectionSettings.model_validate(given)


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "users"
    path.write_text("DOM:u:p\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(path))


def logged_on(auth: str) -> tuple[Logon, Any]:
    logon = Logon(settings(auth=auth), b"")
    protocol = "credssp" if auth == "credssp" else "negotiate"
    acceptor = spnego.server(protocol=protocol, options=spnego.NegotiateOptions.wrapping_winrm)
    token = logon.step()
    while token is not None and not acceptor.complete:
        theirs = acceptor.step(token)
        if theirs is None:
            break
        header = f"{logon.scheme} {base64.b64encode(theirs).decode()}"
        assert logon.token([header]) == theirs
        token = logon.step(theirs)
    assert logon.complete
    assert acceptor.complete
    return logon, acceptor


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("auth", ["ntlm", "negotiate", "credssp"])
@pytest.mark.parametrize("size", [0, 5, 70_000])
def test_messages_go_encrypted_and_come_back(auth: str, size: int) -> None:
    logon, acceptor = logged_on(auth)
    message = b"<s>" + b"x" * size
    kind, body = logon.encrypt(message)
    assert message not in body
    assert ("x-multi" in kind) == (auth == "credssp" and size > 16384)
    there = Logon.__new__(Logon)  # the same reading, at the other end
    there._context, there.scheme, there.encrypts = acceptor, logon.scheme, True
    assert there.decrypt(kind, body) == message
    kind, body = there.encrypt(message)
    assert logon.decrypt(kind, body) == message


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("auth", ["ntlm", "negotiate"])
def test_no_lm_hash_is_made_which_takes_longer_than_all_the_rest(auth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spnego._ntlm.lmowfv1", lambda _: pytest.fail("an LM hash was made"))
    assert Logon(settings(auth=auth), b"").step()
    monkeypatch.undo()
    monkeypatch.setenv("LM_COMPAT_LEVEL", "1")  # whoever asks for LM gets it
    assert Logon(settings(auth=auth), b"").step()


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("how", ["other content", "cut short"])
def test_an_encrypted_message_that_was_changed_is_refused(how: str) -> None:
    logon, acceptor = logged_on("ntlm")
    there = Logon.__new__(Logon)
    there._context, there.scheme, there.encrypts = acceptor, logon.scheme, True
    kind, body = there.encrypt(b"<s>secret</s>")
    changed = {
        "other content": body[:-40] + bytes([body[-40] ^ 1]) + body[-39:],
        "cut short": body[:-40],
    }[how]
    with pytest.raises(TransportError):
        logon.decrypt(kind, changed)


@pytest.mark.usefixtures("accounts")
def test_an_encrypted_message_of_another_length_is_refused() -> None:
    logon, acceptor = logged_on("ntlm")
    there = Logon.__new__(Logon)
    there._context, there.scheme, there.encrypts = acceptor, logon.scheme, True
    kind, body = there.encrypt(b"<s>secret</s>")
    with pytest.raises(TransportError, match="length"):
        logon.decrypt(kind, body.replace(b"Length=13", b"Length=12"))


def test_basic_and_certificate_are_said_with_every_request() -> None:
    basic = settings(auth="basic", scheme="https", user="Grüße", password="p:w")
    assert fixed_header(basic) == "Basic R3LDvMOfZTpwOnc="
    files = {"certificate_file": "c", "certificate_key_file": "k"}
    assert "https/mutual" in str(fixed_header(settings(auth="certificate", scheme="https", **files)))
    assert fixed_header(settings()) is None
