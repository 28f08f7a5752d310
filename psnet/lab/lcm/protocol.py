"""The pull protocol v2 (MS-DSCPM) from the node's side, over real HTTPS.

Paths, headers, bodies and the signature: MS-DSCPM's appendix and Tug; report fields: Microsoft's page about the report
server.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from psnet._internal.pki import CertificateAuthority, new_key
from psnet._internal.registration_signature import sign, write_date
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.certificates import thumbprint
from psnet.lab.lcm.refusals import TARGET, refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.lab.lcm.core import Core
    from psnet.lab.lcm.settings import Manager

_TIMEOUT: Final = 30.0
_REGISTER: Final = "Microsoft.PowerShell.DesiredStateConfiguration.Commands.RegisterDscAgentCommand"
_JSON: Final = "application/json; charset=utf-8"
_KINDS: Final = {
    "MSFT_WebDownloadManager": "ConfigurationRepository",
    "MSFT_WebResourceManager": "ResourceRepository",
    "MSFT_WebReportManager": "ReportServer",
}


class _Trusting(HTTPAdapter):
    """Trusts what the host's store of roots holds."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._context = ssl.create_default_context()
        if roots:
            self._context.load_verify_locations(cadata="\n".join(roots))
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        """Give the pool the context."""
        return super().init_poolmanager(*args, **kwargs, ssl_context=self._context)


@dataclass(frozen=True, slots=True)
class Client:
    """One server as a node talks to it."""

    lcm: Core
    manager: Manager

    def register(self) -> None:
        """Do RegisterDscAgent, signed with the registration key; raises HostRefusal."""
        key = self.manager.values.get("RegistrationKey")
        if not key:
            return
        body = json.dumps(self._registration()).encode()
        date = write_date(self.lcm.host.clock.now())
        signed = {"x-ms-date": date, "Authorization": f"Shared {sign(SecretStr(str(key)), body, date)}"}
        try:
            answer = self._send("PUT", self._node(), body, signed)
        except HostRefusal as refusal:
            raise self._not_registered(refusal.message) from refusal
        if answer.status_code not in (200, 201, 204):
            raise self._not_registered(f"The server answered {answer.status_code}.")

    def action(self, held: Mapping[str, str]) -> dict[str, str]:
        """Do GetDscAction; ``held`` are checksums by configuration name. Return what to do for each name."""
        status = [
            {"Checksum": checksum, "ConfigurationName": name, "ChecksumAlgorithm": "SHA-256"}
            for name, checksum in held.items()
        ]
        data = self._json("POST", self._node("/GetDscAction"), {"ClientStatus": status})
        whole = str(data.get("NodeStatus"))
        details = {
            str(item.get("ConfigurationName")).lower(): str(item.get("Status")) for item in data.get("Details") or ()
        }
        found = {name: details.get(name.lower(), whole) for name in held}
        for word in found.values():
            if word.lower() not in ("ok", "retry", "getconfiguration"):
                raise refused("PullAction", f"{self.manager.url} answered {word}, which the lab does not know.")
        return {name: word.lower() for name, word in found.items()}

    def configuration(self, name: str) -> tuple[bytes, str]:
        """Return a configuration's document and its checksum, which was verified."""
        return self._content(self._node(f"/Configurations(ConfigurationName='{name}')/ConfigurationContent"))

    def module(self, name: str, version: str) -> bytes:
        """Return a module's package, its checksum verified."""
        return self._content(f"/Modules(ModuleName='{name}',ModuleVersion='{version}')/ModuleContent")[0]

    def report(self, body: dict[str, Any]) -> None:
        """Do SendReport."""
        self._json("POST", self._node("/SendReport"), body)

    # -- the wire ---------------------------------------------------------------------------------

    def _node(self, rest: str = "") -> str:
        return f"/Nodes(AgentId='{self.lcm.agent_id}'){rest}"

    def _send(
        self, verb: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        sent = {"ProtocolVersion": "2.0", "AgentId": self.lcm.agent_id, "Accept": "application/json"}
        if body is not None:
            sent["Content-Type"] = _JSON
        with self.lcm.gate.unlocked(), requests.Session() as session:
            session.trust_env = False
            session.mount("https://", _Trusting(self.lcm.certificates.roots))
            try:
                return session.request(
                    verb,
                    self.manager.url + path,
                    data=body,
                    headers={**sent, **(headers or {})},
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise refused(
                    "PullServerUnreachable", f"{self.manager.url}: {type(error).__name__}: {error}", "ConnectionError"
                ) from error

    def _json(self, verb: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = self._send(verb, path, json.dumps(data).encode())
        self._expect(answer, path)
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise refused("PullAnswer", f"{self.manager.url}{path} answered no JSON object.", "InvalidResult")
        return found

    def _content(self, path: str) -> tuple[bytes, str]:
        answer = self._send("GET", path)
        self._expect(answer, path)
        stated, algorithm = answer.headers.get("Checksum", ""), answer.headers.get("ChecksumAlgorithm", "")
        digest = hashlib.sha256(answer.content).hexdigest().upper()
        if algorithm != "SHA-256" or stated.upper() != digest:
            raise refused(
                "ChecksumMismatch", f"{self.manager.url}{path}: the checksum is not the content's.", "InvalidResult"
            )
        return answer.content, digest

    def _expect(self, answer: requests.Response, path: str) -> None:
        if answer.status_code != requests.codes.ok:
            raise refused("PullAnswer", f"{self.manager.url}{path} answered {answer.status_code}.", "InvalidResult")

    def _not_registered(self, why: str) -> HostRefusal:
        url = self.manager.url
        return HostRefusal(
            f"RegisterDscAgentUnsuccessful,{_REGISTER}",
            f"Registration of the Dsc Agent with the server {url} failed. The underlying error is: Failed to register "
            f"Dsc Agent with AgentId {self.lcm.agent_id} with the server {url}{self._node()}. {why}",
            "InvalidResult",
            target=TARGET,
        )

    def _registration(self) -> dict[str, Any]:
        host = self.lcm.host
        addresses = [str(item.ip) for adapter in host.links.adapters for item in adapter.addresses]
        return {
            "AgentInformation": {
                "LCMVersion": "2.0",
                "NodeName": self.lcm.computer,
                "IPAddress": ";".join([*addresses, "127.0.0.1", "::1"]),
            },
            "ConfigurationNames": list(self.manager.values.get("ConfigurationNames") or []),
            "RegistrationInformation": {
                "CertificateInformation": certificate_information(),
                "RegistrationMessageType": _KINDS[self.manager.class_name],
            },
        }


def certificate_information() -> dict[str, Any]:
    """Return a fresh self-signed certificate of the node as the registration tells it."""
    found = CertificateAuthority("DSC-OaaS", dt.timedelta(days=365)).certificate
    key = new_key().public_key().public_numbers()
    return {
        "FriendlyName": "DSC-OaaS Client Authentication",
        "Issuer": "CN=DSC-OaaS",
        "NotAfter": found.not_valid_after_utc.isoformat(),
        "NotBefore": found.not_valid_before_utc.isoformat(),
        "Subject": "CN=DSC-OaaS",
        "PublicKey": f"U3{key.x:064x}",
        "Thumbprint": thumbprint(found),
        "Version": 3,
    }
