"""The pull server over real HTTPS: what a node gets, and what it does not."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pull_client import KEY, Node
from pull_server import DB, WEB, ZIP, Running, sha
from pydantic import SecretStr

from psnet._internal.registration_signature import write_date
from psnet.dsc.server import ServerFolder

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_node_registers_pulls_and_reports(server: Running) -> None:
    node = server.node()
    assert node.register("web").status_code == 204
    first = node.action({"ConfigurationName": "web", "Checksum": "", "ChecksumAlgorithm": "SHA-256"})
    assert first.headers["ProtocolVersion"] == "2.0"
    assert first.json() == {
        "NodeStatus": "GetConfiguration",
        "Details": [{"ConfigurationName": "web", "Status": "GetConfiguration"}],
    }
    document = node.configuration("web")
    assert (document.content, document.headers["Checksum"], document.headers["ChecksumAlgorithm"]) == (
        WEB,
        sha(WEB),
        "SHA-256",
    )
    package = node.module("PSNetDsc", "1.2.0")
    assert (package.content, package.headers["Checksum"]) == (ZIP, sha(ZIP))
    settled = node.action({"ConfigurationName": "web", "Checksum": sha(WEB).lower(), "ChecksumAlgorithm": "SHA-256"})
    assert settled.json()["NodeStatus"] == "OK"
    job = str(uuid.uuid4())
    assert node.report(job, Status="Success", StatusData=["{}"], Errors=[]).json()["value"] == "SavedReport"
    assert [item["JobId"] for item in node.send("GET", node.node("/Reports")).json()["value"]] == [job]
    assert node.send("GET", node.node(f"/Reports(JobId='{job}')")).json()["Status"] == "Success"


@pytest.mark.parametrize(
    ("names", "has", "whole", "each"),
    [
        (("web", "db"), {}, "GetConfiguration", {"web": "GetConfiguration", "db": "GetConfiguration"}),
        (("web", "db"), {"web": sha(WEB)}, "GetConfiguration", {"web": "OK", "db": "GetConfiguration"}),
        (("web", "db"), {"web": sha(WEB), "db": sha(DB)}, "OK", {"web": "OK", "db": "OK"}),
        (("web", "later"), {"web": sha(WEB)}, "RETRY", {"web": "OK", "later": "RETRY"}),
        (("torn",), {}, "RETRY", {"torn": "RETRY"}),
        (("linked",), {}, "RETRY", {"linked": "RETRY"}),
    ],
)
def test_each_configuration_has_its_own_status(
    server: Running, names: tuple[str, ...], has: dict[str, str], whole: str, each: dict[str, str]
) -> None:
    node = server.node()
    node.register(*names)
    answer = node.action(*({"ConfigurationName": name, "Checksum": has.get(name, "")} for name in names)).json()
    assert answer["NodeStatus"] == whole
    assert {item["ConfigurationName"]: item["Status"] for item in answer["Details"]} == each


def test_a_node_that_names_no_configuration_is_told_of_all_it_registered_for(server: Running) -> None:
    node = server.node()
    node.register("web")
    assert node.action({"Checksum": sha(WEB)}).json()["NodeStatus"] == "OK"
    assert node.action().json()["Details"] == [{"ConfigurationName": "web", "Status": "GetConfiguration"}]


def date(**off: float) -> str:
    return write_date(dt.datetime.now(dt.UTC) + dt.timedelta(**off))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": SecretStr("another-key-of-some-length")},
        {"date": "-360 s"},
        {"date": "360 s"},
        {"date": "2026-11-25T10:00:00Z"},
        {"date": "2026-13-25T10:00:00.0000000Z"},
        {"Authorization": None},
        {"x_ms_date": None},
        {"Authorization": "Shared AAAA"},
        {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        {"x_ms_date": "1 s"},  # signed for another date
    ],
    ids="-".join,
)
def test_a_registration_that_is_not_signed_as_it_must_be_is_refused(server: Running, wrong: dict[str, str]) -> None:
    node = server.node()
    given = {
        name: date(seconds=int(text.split()[0])) if str(text).endswith(" s") else text for name, text in wrong.items()
    }
    assert node.register("web", **given).status_code == 401
    assert node.action().status_code == 401


def test_a_body_that_is_not_the_signed_one_is_refused(server: Running) -> None:
    from psnet._internal.registration_signature import sign

    node, when = server.node(), date()
    signature = sign(KEY, node.registration("web"), when)
    headers = {"x_ms_date": when, "Authorization": f"Shared {signature}"}
    assert node.send("PUT", node.node(), node.registration("db"), **headers).status_code == 401


def test_a_signature_works_once(server: Running) -> None:
    when, node, other = date(), server.node(), server.node()
    assert node.register("web", date=when).status_code == 204
    assert node.register("web", date=when).status_code == 401
    assert other.register("web", date=when).status_code == 401, "nor for another node"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"ConfigurationNames": ["web"]}', 400),
        (Node("", Path()).registration("../web"), 400),
        (b" " * 300_000, 413),
    ],
    ids=["empty", "torn", "list", "no agent", "a path", "too long"],
)  # fmt: skip
def test_a_signed_body_that_makes_no_sense_is_refused(server: Running, body: bytes, status: int) -> None:
    assert server.node().register(body=body).status_code == status


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda node: node.configuration("db"), 404),  # there, but not this node's
        (lambda node: node.configuration("nothing"), 404),
        (lambda node: node.configuration("web.meta"), 404),
        (lambda node: node.configuration("..%2fprivate%2fseal"), 404),
        (lambda node: node.configuration("../private/seal"), 404),
        (lambda node: node.configuration("web%00"), 404),
        (lambda node: node.action({"ConfigurationName": "db"}), 404),
        (lambda node: node.action({"ConfigurationName": "web", "ChecksumAlgorithm": "MD5"}), 400),
        (lambda node: node.action({"ConfigurationName": "web", "Checksum": "zz"}), 400),
        (lambda node: node.module("PSNetDsc", "9.9"), 404),
        (lambda node: node.module("notes", "1.0"), 404),
        (lambda node: node.module("PSNetDsc", "1.2.0", AgentId=None), 401),
        (lambda node: node.module("PSNetDsc", "1.2.0", AgentId=str(uuid.uuid4())), 401),
        (lambda node: node.send("GET", node.node(f"/Reports(JobId='{uuid.uuid4()}')")), 404),
        (lambda node: node.send("GET", node.node("/Reports"), ProtocolVersion="1.0"), 400),
        (lambda node: node.send("GET", node.node("/Reports"), ProtocolVersion=None), 400),
        (lambda node: node.send("POST", node.node("/Reports"), {}), 405),
        (lambda node: node.send("POST", node.node()), 405),
        (lambda node: node.send("GET", "/Nodes"), 404),
        (lambda node: node.report("no-guid"), 400),
        (lambda node: node.send("POST", node.node("/SendReport"), b'{"JobId": NaN}'), 400),
        (lambda node: node.report(str(uuid.uuid4()), More="x" * 5_000_000), 413),
    ],
)  # fmt: skip
def test_what_a_registered_node_does_not_get(server: Running, ask: Callable[[Node], object], status: int) -> None:
    node = server.node()
    node.register("web")
    assert ask(node).status_code == status  # type: ignore[attr-defined]


def test_a_node_reads_its_own_reports_only(server: Running) -> None:
    one, other, job = server.node(), server.node(), str(uuid.uuid4())
    one.register("web")
    other.register("web")
    one.report(job, Status="Success")
    assert other.send("GET", other.node(f"/Reports(JobId='{job}')")).status_code == 404
    assert other.send("GET", other.node("/Reports()")).json() == {"value": []}
    other.report(job, Status="Failure")
    assert one.send("GET", one.node(f"/Reports(JobId='{job}')")).json()["Status"] == "Success"


def test_the_end_of_a_job_takes_the_place_of_its_beginning(server: Running) -> None:
    node, job = server.node(), str(uuid.uuid4())
    node.register("web")
    node.report(job)
    node.report(job, Status="Success", EndTime="y")
    (report,) = node.send("GET", node.node("/Reports")).json()["value"]
    assert report["Status"] == "Success"


def test_a_beginning_that_comes_late_takes_nothing_from_the_end(server: Running) -> None:
    node, job = server.node(), str(uuid.uuid4())
    node.register("web")
    node.report(job, Status="Failure", EndTime="y", Errors=["one"], StatusData=['{"Error": "e"}'])
    node.report(job, Errors=["two"], StatusData=['{"Locale": "en-US"}'])
    (report,) = node.send("GET", node.node("/Reports")).json()["value"]
    assert (report["Status"], report["EndTime"], report["Errors"]) == ("Failure", "y", ["two", "one"])
    assert report["StatusData"] == ['{"Error": "e"}']


def test_registering_with_the_report_server_takes_no_configuration_away(server: Running) -> None:
    node = server.node()
    node.register("web")
    node.register(kind="ReportServer")
    assert node.configuration("web").status_code == 200


def test_a_key_opens_what_was_registered_with_it(start: Callable[..., Running]) -> None:
    server = start()
    reporting, keys, job = SecretStr("a-key-for-reports-only"), server.folder.keys(), str(uuid.uuid4())
    keys.add("reports", reporting)
    only, both = server.node(), server.node()
    assert only.register("web", key=reporting, kind="ReportServer").status_code == 204
    assert only.configuration("web").status_code == 401, "a report key reads no configuration"
    assert only.module("PSNetDsc", "1.2.0").status_code == 401
    assert only.report(job).status_code == 200
    assert both.register("web").status_code == 204
    assert both.register(key=reporting, kind="ReportServer").status_code == 204
    assert both.configuration("web").status_code == 200
    keys.revoke("all")
    assert both.configuration("web").status_code == 401, "the key that opened it is revoked; the other never did"
    assert both.report(job).status_code == 200
    keys.revoke("reports")
    assert both.report(job).status_code == 401


def test_a_node_of_an_older_database_reads_on(server: Running) -> None:
    node = server.node()
    node.register("web")
    with sqlite3.connect(server.folder.private / "server.sqlite") as connection:
        connection.execute("delete from dsc_registrations")
    assert node.configuration("web").status_code == 200
    assert node.register(kind="ReportServer").status_code == 204
    assert node.configuration("web").status_code == 200


def test_a_node_rotates_its_certificate_and_reads_itself(server: Running) -> None:
    node = server.node()
    node.register("web")
    made = {"CertificateInformation": {"Thumbprint": "0f" * 20, "FriendlyName": "DSC-OaaS", "Version": 3}}
    assert node.send("POST", node.node("/CertificateRotation"), made).status_code == 201
    assert node.send("POST", node.node("/CertificateRotation"), {}).status_code == 400
    assert server.node().send("POST", node.node().replace(node.agent, str(uuid.uuid4()))).status_code == 405
    assert server.node().send("GET", f"/Nodes(AgentId='{uuid.uuid4()}')").status_code == 401
    assert node.send("GET", node.node()).json() == {
        "AgentId": node.agent,
        "NodeName": "web01",
        "LCMVersion": "2.0",
        "IPAddress": "10.0.0.1;::1",
        "ConfigurationNames": ["web"],
    }


def test_a_configuration_that_changes_is_offered_as_it_is_now(server: Running) -> None:
    node = server.node()
    node.register("fresh")
    path = server.folder.path / "configurations" / "fresh.mof"
    for data in (b"one", b"another"):
        path.write_bytes(data)
        answer = node.configuration("Fresh")
        assert (answer.content, answer.headers["Checksum"]) == (data, sha(data))


def test_a_key_opens_what_it_allows_until_it_is_revoked(start: Callable[..., Running]) -> None:
    server = start()
    narrow, keys = SecretStr("a-key-for-databases-only"), server.folder.keys()
    keys.add("databases", narrow, ["db*"])
    node, other = server.node(), server.node()
    assert node.register("web", key=narrow).status_code == 403
    assert node.register("db", key=narrow).status_code == 204
    assert other.register("web").status_code == 204
    keys.revoke("databases")
    assert node.configuration("db").status_code == 401, "its nodes are no longer known"
    assert node.register("db", key=narrow).status_code == 401
    assert other.configuration("web").status_code == 200


def test_who_fails_too_often_has_to_wait_but_registered_nodes_do_not(start: Callable[..., Running]) -> None:
    server = start(most_failures=3)
    good = server.node()
    assert good.register("web").status_code == 204
    wrong = SecretStr("another-key-of-some-length")
    assert [server.node().register("web", key=wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
    answer = server.node().register("web")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert server.node().action().status_code == 429
    assert good.configuration("web").status_code == 200


def test_neither_database_nor_log_holds_a_key_or_an_agent_id(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    node = server.node()
    with caplog.at_level("DEBUG"):
        node.register("web")
        node.configuration("db")
    raw = b"".join(path.read_bytes() for path in server.folder.private.glob("server.sqlite*"))
    assert raw
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("urllib3"))
    assert "registered with key all" in said
    for secret in (KEY.get_secret_value(), node.agent):
        assert secret.encode() not in raw
        assert secret not in said
    with sqlite3.connect(server.folder.private / "server.sqlite") as connection:
        sealed = [row[0] for row in connection.execute("select sealed from dsc_registration_keys")]
    assert all(KEY.get_secret_value().encode() not in item for item in sealed)
    for name in ("seal.key", "admin.token", "server.key", "server.pem"):
        assert (server.folder.private / name).stat().st_mode & 0o077 == 0


def test_the_status_page_says_how_each_node_is(start: Callable[..., Running]) -> None:
    server = start()
    good, bad, new = server.node(), server.node(), server.node()
    for node in (good, bad, new):
        node.register("web")
    resource = {"ResourceId": "[PSNetNat]<b>nat", "Error": "it failed", "InDesiredState": False}
    data = json.dumps({"ResourcesNotInDesiredState": resource, "DurationInSeconds": "3"})
    bad.report(str(uuid.uuid4()), Status="Failure", StatusData=[data], Errors=["<script>"], RebootRequested="True")
    inside = json.dumps({"ResourcesInDesiredState": [{"ResourceId": "[PSNetNat]x"}] * 2})
    good.report(str(uuid.uuid4()), Status="Success", StatusData=[inside], RebootRequested="False")
    counts = server.page("/status.json").json()["counts"]  # type: ignore[attr-defined]
    assert counts == {
        "nodes": 3,
        "in_desired_state": 1,
        "not_in_desired_state": 1,
        "unknown": 1,
        "reboot_requested": 1,
    }
    assert "psnet_dsc_nodes_not_in_desired_state 1.0" in server.page("/metrics").text  # type: ignore[attr-defined]
    text = server.page("/").text  # type: ignore[attr-defined]
    assert '[PSNetNat]</code><wbr><code class="name">&lt;b&gt;nat' in text
    assert "<script>" not in text
    assert "all 2 resources in desired state" in text
    assert "torn.mof is not what its .checksum says" in text
    assert not any(node.agent in text for node in (good, bad, new))


@pytest.mark.parametrize("path", ["/", "/status.json", "/metrics"])
def test_the_pages_are_for_who_has_the_token(server: Running, path: str) -> None:
    import base64

    token = server.folder.token_file.read_text().strip()
    node = server.visitor()
    assert node.send("GET", path).status_code == 401
    assert server.page(path, "wrong").status_code == 401  # type: ignore[attr-defined]
    assert server.page(path, "%%%", "Basic").status_code == 401  # type: ignore[attr-defined]
    basic = base64.b64encode(f"me:{token}".encode()).decode()
    answer = server.page(path, basic, "Basic")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    from psnet.dsc.server.messages import Report

    store = ServerFolder(tmp_path).keys().store
    jobs = [str(uuid.uuid4()) for _ in range(5)]
    for job in jobs:
        store.save_report("agent", Report(JobId=job), json.dumps({"JobId": job}), keep=3)
    assert [item.job for item in store.reports("agent")] == jobs[:1:-1]
