"""Answers that mean harm, byte for byte: heads, chunks, encodings, logons and SOAP, over every transport."""

from __future__ import annotations

import base64
import gzip
import socket
import threading
import time
import zlib
from typing import TYPE_CHECKING, Final

import pytest
from sampling import every

from psnet.errors import HostError
from psnet.lab.wire.tls import Authority
from psnet.transport import open_session
from psnet.transport.settings import ConnectionSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
_FAULTS: Final = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
_TYPE: Final = b"Content-Type: application/soap+xml;charset=UTF-8\r\n"
_ESCAPES: Final = "\x1b[2J\x1b]0;owned\x07\u202e\u200b"
_NTLM: Final = base64.b64encode(b"NTLMSSP\0\2\0\0\0" + b"\xff" * 40).decode()


def answer(body: bytes, *head: str, status: str = "200 OK") -> bytes:
    lines = "".join(f"{line}\r\n" for line in head).encode("latin-1", "replace")
    return f"HTTP/1.1 {status}\r\n".encode() + _TYPE + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + _TYPE + b"Transfer-Encoding: chunked\r\n\r\n" + body


def head(*lines: bytes, first: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((first, *lines, b"", b""))


def envelope(inner: str, more: str = "") -> bytes:
    return f'<s:Envelope xmlns:s="{_SOAP}" {more}><s:Body>{inner}</s:Body></s:Envelope>'.encode("utf-8", "replace")


def fault(code: str, reason: str) -> bytes:
    said = f'<f:WSManFault xmlns:f="{_FAULTS}" Code="{code}"><f:Message>{reason}</f:Message></f:WSManFault>'
    return answer(
        envelope(f"<s:Fault><s:Reason><s:Text>{reason}</s:Text></s:Reason><s:Detail>{said}</s:Detail></s:Fault>"),
        status="500 No",
    )


def refused(*challenges: str) -> bytes:
    return answer(b"", *(f"WWW-Authenticate: {item}" for item in challenges), status="401 Unauthorized")


ANSWERS: Final[dict[str, bytes]] = {
    "chunk of 2^64": chunked(b"FFFFFFFFFFFFFFFF\r\n"),
    "chunk below zero": chunked(b"-1\r\nabc\r\n0\r\n\r\n"),
    "chunk that is no number": chunked(b"zz\r\nabc\r\n0\r\n\r\n"),
    "chunk with a long extension": chunked(b"1;" + b"x" * 200_000 + b"\r\na\r\n0\r\n\r\n"),
    "chunk without its end": chunked(b"1\r\nabcdef\r\n0\r\n\r\n"),
    "chunks of one byte": chunked(b"1\r\n \r\n" * 60_000 + b"0\r\n\r\n"),
    "trailers": chunked(b"1\r\na\r\n0\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n"),
    "length below zero": head(b"Content-Length: -5") + b"abcde",
    "length in hexadecimal": head(b"Content-Length: 0x10") + b"a" * 16,
    "length of a hundred digits": head(b"Content-Length: " + b"9" * 100) + b"a",
    "two lengths": head(b"Content-Length: 1", b"Content-Length: 2") + b"ab",
    "length and chunks": head(b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\nabc",
    "gzip in chunks": head(b"Transfer-Encoding: gzip, chunked") + b"3\r\nabc\r\n0\r\n\r\n",
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
    "hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 20_000,
    "many headers": head(*(b"X-%d: y" % number for number in range(20_000))),
    "header with zeros": head(b"X: a\0b", b"Content-Length: 0"),
    "header without a name": head(b": x", b"Content-Length: 0"),
    "header with escapes": head(b"X: \x1b[2J", b"Content-Length: 0", first=b"HTTP/1.1 403 \x1b[2J"),
    "folded header": head(b"X: a", b" b", b"Content-Length: 0"),
    "no head": b"<html>",
    "no version": head(first=b"HTTP/9.9 200 OK"),
    "huge status": head(first=b"HTTP/1.1 99999999999999999999 OK"),
    "status below zero": head(first=b"HTTP/1.1 -200 OK"),
    "status that is a word": head(first=b"HTTP/1.1 OK"),
    "status 0": head(b"Content-Length: 0", first=b"HTTP/1.1 000 OK"),
    "status 206": answer(b"abc", "Content-Range: bytes 0-2/1000000000", status="206 Partial"),
    "status 204": answer(b"abc", status="204 None"),
    "protocol switch": head(b"Upgrade: h2c", b"Connection: upgrade", first=b"HTTP/1.1 101 Switch"),
    "HTTP/2": b"\0\0\x12\4\0\0\0\0\0" + bytes(18),
    "gzip bomb": answer(gzip.compress(bytes(200_000_000)), "Content-Encoding: gzip"),
    "deflate bomb": answer(zlib.compress(bytes(200_000_000)), "Content-Encoding: deflate"),
    "gzip of gzip": answer(gzip.compress(gzip.compress(bytes(50_000_000))), "Content-Encoding: gzip, gzip"),
    "gzip that is none": answer(b"abc", "Content-Encoding: gzip"),
    "encoding that nobody knows": answer(b"abc", "Content-Encoding: \x1b[2J"),
    "redirect to a file": answer(b"", "Location: file:///etc/passwd", status="302 Found"),
    "redirect to itself": answer(b"", "Location: /wsman", status="301 Moved"),
    "redirect to nowhere": answer(b"", status="307 Moved"),
    "proxy logon": answer(b"", 'Proxy-Authenticate: Basic realm="x"', status="407 Proxy"),
    "refusal without an offer": refused(),
    "refusal with escapes": refused(f'Basic realm="{_ESCAPES}"'),
    "a thousand offers": refused(*['Basic realm="x"'] * 1000),
    "offer that is no Base64": refused("Negotiate ====", "Negotiate \x1b[2J"),
    "NTLM of noise": refused(f"Negotiate {_NTLM}", f"NTLM {_NTLM}"),
    "NTLM that is cut": refused("Negotiate TlRMTVNTUAAC", "NTLM TlRMTVNTUAAC"),
    "NTLM of 30 kB": refused("Negotiate " + base64.b64encode(b"NTLMSSP\0\2\0\0\0" + bytes(30_000)).decode()),
    "CredSSP of noise": refused("CredSSP " + base64.b64encode(b"\x16\3\3\xff\xff" * 9).decode()),
    "CredSSP of ASN.1 without end": refused("CredSSP MIIwgDCAMIAwgDCAMIA=" + "MIAwgDCA" * 100),
    "Kerberos of noise": refused("Kerberos YIIwgDCA", "Negotiate oYIwgDCA"),
    "UTF-16": answer(envelope("").decode().encode("utf-16")),
    "UTF-16 that is cut": answer(envelope("").decode().encode("utf-16")[:-1]),
    "UTF-32": answer(envelope("").decode().encode("utf-32")),
    "no UTF-8": answer(envelope("x").replace(b"x<", b"\xff\xfe\xc0\x80<")),
    "surrogates in UTF-8": answer(envelope("x").replace(b">x<", b">\xed\xa0\x80<")),
    "unknown encoding": answer(b'<?xml version="1.0" encoding="no-such"?><x/>'),
    "encoding with escapes": answer(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-x/+AD4-'),
    "external entity": answer(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "parameter entity": answer(b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/d"> %p;]><x/>'),
    "quadratic entity": answer(b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><x>' + b"&a;" * 5000 + b"</x>"),
    "document type in UTF-16": answer(
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")
    ),
    "inclusion": answer(envelope('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')),
    "many attributes": answer(envelope("<a " + " ".join(f'a{n}=""' for n in range(50_000)) + "/>")),
    "same attribute": answer(envelope('<a b="1" b="2"/>')),
    "long attribute": answer(envelope(f'<a b="{"x" * 3_000_000}"/>')),
    "many namespaces": answer(envelope("", " ".join(f'xmlns:n{n}="u{n}"' for n in range(30_000)))),
    "long comment": answer(b"<!--" + b"x" * 3_000_000 + b"-->" + envelope("")),
    "many instructions": answer(b"<?x y?>" * 100_000 + envelope("")),
    "deep without prefix": answer(envelope("<a>" * 100_000)),
    "two documents": answer(envelope("") * 2),
    "no namespace": answer(b"<Envelope><Body/></Envelope>"),
    "nothing": answer(b""),
    "blanks": answer(b" " * 100_000),
    "another's answer": answer(envelope("")),
    "multipart that is none": answer(b"--Encrypted Boundary\r\n" * 1000, "Content-Type: multipart/encrypted"),
    "fault with escapes": fault("5", "&#27;no".replace("&#27;", "") + "\u202e\u200b\x85\x9b2J"),
    "fault of 3 MB": fault("8", "no " * 1_000_000),
    "fault without a number": fault("x" * 1000, "no"),
    "fault of a huge number": fault("9" * 6000, "no"),
    "fault below zero": fault("-1", "{0} %s {user} [bold]x[/]"),
    "page with escapes": answer(f"<html>{_ESCAPES}</html>".encode(), status=f"500 {_ESCAPES[:4]}"),
}


class Server:
    """Gives the answer that the path names, to every request, and closes."""

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder)
        self.ca = self._authority.ca_path
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._names = list(ANSWERS)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                made, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(made,), daemon=True).start()

    def _serve(self, made: socket.socket) -> None:
        try:
            made.settimeout(20)
            with self._authority.context.wrap_socket(made, server_side=True) as secure:
                while True:
                    asked = b""
                    while b"\r\n\r\n" not in asked:
                        piece = secure.recv(65536)
                        if not piece:
                            return
                        asked += piece
                    number = int(asked.split(b" ", 2)[1].strip(b"/"))
                    secure.sendall(ANSWERS[self._names[number]])
        except (OSError, ValueError):
            made.close()

    def stop(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("authority"))
    yield made
    made.stop()


CASES = every(
    26,
    [
        (name, transport, auth)
        for name in ANSWERS
        for transport in ("psrp", "pypsrp", "winrm")
        for auth in ("basic", "ntlm", "credssp")
    ],
)


@pytest.mark.parametrize(("name", "transport", "auth"), CASES)
def test_it_ends_in_a_sentence(server: Server, name: str, transport: str, auth: str) -> None:
    given = {"address": "127.0.0.1", "port": server.port, "ca_file": str(server.ca), "transport": transport}
    given |= {"user": "u", "password": "p", "auth": auth, "path": str(list(ANSWERS).index(name))}
    given |= {"connect_timeout": 5, "operation_timeout": 2, "read_timeout": 3}
    given |= {"retry": {"attempts": 1, "resume_within": 0}, "budget": {"connect_seconds": 8, "seconds": 8}}
    session = open_session(ConnectionSettings.model_validate(given), "h")
    began = time.monotonic()
    with pytest.raises(HostError) as caught:
        session.run("1")
    session.close()
    assert time.monotonic() - began < 30
    said = str(caught.value)
    assert said.startswith("h: ")
    assert "remedy" in said
    assert len(said) < 4000
    assert not any(word in said for word in ("Error(", "Exception(", "object at 0x", "NoneType", "Traceback", "<html"))


def test_there_are_enough_of_them() -> None:
    assert len(ANSWERS) > 70
