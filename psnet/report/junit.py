"""A run as JUnit XML: a suite a host, a case a change, so that CI shows what failed where."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # writing only

from psnet._internal.text import printable_lines

if TYPE_CHECKING:
    from psnet.journal import RunRecord

_BAD = frozenset({"failed", "unknown", "sent"})


def junit_xml(record: RunRecord) -> str:
    """Return the document."""
    root = ET.Element("testsuites", {"name": f"psnet {record.run['command']} {record.run['site']}"})
    for row in record.hosts:
        name = str(row["host"])
        items = record.changes.get(name, ())
        suite = ET.SubElement(root, "testsuite", {"name": name, "tests": str(max(1, len(items)))})
        bad = 0
        for item in items:
            title = f"{item['operation']} {item['kind']} {item['name']}"
            case = ET.SubElement(suite, "testcase", {"classname": name, "name": title})
            if item["status"] in _BAD:
                bad += 1
                text = str(item["message"] or item["status"])
                ET.SubElement(case, "failure", {"message": text, "type": str(item["error_id"] or item["status"])})
            elif item["status"] == "skipped":
                ET.SubElement(case, "skipped")
        if not items:
            case = ET.SubElement(suite, "testcase", {"classname": name, "name": str(row["status"])})
            if row["status"] not in ("unchanged", "changed"):
                bad += 1
                text = str(row["error"] or f"the run ended while the host was {row['status']}")
                ET.SubElement(case, "error", {"message": text, "type": str(row["status"])})
        suite.set("failures", str(bad))
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, printable_lines(value))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
