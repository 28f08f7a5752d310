"""A node as the pull server sees it, and a server to talk to."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from pydantic import SecretStr

from psnet._internal.registration_signature import sign, write_date

if TYPE_CHECKING:
    from pathlib import Path

KEY = SecretStr("0123456789abcdef-a-registration-key")


@dataclass
class Node:
    """Sends what a node sends; every argument may be made wrong."""

    url: str
    ca: Path
    agent: str = field(default_factory=lambda: str(uuid.uuid4()))
    http: requests.Session = field(default_factory=requests.Session)

    def send(self, verb: str, path: str, data: Any = None, **headers: str | None) -> requests.Response:
        body = data if isinstance(data, bytes | None) else json.dumps(data).encode()
        sent = {"ProtocolVersion": "2.0", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        used = {name: value for name, value in sent.items() if value is not None}
        return self.http.request(verb, self.url + path, data=body, headers=used, verify=str(self.ca), timeout=20)

    def node(self, rest: str = "") -> str:
        return f"/Nodes(AgentId='{self.agent}'){rest}"

    def registration(self, *names: str, kind: str = "ConfigurationRepository") -> bytes:
        return json.dumps(
            {
                "AgentInformation": {"LCMVersion": "2.0", "NodeName": "web01", "IPAddress": "10.0.0.1;::1"},
                "ConfigurationNames": list(names),
                "RegistrationInformation": {
                    "CertificateInformation": {"FriendlyName": "DSC-OaaS", "Version": 3},
                    "RegistrationMessageType": kind,
                },
            }
        ).encode()

    def register(
        self,
        *names: str,
        key: SecretStr = KEY,
        date: str | None = None,
        body: bytes | None = None,
        kind: str = "ConfigurationRepository",
        **headers: str | None,
    ) -> requests.Response:
        data = body if body is not None else self.registration(*names, kind=kind)
        when = date if date is not None else write_date(dt.datetime.now(dt.UTC))
        signed = {"x_ms_date": when, "Authorization": f"Shared {sign(key, data, when)}"}
        return self.send("PUT", self.node(), data, **{**signed, **headers})

    def action(self, *status: dict[str, str]) -> requests.Response:
        return self.send("POST", self.node("/GetDscAction"), {"ClientStatus": list(status)})

    def configuration(self, name: str) -> requests.Response:
        return self.send("GET", self.node(f"/Configurations(ConfigurationName='{name}')/ConfigurationContent"))

    def module(self, name: str, version: str, **headers: str | None) -> requests.Response:
        path = f"/Modules(ModuleName='{name}',ModuleVersion='{version}')/ModuleContent"
        return self.send("GET", path, **{"AgentId": self.agent, **headers})

    def report(self, job: str, **fields: Any) -> requests.Response:
        body = {"JobId": job, "OperationType": "Consistency", "ReportFormatVersion": "2.0", "StartTime": "x", **fields}
        return self.send("POST", self.node("/SendReport"), body)
