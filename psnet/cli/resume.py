"""From a run in the journal to the request that goes on with it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from psnet.cli import apply
from psnet.cli.common import paths_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.journal import RunRecord
    from psnet.planning.saved import SavedPlans


def request_of(
    record: RunRecord, changed: Mapping[str, Any], *, journal: str | None, junit: Path | None, json: bool
) -> tuple[apply.Request | None, list[Text]]:
    """Return what is left to do of a run, None when nothing is, and what to tell the user first.

    Raises InputError for a run that was no apply. ``changed`` are options that are not as in the run.
    """
    from psnet.errors import InputError
    from psnet.fleet import run_options
    from psnet.fleet.targets import with_section_targets
    from psnet.inventories import load_inventory
    from psnet.site import load_site

    if record.run["command"] != "apply":
        raise InputError(f"{record.id} is a run of psnet {record.run['command']}", remedy="only apply is resumed")
    names = record.unfinished()
    if not names:
        return None, [Text(f"{record.id}: every host is as declared", style="green")]
    notes = [Text(f"{record.id}: {len(names)} of {len(record.hosts)} hosts to go on with", style="dim")]
    given = _options(record)
    path, site = paths_of(str(record.run["inventory"])), Path(str(record.run["site"]))
    scope = _scope(record, names, given)
    if scope is None and site.is_file() and given.get("site_sha256") not in (None, _text_digest(site)):
        notes.append(Text(f"{site} has changed since: what it says now is applied", style="yellow"))
    listed = with_section_targets(load_site(site) if scope is None else scope.source(), load_inventory(path))
    hosts = [listed[name] for name in names]
    saved = bool(given.get("saved"))
    request = apply.Request(
        site=site,
        inventory=path,
        hosts=hosts if scope is None else [scope.with_variables(host) for host in hosts],
        options=run_options(**{**_run_options(given), **changed}),
        saved=_plans(record, names) if saved else None,
        scope=scope,
        left=_left(record, names, given) if saved else {},
        prune=bool(given.get("prune")),
        confirm_within=int(given.get("confirm_within", 120)),
        no_rollback=bool(given.get("no_rollback")),
        downtime=given.get("allow_downtime", "endpoints"),
        journal=journal,
        junit=junit,
        json=json,
        more={"resumes": record.id},
    )
    return request, notes


def _text_digest(site: Path) -> str:
    from psnet._internal.text_files import read_text

    return sha256(read_text(site).encode()).hexdigest()


def _scope(record: RunRecord, names: tuple[str, ...], given: Mapping[str, Any]) -> SavedPlans | None:
    """Return what a saved plan was made for and from, as the run recorded it."""
    from psnet.planning.saved import SavedPlans

    kept = given.get("scope")
    plans = tuple(_plans(record, names).values())
    return SavedPlans.model_validate({**kept, "plans": plans}) if isinstance(kept, dict) else None


def _options(record: RunRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(record.run["options"]))
    return found


def _run_options(given: Mapping[str, Any]) -> dict[str, Any]:
    from psnet.fleet import RunOptions

    return {key: given[key] for key in RunOptions.model_fields if key in given}


def _plans(record: RunRecord, names: tuple[str, ...]) -> dict[str, Any]:
    from psnet.planning import Plan

    rows = {str(row["host"]): row["plan"] for row in record.hosts}
    return {name: Plan.model_validate_json(rows[name]) for name in names if rows[name]}


def _left(record: RunRecord, names: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return the changes not known to be done, of hosts to which anything was sent in this run or one before."""
    earlier = {name: frozenset((kind, what) for kind, what in items) for name, items in given.get("left", {}).items()}
    found = {}
    for name in names:
        rows = record.changes.get(name, ())
        if rows:
            open_ = (item for item in rows if item["status"] not in ("changed", "ok"))
            found[name] = frozenset((str(item["kind"]), str(item["name"])) for item in open_)
        elif name in earlier:
            found[name] = earlier[name]
    return found
