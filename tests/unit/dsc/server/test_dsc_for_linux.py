"""Microsoft's DSC for Linux as the judge: what its client sends, and what it reads of the answers.

Evidence: PowerShell/PowerShell-DSC-for-Linux, LCM/scripts/RegisterHelper.sh (the registration and its signature) and
LCM/dsc/engine/ca/CAInfrastructure/WebPullClient.c (IssueGetActionRequest, GetGetActionData and the like).
It cannot be built here; what it reports is in test_server_reports.py.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest
from pull_client import KEY
from pull_server import WEB, Running, sha

if TYPE_CHECKING:
    import requests
    from pull_client import Node

JSON = {"Accept": "application/json", "Content_Type": "application/json; charset=utf-8"}


def registration(names: str, kind: str) -> bytes:
    """Return the body: no blanks, no ConfigurationNames without one, dates with seven digits and the zone's colon."""
    listed = f'"ConfigurationNames":["{names}"],' if names else ""
    certificate = (
        '"FriendlyName":"DSC-OaaS Client Authentication","Issuer":"CN=DSC-OaaS",'
        '"NotAfter":"2027-01-01T00:00:00.0000000+00:00","NotBefore":"2026-01-01T00:00:00.0000000+00:00","Subject":"CN=DSC-OaaS","PublicKey":"MIIB",'
        f'"Thumbprint":"{"AB" * 20}","Version":3'
    )
    return (
        '{"AgentInformation":{"LCMVersion":"2.0","NodeName":"lx1","IPAddress":"127.0.0.1;::1;10.0.0.4;"},'
        f'{listed}"RegistrationInformation":{{"CertificateInformation":{{{certificate}}},"RegistrationMessageType":"{kind}"}}}}'
    ).encode()


def register(node: Node, names: str = "web", kind: str = "ConfigurationRepository") -> requests.Response:
    """Sign as ``openssl dgst -hmac`` does: the body's hash in Base64, a line feed and the date."""
    body = registration(names, kind)
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    text = base64.b64encode(hashlib.sha256(body).digest()) + b"\n" + when.encode()
    signature = base64.b64encode(hmac.digest(KEY.get_secret_value().encode(), text, "sha256")).decode()
    return node.send("PUT", node.node(), body, x_ms_date=when, Authorization=f"Shared {signature}", **JSON)


def action(node: Node, checksum: str) -> tuple[str, str | None]:
    """Ask as it does, with one nameless status; return NodeStatus and the configuration, cut out as it does."""
    body = f'{{"ClientStatus":[{{"Checksum":"{checksum}","ChecksumAlgorithm":"SHA-256"}}]}}'.encode()
    answer = node.send("POST", node.node("/GetDscAction"), body, **JSON)
    assert answer.status_code == 200, "another code is a failure"
    text = answer.text
    begin = text.index('NodeStatus":') + 13  # the quote is taken for granted: a blank would shift it
    status = text[begin : text.index('"', begin)]
    if 'ConfigurationName":' not in text:
        return status, None
    begin = text.index('ConfigurationName":') + 20
    return status, text[begin : text.index('"', begin)]


@pytest.mark.parametrize("kind", ["ConfigurationRepository", "ResourceRepository", "ReportServer"])
def test_its_registration_is_taken(server: Running, kind: str) -> None:
    answer = register(server.node(), "web" if kind == "ConfigurationRepository" else "", kind)
    assert answer.status_code == 204


def test_it_is_told_what_to_get_and_gets_it(server: Running) -> None:
    node = server.node()
    assert register(node).status_code == 204
    assert action(node, "") == ("GetConfiguration", "web")
    answer = node.send(
        "GET",
        node.node("/Configurations(ConfigurationName='web')/ConfigurationContent"),
        Content_Type=None,
    )
    assert answer.status_code == 200
    assert (answer.headers["Checksum"], answer.headers["ChecksumAlgorithm"]) == (sha(WEB), "SHA-256")
    assert hashlib.sha256(answer.content).hexdigest().upper() == answer.headers["Checksum"]
    assert action(node, answer.headers["Checksum"]) == ("OK", "web")


def test_a_configuration_that_is_not_there_yet_is_an_answer_that_it_fails_at(server: Running) -> None:
    """It knows OK and GetConfiguration alone, so RETRY is an error for it, as docs/dsc.md says."""
    node = server.node()
    assert register(node, "later").status_code == 204
    assert action(node, "")[0] == "RETRY"
