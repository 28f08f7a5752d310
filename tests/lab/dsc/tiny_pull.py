"""A tiny, strict pull server: what a node may send, by MS-DSCPM alone; anything else is answered 400 and noted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import io
import json
import re
import ssl
import threading
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from dsc_lab import MODULES

from psnet._internal.pki import CertificateAuthority, new_key, server_names, write_pem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

KEY = "d65660b8-9a3d-4f2e-8b3c-lab-registration"
_NODE = re.compile(r"/PSDSCPullServer\.svc/Nodes\(AgentId='([0-9A-Fa-f-]{36})'\)(.*)")
_MODULE = re.compile(r"/PSDSCPullServer\.svc/Modules\(ModuleName='(\w+)',ModuleVersion='([\d.]+)'\)/ModuleContent")
_CONTENT = re.compile(r"/Configurations\(ConfigurationName='(\w+)'\)/ConfigurationContent")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")


def package(version: str = "1.2.0", **extra: bytes) -> bytes:
    """Return the zip of the test's module; ``extra`` are further entries."""
    data = io.BytesIO()
    root = MODULES / "LabDemo"
    with zipfile.ZipFile(data, "w") as archive:
        for file in sorted(root.rglob("*")):
            if file.is_file():
                text = file.read_text(encoding="utf-8").replace("'1.2.0'", f"'{version}'")
                archive.writestr(file.relative_to(root).as_posix(), text)
        for name, held in extra.items():
            archive.writestr(name, held)
    return data.getvalue()


class Tiny:
    """What the server offers and what it was asked."""

    def __init__(self) -> None:
        self.configurations: dict[str, bytes] = {}
        self.modules: dict[tuple[str, str], bytes] = {}
        self.registered: dict[str, list[dict[str, Any]]] = {}
        self.reports: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.bad: list[str] = []
        self.spoil = False  # give wrong checksums
        self.url = ""
        self.ca = ""

    def answer(self, verb: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.log.append(f"{verb} {path.partition('svc')[2]}")
        if headers.get("ProtocolVersion") != "2.0":
            return self._refuse("ProtocolVersion")
        if found := _MODULE.fullmatch(path):
            known = headers.get("AgentId", "") in self.registered and verb == "GET"
            return self._content(self.modules.get((found[1], found[2])) if known else None)
        found = _NODE.fullmatch(path)
        if found is None:
            return self._refuse(path)
        agent, rest = found[1], found[2]
        if verb == "PUT" and not rest:
            return self._register(agent, headers, body)
        if agent not in self.registered:
            return self._refuse("not registered")
        if verb == "GET" and (named := _CONTENT.fullmatch(rest)):
            return self._content(self.configurations.get(named[1]))
        data = json.loads(body)
        if (verb, rest) == ("POST", "/GetDscAction"):
            return self._action(data)
        if (verb, rest) == ("POST", "/SendReport"):
            self.reports.append(data)
            return 200, {}, b'{"value": "SavedReport"}'
        return self._refuse(path)

    def _register(self, agent: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        date = headers.get("x-ms-date", "")
        signed = f"{base64.b64encode(hashlib.sha256(body).digest()).decode()}\n{date}".encode()
        wanted = base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha256).digest()).decode()
        if not _DATE.fullmatch(date) or headers.get("Authorization") != f"Shared {wanted}":
            return 401, {}, b""
        data = json.loads(body)
        kind = set(data["RegistrationInformation"]["CertificateInformation"])
        names = {"FriendlyName", "Issuer", "NotAfter", "NotBefore", "Subject", "PublicKey", "Thumbprint", "Version"}
        if kind != names or set(data["AgentInformation"]) != {"LCMVersion", "NodeName", "IPAddress"}:
            return self._refuse("registration")
        self.registered.setdefault(agent, []).append(data)
        return 204, {}, b""

    def _action(self, data: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        details = []
        for item in data["ClientStatus"]:
            if set(item) != {"Checksum", "ConfigurationName", "ChecksumAlgorithm"} or not item["ConfigurationName"]:
                return self._refuse("ClientStatus")
            held = self.configurations.get(item["ConfigurationName"])
            same = held is not None and hashlib.sha256(held).hexdigest().upper() == item["Checksum"]
            word = "RETRY" if held is None else "OK" if same else "GetConfiguration"
            details.append({"ConfigurationName": item["ConfigurationName"], "Status": word})
        words = {item["Status"] for item in details}
        whole = next(word for word in ("GetConfiguration", "RETRY", "OK") if word in words)
        return 200, {}, json.dumps({"NodeStatus": whole, "Details": details}).encode()

    def _content(self, data: bytes | None) -> tuple[int, dict[str, str], bytes]:
        if data is None:
            return 404, {}, b""
        checksum = "0" * 64 if self.spoil else hashlib.sha256(data).hexdigest().upper()
        return 200, {"Checksum": checksum, "ChecksumAlgorithm": "SHA-256"}, data

    def _refuse(self, why: str) -> tuple[int, dict[str, str], bytes]:
        self.bad.append(why)
        return 400, {}, b""


@contextmanager
def serving(folder: Path, lifetime: dt.timedelta) -> Iterator[Tiny]:
    """Serve over TLS on loopback."""
    tiny = Tiny()
    authority, key = CertificateAuthority("tiny CA", lifetime), new_key()
    write_pem(folder / "tiny.pem", authority.sign("localhost", key.public_key(), server_names(["127.0.0.1"])))
    write_pem(folder / "tiny.key", None, key)
    tiny.ca = authority.certificate.public_bytes(serialization.Encoding.PEM).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, data = tiny.answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data)), "ProtocolVersion": "2.0"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tiny.pem", folder / "tiny.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    tiny.url = f"https://127.0.0.1:{server.server_address[1]}/PSDSCPullServer.svc"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield tiny
    finally:
        server.shutdown()
        server.server_close()
