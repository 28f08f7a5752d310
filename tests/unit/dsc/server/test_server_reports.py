"""What nodes say: looked at when it comes, and understood, DSC for Linux's too."""

from __future__ import annotations

import json
import sqlite3
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pull_server import Running


DEEP = "[" * 40 + "]" * 40


@pytest.mark.parametrize(
    "fields",
    [
        {"Status": "Success\n2026-11-30 INFO forged"},
        {"OperationType": "\u202egnitset"},
        {"EndTime": "\x1b[2J"},
        {"More": json.loads(DEEP)},
        {"StatusData": [DEEP]},
        {"StatusData": ["[" * 100_000]},
        {"StatusData": ['{"Error": "\\ud800"}']},
    ],
    ids=["a line", "turned round", "a terminal's", "deep", "deep within", "deeper", "half a character"],
)
def test_a_report_is_looked_at_when_it_comes(server: Running, fields: dict[str, object]) -> None:
    node = server.node()
    node.register("web")
    answer = node.report(str(uuid.uuid4()), **fields)
    assert answer.status_code == 400, answer.text
    assert server.page("/").status_code == 200  # type: ignore[attr-defined]


def test_a_name_of_a_node_cannot_write_a_line_of_the_log(server: Running) -> None:
    node = server.node()
    body = node.registration("web").replace(b'"web01"', b'"web01\\n2026 INFO node web02 registered"')
    assert node.register(body=body).status_code == 400


def test_a_report_that_cannot_be_read_costs_no_other_node_its_row(start: Callable[..., Running]) -> None:
    server = start()
    good, bad = server.node(), server.node()
    for node in (good, bad):
        node.register("web")
        node.report(str(uuid.uuid4()), Status="Success", EndTime="x")
    with sqlite3.connect(server.folder.private / "server.sqlite") as connection:
        connection.execute("update dsc_reports set body = '[1]' where number = 2")
    counts = server.page("/status.json").json()["counts"]  # type: ignore[attr-defined]
    assert (counts["in_desired_state"], counts["unknown"]) == (1, 1)
    assert "the last report cannot be read" in server.page("/").text  # type: ignore[attr-defined]


def linux(job: str, end: str | None = None, error: str = "") -> dict[str, object]:
    """Return a report as DSC for Linux writes it (its LCM/scripts/StatusReport.sh): a Status is never in it."""
    if end is None:
        about = {"OperationType": "Consistency", "NodeName": "lx", "IpAddress": "127.0.0.1;::1;", "StartTime": "s"}
        return {"JobId": job, "LCMVersion": "2.0", "Errors": [], "StatusData": ['{"Locale":"en-US"}'], **about}
    failed = {"ResourceId": "[nxFile]a", "InDesiredState": "False"}
    data = {"Locale": "en-US", **({"ResourcesNotInDesiredState": [failed], "Error": error} if error else {})}
    told = [json.dumps({"ErrorCode": "1", "ErrorMessage": error})] if error else []
    return {
        "JobId": job,
        "ConfigurationVersion": "2.0.0",
        "EndTime": end,
        "Errors": told,
        "StatusData": [json.dumps(data)],
    }


@pytest.mark.parametrize(("error", "state"), [("", True), ("it failed", False)])
def test_what_dsc_for_linux_reports_is_understood(start: Callable[..., Running], error: str, *, state: bool) -> None:
    """Registration, action and reports as its client sends them (WebPullClient.c, RegisterHelper.sh)."""
    server = start()
    node, job = server.node(), str(uuid.uuid4())
    body = node.registration("web").replace(b'"Version": 3', b'"Thumbprint": "%s", "Version": 3' % (b"AB" * 20))
    json_type = "application/json; charset=utf-8"
    assert node.register(body=body, Content_Type=json_type).status_code == 204
    assert node.action({"Checksum": "", "ChecksumAlgorithm": "SHA-256"}).json()["NodeStatus"] == "GetConfiguration"
    send = node.node("/SendReport")
    assert node.send("POST", send, linux(job), Content_Type=json_type).status_code == 200
    (before,) = server.page("/status.json").json()["nodes"]  # type: ignore[attr-defined]
    assert before["in_desired_state"] is None, "it is under way"
    assert node.send("POST", send, linux(job, "e", error), Content_Type=json_type).status_code == 200
    (after,) = server.page("/status.json").json()["nodes"]  # type: ignore[attr-defined]
    assert (after["in_desired_state"], after["operation"]) == (state, "Consistency")
