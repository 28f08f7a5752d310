# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking ahead: the items of a loop that come next, and the tasks that follow, go to a host together with this one.

A later task takes the result only if what it wants then is still equal. Where that could change the meaning of a play,
nothing is looked ahead at; where ansible-core's internals are not as this module knows them, neither.
"""

from __future__ import annotations

import sys
from typing import Any

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.names import used
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.specs import RESOURCES, SPECS
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.values import plain, secrets

from ansible import context

try:
    from ansible._internal._templating._engine import TemplateEngine
except ImportError:
    TemplateEngine = None

MOST = 500
#: Options that are a dictionary or false, for which Ansible has no type.
_OR_FALSE = frozenset({"firewall"})
_PREFIX = "psnet.windows_containers."
_CONNECTS = ("ansible_", "psnet_")
_LOOPS = frozenset({None, "items", "list", "dict", "nested", "together", "sequence", "indexed_items", "flattened"})


def ahead(task: Any, variables: dict[str, Any], loader: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the items that may go along with this one, and the secrets in them."""
    if TemplateEngine is None or not _calm(task) or _asked_for():
        return [], []
    try:
        return _ahead(task, variables, loader)
    except Exception:  # noqa: BLE001 - whatever this trips over is told when its own turn comes
        return [], []


def _ahead(task: Any, variables: dict[str, Any], loader: Any) -> tuple[list[dict[str, Any]], list[str]]:
    looped = _loop()
    if looped is None and task.loop is not None:
        return [], []
    raw = looped["tmp_task"] if looped is not None else task
    found, hidden = [], []
    if looped is not None and not _rest(raw, looped, loader, found, hidden):
        return found, hidden
    _following(raw, variables, loader, found, hidden)
    return found[:MOST], hidden


def _asked_for() -> bool:
    """Say whether somebody wants to see each task before it is done."""
    given = context.CLIARGS
    return bool(given.get("step") or given.get("start_at_task"))


def _calm(task: Any) -> bool:
    """Say whether neither the task nor what surrounds it makes what follows depend on how it ends."""
    play = task.play
    loud = (
        task.until,
        task.retries,
        task.failed_when,
        task.ignore_errors,
        task.ignore_unreachable,
        task.run_once,
        task.delegate_to,
        task.any_errors_fatal,
        task.async_val,
        task.become,
        task.debugger,
        task.timeout,
        task.throttle,
        play.max_fail_percentage is not None,
    )
    control = task.loop_control
    looping = control is not None and (control.pause or control.extended or getattr(control, "break_when", None))
    strategy = str(play.strategy).rpartition(".")[2]
    return not any(loud) and not looping and strategy in ("linear", "free", "host_pinned")


def _loop() -> dict[str, Any] | None:
    """Return the executor's loop that this runs in; None when there is none, or when it is made another way."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_run_loop" and frame.f_code.co_filename.endswith("task_executor.py"):
            seen = frame.f_locals
            wanted = ("items", "item_index", "tmp_task", "loop_var", "index_var", "task_vars")
            return {name: seen[name] for name in wanted} if all(name in seen for name in wanted) else None
        frame = frame.f_back
    return None


def key_of(task: Any) -> str:
    """Return what names this item: the task, and the number of its item."""
    looped = _loop()
    return f"{task._uuid}:{looped['item_index'] if looped is not None else ''}"


def _rest(raw: Any, looped: dict[str, Any], loader: Any, found: list[Any], hidden: list[str]) -> bool:
    """Add the items of this loop that come next; say whether they were all added."""
    variables = looped["task_vars"]
    own = {raw.register} if raw.register else set()
    if _names(raw, variables) & {*own, "vars"}:
        return False
    for index in range(looped["item_index"] + 1, len(looped["items"])):
        inner = dict(variables)
        inner[looped["loop_var"]] = looped["items"][index]
        if looped["index_var"]:
            inner[looped["index_var"]] = index
        if not _add(raw, index, inner, loader, found, hidden):
            return False
    return True


def _following(raw: Any, variables: dict[str, Any], loader: Any, found: list[Any], hidden: list[str]) -> None:
    """Add the resource tasks that follow in the same block."""
    block = raw._parent
    place = next((index for index, item in enumerate(block.block) if item._uuid == raw._uuid), None)
    manager = raw._variable_manager
    if place is None or manager is None:
        return
    host = manager._inventory.get_host(variables["inventory_hostname"])
    hosts = {"_hosts": variables["ansible_play_hosts"], "_hosts_all": variables["ansible_play_hosts_all"]}
    registered = {raw.register} if raw.register else set()
    for task in block.block[place + 1 :]:
        if not _goes_along(task, raw):
            return
        inner = manager.get_vars(play=raw.play, host=host, task=task, **hosts)
        if not task.evaluate_tags(raw.play.only_tags, raw.play.skip_tags, all_vars=inner):
            continue
        connects = any(str(name).startswith(_CONNECTS) for name in task.get_vars())
        if connects or _names(task, inner) & {*registered, "vars", "hostvars"}:
            return
        if not _task_items(task, inner, loader, found, hidden) or len(found) >= MOST:
            return
        registered |= {task.register} if task.register else set()


def module_of(task: Any) -> str:
    """Return the name of a task's module within this collection; psnet play has short names, too."""
    name = str(getattr(task, "resolved_action", None) or task.action).removeprefix("ansible.legacy.")
    own = name.removeprefix(_PREFIX).removeprefix("psnet.")
    return own if own != name else ""


def _goes_along(task: Any, raw: Any) -> bool:
    if module_of(task) not in RESOURCES or not _calm(task):
        return False
    return task.check_mode == raw.check_mode and task.loop_with in _LOOPS


def _names(task: Any, variables: dict[str, Any]) -> set[str]:
    found = used(task.args, variables) | used(task.vars, variables) | used(task.name, variables)
    return found | used(task.when, variables, bare=True) | used(task.loop, variables)


def _task_items(task: Any, variables: dict[str, Any], loader: Any, found: list[Any], hidden: list[str]) -> bool:
    """Add the items of a task that follows; say whether looking may go on."""
    if task.loop is None:
        return _add(task, None, variables, loader, found, hidden)
    if task.loop_with is not None:
        return False
    items = TemplateEngine(loader=loader, variables=variables).template(task.loop)
    if not isinstance(items, list):
        return False
    control = task.loop_control
    for index, item in enumerate(items):
        inner = {**variables, control.loop_var: item, "ansible_loop_var": control.loop_var}
        if control.index_var:
            inner[control.index_var] = index
        if not _add(task, index, inner, loader, found, hidden):
            return False
    return True


def _add(
    task: Any, index: int | None, variables: dict[str, Any], loader: Any, found: list[Any], hidden: list[str]
) -> bool:
    """Add an item, unless its condition is false; say whether looking may go on."""
    engine = TemplateEngine(loader=loader, variables=variables)
    copy = task.copy(exclude_parent=True, exclude_tasks=True)
    copy._parent = task._parent
    if not copy._resolve_conditional(copy.when, variables):
        return True
    args = copy.post_validate_attribute("args", templar=engine)
    action = module_of(copy)
    validated = checked(action, args)
    if validated is None:
        return False
    hidden += secrets(args)
    found.append(
        {
            "key": f"{task._uuid}:{'' if index is None else index}",
            "module": action,
            "args": plain(validated),
            "title": title_of(task),
            "where": place_of(task),
            "quiet": bool(task.no_log),
        }
    )
    return True


def title_of(task: Any) -> str:
    """Return the name of a task; with no_log as it is written, since what would be filled in may be a secret."""
    return str((task.get_ds() or {}).get("name") or task.action) if task.no_log else str(task.get_name())


def place_of(task: Any) -> dict[str, Any]:
    """Return the file and the line of a task."""
    path, _, line = str(task.get_path() or "task:1").rpartition(":")
    return {"path": path, "line": int(line) if line.isdigit() else 1}


def checked(module: str, args: Any) -> dict[str, Any] | None:
    """Return arguments as their types say; None when one of them is wrong."""
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator  # noqa: PLC0415 - seldom wrong

    spec = SPECS[module]
    known = {key: item for key, item in args.items() if key in _every(spec)}
    result = ArgumentSpecValidator(spec).validate(known)
    if result.error_messages:
        return None
    return merged(args, result.validated_parameters, spec)


def _every(spec: dict[str, Any]) -> set[str]:
    return {name for key, item in spec.items() for name in (key, *item.get("aliases", ()))}


def merged(args: Any, validated: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """Return what was given, by the options' own names and as their types; what the spec does not know as it was."""
    alias = {name: key for key, item in spec.items() for name in item.get("aliases", ())}
    found = {}
    for key, value in args.items():
        own = alias.get(key, key)
        found[own] = _given(value, validated[own]) if own in validated else value
        if own in _OR_FALSE and str(value).lower() in ("false", "no", "off"):
            found[own] = False
    return found


def _given(value: Any, validated: Any) -> Any:
    """Return a validated value without the options that were not given, which validation sets to none."""
    if isinstance(value, dict) and isinstance(validated, dict):
        return {key: _given(value[key], item) for key, item in validated.items() if key in value}
    if isinstance(value, list) and isinstance(validated, list) and len(value) == len(validated):
        return [_given(one, other) for one, other in zip(value, validated, strict=True)]
    return validated


__all__ = ["ahead", "checked", "key_of", "merged", "module_of", "place_of"]
