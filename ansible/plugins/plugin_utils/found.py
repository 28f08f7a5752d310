# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a playbook that this collection knows, as psnet checks them before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.playbook.block import Block
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.ahead import merged, module_of
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.specs import SPECS
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.values import plain

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:
    Origin = None

if TYPE_CHECKING:
    from collections.abc import Iterator

_FREE = {"site": "file", "sdn": "file", "powershell": "script"}


def tasks_of(playbook: Any) -> list[dict[str, Any]]:
    """Return the tasks of a playbook's plays, roles and handlers that are modules of this collection."""
    found = []
    for play in playbook.get_plays():
        for block in [*play.compile(), *play.handlers]:
            found += [_described(name, task) for name, task in _tasks(block)]
    return found


def _tasks(block: Any) -> Iterator[tuple[str, Any]]:
    for item in [*block.block, *block.rescue, *block.always]:
        if isinstance(item, Block):
            yield from _tasks(item)
            continue
        name = module_of(item)
        if name in SPECS:
            yield name, item


def _described(name: str, task: Any) -> dict[str, Any]:
    args = dict(task.args)
    more = args.pop("_variable_params", None) is not None or bool(task.module_defaults)
    raw = args.pop("_raw_params", None)
    if raw is not None and name in _FREE and not _open(raw):
        args[_FREE[name]] = raw
    elif raw is not None:
        more = True
    path, _, line = str(task.get_path() or "task:1").rpartition(":")
    keys = list(_lines(args, []))
    opened = sorted(str(key) for key, value in args.items() if _open(value))
    closed = {key: value for key, value in args.items() if key not in opened}
    spec = SPECS[name]
    known = {word for key, item in spec.items() for word in (key, *item.get("aliases", ()))}
    result = ArgumentSpecValidator(spec).validate({key: item for key, item in closed.items() if key in known})
    if not result.error_messages:
        closed = merged(closed, result.validated_parameters, spec)
    return {
        "module": name,
        "args": plain(closed),
        "open": opened,
        "more": more,
        "wrong": list(result.error_messages),
        "where": {"path": path, "line": int(line) if line.isdigit() else 1, "keys": keys},
    }


def _lines(value: Any, path: list[Any]) -> Iterator[list[Any]]:
    """Yield the path and the line of each key and each item, as far as ansible-core knows them."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        tags = [Origin.get_tag(part) for part in (key, item)] if Origin is not None else []
        number = next((tag.line_num for tag in tags if tag is not None and tag.line_num), None)
        place = [*path, key if isinstance(key, int) else str(key)]
        if number is not None:
            yield [place, number]
        yield from _lines(item, place)


def _open(value: Any) -> bool:
    """Say whether a value is not known before the task runs."""
    if isinstance(value, dict):
        return any(_open(item) for item in (*value, *value.values()))
    if isinstance(value, list | tuple):
        return any(_open(item) for item in value)
    return not isinstance(value, str | int | float | bool | None) or (
        isinstance(value, str) and ("{{" in value or "{%" in value)
    )
