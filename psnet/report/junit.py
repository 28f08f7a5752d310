"""A run as JUnit XML as Jenkins and GitLab read it: a suite a host, a case for the host and one for each change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET  # writing only

from psnet._internal.text import printable_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.journal import RunRecord
    from psnet.resources import Finding

_BAD: Final = frozenset({"failed", "unknown", "sent"})
#: What a host's run ends with when all is well; planned is told by its changes.
_GOOD: Final = frozenset({"unchanged", "changed", "ok", "healthy", "done", "compliant", "published", "applied"})
#: Why a host's case fails, which is no error of the run.
_FAILURES: Final = {
    "sick": "errors were found: psnet doctor shows them with their remedies",
    "refused": "Windows would refuse what is declared: psnet plan shows why",
    "planned": "it is not as declared",
    "failed": "what was asked for was not reached",
}


def junit_xml(record: RunRecord) -> str:
    """Return the document; what a plan would still change is drift, and fails.

    Each finding of psnet doctor is a case: an error fails, a warning or a remark passes with what it says as its
    output, unless the run was --strict.
    """
    command = str(record.run["command"])
    root = ET.Element("testsuites", {"name": f"psnet {command} {record.run['site'] or ''}".strip()})
    for number, row in enumerate(record.hosts):
        root.append(_suite(number, row, record, command, record.findings(str(row["host"]))))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{_seconds(record.run):.3f}")
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, printable_lines(value))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _suite(
    number: int, row: Mapping[str, Any], record: RunRecord, command: str, findings: Sequence[Finding]
) -> ET.Element:
    name, seconds = str(row["host"]), _seconds(row)
    items = record.changes.get(name, ())
    suite = ET.Element("testsuite", {"name": name, "id": str(number), "hostname": name})
    if row.get("started"):
        suite.set("timestamp", datetime.fromisoformat(str(row["started"])).strftime("%Y-%m-%dT%H:%M:%S"))
    case = _case(suite, name, command, seconds)
    status = str(row["status"])
    if row["error"] or status not in (*_GOOD, *_FAILURES):
        text = str(row["error"] or f"the run ended while the host was {status}")
        ET.SubElement(case, "error", {"message": text, "type": status})
    elif status in _FAILURES and not findings and not any(item["status"] in (*_BAD, "planned") for item in items):
        ET.SubElement(case, "failure", {"message": _FAILURES[status], "type": status})
    for item in items:
        case = _case(suite, name, f"{item['operation']} {item['kind']} {item['name']}", 0.0)
        if item["status"] in _BAD:
            text = str(item["message"] or item["status"])
            ET.SubElement(case, "failure", {"message": text, "type": str(item["error_id"] or item["status"])})
        elif item["status"] == "planned":
            ET.SubElement(case, "failure", {"message": "not as declared", "type": "drift"})
        elif item["status"] == "skipped":
            ET.SubElement(case, "skipped")
    strict = bool(json.loads(str(record.run.get("options") or "{}")).get("strict"))
    for finding in findings:
        _finding(_case(suite, name, _title(finding), 0.0), finding, strict=strict)
    counts = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    for key, path in {**counts, "skipped": "testcase/skipped"}.items():
        suite.set(key, str(len(suite.findall(path))))
    suite.set("time", f"{seconds:.3f}")
    return suite


def _case(suite: ET.Element, host: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(suite, "testcase", {"classname": host, "name": name, "time": f"{seconds:.3f}"})


def _title(finding: Finding) -> str:
    return f"{finding.id} {finding.resource}" if finding.resource else finding.id


def _finding(case: ET.Element, finding: Finding, *, strict: bool) -> None:
    said = f"{finding.severity}: {finding.reason}" + (f"\nremedy: {finding.remedy}" if finding.remedy else "")
    if finding.severity == "error" or (strict and finding.severity == "warning"):
        ET.SubElement(case, "failure", {"message": finding.reason, "type": finding.severity}).text = printable_lines(
            said
        )
    else:
        ET.SubElement(case, "system-out").text = printable_lines(said)


def _seconds(row: Mapping[str, Any]) -> float:
    """Return how long something took; 0 for what did not begin or end."""
    if not row.get("started") or not row.get("ended"):
        return 0.0
    return (datetime.fromisoformat(str(row["ended"])) - datetime.fromisoformat(str(row["started"]))).total_seconds()
