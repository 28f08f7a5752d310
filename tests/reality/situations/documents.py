"""HNS documents: the same networks and endpoints made in the lab, and asked for again."""

from __future__ import annotations

import json
from typing import Any

from psnet.lab.recording import reconstruct_host as brought_to
from psnet.recording import Difference, Record, differences, questions
from reality.compare import situation

NETWORKS = "a04 a08 a09 a10 a11 a14 a15 a16 a17 a19 a21 a22 a23 a25 a27 a29 a32 a33 a36 a38"
ENDPOINTS = "b01 b02 b04 m05 m12 m13 m14"


@situation(*NETWORKS.split())
def networks(record: Record) -> list[Difference]:
    return documents(record, questions.NETWORKS, "networks")


@situation(*ENDPOINTS.split())
def endpoints(record: Record) -> list[Difference]:
    return documents(record, questions.ENDPOINTS, "endpoints")


@situation("m11")
def an_endpoint_that_was_to_be_removed_once(record: Record) -> list[Difference]:
    output = {key: value for key, value in record.output.items() if key != "RemoveProcessingStartTime"}
    return documents(record.model_copy(update={"output": output}), questions.ENDPOINTS, "endpoints")


def documents(record: Record, key: str, path: str) -> list[Difference]:
    host, left = brought_to([record])
    asked = questions.question(record)
    assert asked is not None
    assert asked[0] == key
    recorded = asked[1]
    answered = json.loads(host.hns.call("GET", f"/{path}/", ""))["Output"]
    found = [Difference(reason, "missing") for reason in left]
    for document in recorded:
        fits = [differences(document, item, partial=record.partial) for item in chosen(document, answered)]
        found += min(fits, key=len, default=[Difference(f"the document of {document.get('Name')}", "missing")])
    return found


def chosen(document: dict[str, Any], answered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lab's documents that stand for a recorded one: those of its name, all where the name was cut."""
    name = document.get("Name")
    return [item for item in answered if name is None or item.get("Name") == name]
