"""The status page and metrics: every node with its last report, for holders of the administrator's token."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest

from psnet._internal.text import printable
from psnet._internal.version import VERSION
from psnet.dsc.server.messages import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.dsc.server.content import Content
    from psnet.dsc.server.store import Agent, Store, StoredReport


log = logging.getLogger("psnet.dsc.server")


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """One node as its last report says. ``in_desired_state`` is None while nothing is known.

    ``duration`` is in seconds, as the node wrote it; ``not_in_desired_state`` holds (resource id, error).
    """

    node: str
    agent: str
    address: str
    configurations: tuple[str, ...]
    action: str | None
    registered: str
    seen: str
    reported: str | None = None
    operation: str | None = None
    status: str | None = None
    in_desired_state: bool | None = None
    resources: int = 0
    not_in_desired_state: tuple[tuple[str, str], ...] = ()
    reboot: bool = False
    duration: str | None = None
    errors: tuple[str, ...] = ()


def node_statuses(store: Store) -> list[NodeStatus]:
    """Return every node's status, those out of their desired state first."""
    last = store.last_reports()
    found = [_told(agent, last.get(agent.agent)) for agent in store.agents()]
    order = {False: 0, None: 1, True: 2}
    return sorted(found, key=lambda item: (order[item.in_desired_state], item.node.lower()))


def _told(agent: Agent, stored: StoredReport | None) -> NodeStatus:
    """Return a node's status; a report that cannot be read is said, and costs no other node its row."""
    try:
        return _status(agent, stored)
    except (ValueError, TypeError, AttributeError, RecursionError):
        log.warning("the last report of node %s cannot be read", printable(agent.node))
        return replace(
            _status(agent, None),
            reported=stored.received if stored else None,
            errors=("the last report cannot be read",),
        )


def _status(agent: Agent, stored: StoredReport | None) -> NodeStatus:
    known: dict[str, Any] = {
        "node": printable(agent.node),
        "agent": agent.label,
        "address": agent.address,
        "configurations": agent.names,
        "action": agent.action,
        "registered": agent.registered,
        "seen": agent.seen,
    }
    if stored is None:
        return NodeStatus(**known)
    report = Report.model_validate(stored.body)
    data = report.data()
    out, inside = _resources(data, "ResourcesNotInDesiredState"), _resources(data, "ResourcesInDesiredState")
    return NodeStatus(
        **known,
        reported=stored.received,
        operation=report.operation_type,
        status=report.status,
        in_desired_state=None if report.outcome is None else report.outcome == "success",
        resources=len(out) + len(inside),
        not_in_desired_state=tuple((str(item.get("ResourceId", "?")), str(item.get("Error") or "")) for item in out),
        reboot=report.reboot,
        duration=str(data["DurationInSeconds"]) if data.get("DurationInSeconds") is not None else None,
        errors=tuple(text for text in report.errors if text),
    )


def _resources(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of resources; a single one may stand without its list, as ConvertTo-Json writes it."""
    found = data.get(key)
    listed = [found] if isinstance(found, dict) else found if isinstance(found, list) else []
    return [item for item in listed if isinstance(item, dict)]


def counts(nodes: list[NodeStatus]) -> dict[str, int]:
    """Return how many nodes there are of each kind."""
    return {
        "nodes": len(nodes),
        "in_desired_state": sum(item.in_desired_state is True for item in nodes),
        "not_in_desired_state": sum(item.in_desired_state is False for item in nodes),
        "unknown": sum(item.in_desired_state is None for item in nodes),
        "reboot_requested": sum(item.reboot for item in nodes),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def page(store: Store, content: Content) -> str:
    """Return the status page."""
    return nodes_page(node_statuses(store), content.names(), content.problems)


def nodes_page(nodes: list[NodeStatus], names: Iterable[str], problems: Iterable[str]) -> str:
    """Return the page of nodes, with the names of the configurations that are offered and what is wrong with those."""
    template = _environment().get_template("status.html.j2")
    return template.render(nodes=nodes, counts=counts(nodes), names=names, problems=problems)


def metrics(store: Store) -> bytes:
    """Return the counts in the text format of Prometheus."""
    registry = CollectorRegistry()
    for name, value in counts(node_statuses(store)).items():
        what = "" if name == "nodes" else f"_{name}"
        text = f"Nodes{': ' if what else ''}{what[1:].replace('_', ' ')}."
        Gauge(f"psnet_dsc_nodes{what}", text, registry=registry).set(value)
    Info("psnet_dsc", "The psnet that says so.", registry=registry).info({"version": VERSION})
    return generate_latest(registry)


def has_admin_token(header: str, token: str) -> bool:
    """Say whether an Authorization header holds the token: as Bearer, or as the password of Basic."""
    scheme, _, rest = header.partition(" ")
    given = rest.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), token.encode())
