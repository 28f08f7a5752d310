"""The report of a run as one HTML file: summary, pictures, errors with remedies, hosts with changes and scripts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from psnet.apply import step_texts
from psnet.planning import Plan
from psnet.report.graph.changed import changes_graph
from psnet.report.graph.model import alike, names_of
from psnet.report.graph.svg import MOST_DRAWINGS, host_svg
from psnet.report.html import page
from psnet.report.plans import SIGNS, price_lines, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.journal import RunRecord
    from psnet.planning import Change
    from psnet.powershell import Templates

_STYLES: Final = {
    "done": "good",
    "changed": "good",
    "unchanged": "good",
    "failed": "bad",
    "error": "bad",
    "unknown": "warn",
    "skipped": "warn",
    "applying": "warn",
    "running": "warn",
    "interrupted": "warn",
    "sent": "warn",
}
_ORDER: Final = ("failed", "error", "applying", "running", "waiting", "not begun", "changed", "unchanged")
_NOTHING: Final = {
    "unchanged": "as declared: nothing to do",
    "waiting": "the run ended before this host was begun",
    "not begun": "the run ended before this host was begun",
    "running": "the run ended while this host was looked at",
}


def run_html(record: RunRecord, templates: Templates | None = None) -> str:
    """Return the page of a run; everything in it comes from the journal."""
    plans = {name: plan for name, plan in ((str(row["host"]), _plan(row["plan"])) for row in record.hosts) if plan}
    hosts = [_host(row, record, plans.get(str(row["host"])), templates) for row in record.hosts]
    hosts.sort(key=lambda item: _ORDER.index(item["status"]) if item["status"] in _ORDER else len(_ORDER))
    tiles = [
        {"number": number, "word": word, "style": _STYLES.get(word, "")} for word, number in record.counts().items()
    ]
    return page(
        "run.html.j2",
        run=_run(record),
        tiles=tiles,
        errors=_errors(hosts),
        pictures=_pictures(record, plans),
        hosts=hosts,
    )


def _plan(document: str | None) -> Plan | None:
    """Return the plan that a run recorded for a host; runs of scripts and plays record something else, or nothing."""
    try:
        return Plan.model_validate_json(document) if document else None
    except ValueError:
        return None


def _run(record: RunRecord) -> dict[str, Any]:
    run = record.run
    started = datetime.fromisoformat(str(run["started"]))
    took = ""
    if run["ended"]:
        seconds = (datetime.fromisoformat(str(run["ended"])) - started).total_seconds()
        took = f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"  # noqa: PLR2004 - a minute
    return {
        "id": record.id,
        "command": run["command"],
        "site": run["site"],
        "inventory": run["inventory"],
        "started": f"{started:%Y-%m-%d %H:%M:%S %Z}",
        "took": took,
        "status": run["status"],
        "style": _STYLES.get(str(run["status"]), ""),
    }


def _split(error: str) -> dict[str, str]:
    """Return an error's message and its remedy, as PsnetError writes them one under the other."""
    message, _, remedy = error.partition("\n  remedy: ")
    return {"message": message.strip(), "remedy": remedy.strip()}


def _host(row: Mapping[str, Any], record: RunRecord, plan: Plan | None, templates: Templates | None) -> dict[str, Any]:
    name, status = str(row["host"]), str(row["status"])
    planned = {change.id: change for change in plan.changes} if plan else {}
    changes = [
        _change(item, planned.get(str(item["change"])), plan, templates) for item in record.changes.get(name, ())
    ]
    error = _split(str(row["error"])) if row["error"] else None
    words = [name, status, *(f"{item['kind']} {item['title']} {item['message']}" for item in changes)]
    words += [text for item in changes for text in item["scripts"]]
    return {
        "name": name,
        "status": status,
        "style": _STYLES.get(status, "soft"),
        "about": f"{plan.facts.product}, build {plan.facts.build}, backend {plan.backend}" if plan else "",
        "error": error,
        "changes": changes,
        "nothing": _NOTHING.get(status, "no change is recorded"),
        "text": " ".join([*words, *(error or {}).values()]).lower(),
    }


def _change(
    item: Mapping[str, Any], change: Change | None, plan: Plan | None, templates: Templates | None
) -> dict[str, Any]:
    status = str(item["status"])
    return {
        "status": status,
        "style": _STYLES.get(status, "soft"),
        "sign": SIGNS.get(str(item["operation"]), (str(item["operation"]), ""))[0],
        "kind": item["kind"],
        "title": change.title if change else item["name"],
        "message": item["message"] or "",
        "error_id": item["error_id"] or "",
        "fields": [
            {"field": field.field, "old": value_text(field.old), "new": value_text(field.new)}
            for field in (change.fields if change else ())
        ],
        "price": [line.plain.strip() for line in price_lines(change)] if change else [],
        "scripts": step_texts(change, templates) if change and plan else [],
    }


def _errors(hosts: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return each thing that went wrong once, with the hosts that it went wrong on."""
    found: dict[tuple[str, str], list[str]] = {}
    for host in hosts:
        if host["error"]:
            message = host["error"]["message"].removeprefix(f"{host['name']}: ")
            found.setdefault((message, host["error"]["remedy"]), []).append(host["name"])
        for change in host["changes"]:
            if change["status"] == "failed":
                text = f"{change['kind']} {change['title']}: {change['message']}"
                found.setdefault((text, change["error_id"]), []).append(host["name"])
    return [
        {"hosts": _names(names), "message": message, "remedy": remedy} for (message, remedy), names in found.items()
    ]


def _names(names: list[str]) -> str:
    shown = 8
    return ", ".join(names) if len(names) <= shown else f"{', '.join(names[:shown])} and {len(names) - shown} more"


def _pictures(record: RunRecord, plans: Mapping[str, Plan]) -> list[dict[str, Any]]:
    drawn = []
    for row in record.hosts:
        plan = plans.get(str(row["host"]))
        if plan is None or not plan.changes:
            continue
        made = record.changes.get(plan.host, ())
        failures = {
            str(item["change"]): str(item["message"] or item["status"])
            for item in made
            if item["status"] not in ("changed", "ok")
        }
        drawn.append(changes_graph(plan, failures).model_copy(update={"about": ""}))  # builds do not tell them apart
    sets = alike(tuple(drawn))
    return [
        {
            "names": names_of(hosts),
            "notes": hosts[0].notes,
            "about": f"{len(hosts)} hosts alike" if len(hosts) > 1 else "",
            "svg": Markup(host_svg(hosts[0])),  # noqa: S704 - psnet's own markup, texts escaped
        }
        for hosts in sets[:MOST_DRAWINGS]
    ]
