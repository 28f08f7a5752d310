"""Validate tasks before they run: unknown arguments and wrong values, with file, line and nearest word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from psnet._internal.validation_messages import explain_error
from psnet._internal.yaml import nearest
from psnet.playbook.daemon.task_items import location_of
from psnet.playbook.modules.base import NoArguments
from psnet.playbook.modules.resource import ResourceModule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet._internal.yaml import Document
    from psnet.errors import Problem
    from psnet.playbook.modules import Module, Registry


def problems_of(tasks: Sequence[Mapping[str, Any]], registry: Registry) -> list[str]:
    """Return what is wrong with tasks, each once.

    A task is ``module``, ``args``, ``where`` and ``open``: the paths of arguments that are templates, of which nothing
    is known yet. With ``more``, further arguments come from a template.
    """
    found: dict[str, None] = {}
    for task in tasks:
        for problem in _problems(task, registry):
            found[str(problem)] = None
    return list(found)


def _problems(task: Mapping[str, Any], registry: Registry) -> list[Problem]:
    module = registry.find(str(task["module"]))
    if module is None:
        return []
    args = dict(task.get("args") or {})
    where = location_of(task.get("where") or {})
    document = where.document(args)
    names = module.names()
    unknown = [key for key in args if key not in names]
    if unknown:
        return [document.problem((key,), "unknown key", remedy=_near(key, names)) for key in unknown]
    opened = set(task.get("open") or ())
    problems: list[Problem] = []
    if opened or task.get("more"):
        problems += _partly(module, args, opened, document)
    else:
        module.parse(args, where, problems)
    return problems or [document.problem((), str(said)) for said in task.get("wrong") or ()]


def _partly(module: Module, args: dict[str, Any], opened: set[str], document: Document) -> list[Problem]:
    """Return what is wrong with the arguments that are known; what is missing may still come."""
    model = module.kind if isinstance(module, ResourceModule) else module.arguments
    if module.arguments is NoArguments and not isinstance(module, ResourceModule):
        return []
    fields = {key: value for key, value in args.items() if key in model.model_fields and key not in opened}
    try:
        model.model_validate(fields)
    except ValidationError as error:
        return [
            document.problem((item["loc"][0],), explain_error(item)[0], remedy=explain_error(item)[1])
            for item in error.errors(include_url=False)
            if item["loc"] and item["loc"][0] in fields and item["type"] != "missing"
        ]
    return []


def _near(key: str, names: frozenset[str]) -> str:
    near = nearest(key, names)
    return f"did you mean {near}?" if near else f"the keys are {', '.join(sorted(names))}"
