"""psnet.site: a whole site, from its file or written in the task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document
from psnet.errors import InputError, PlanError
from psnet.fleet import Confirmation, apply_host, plan_host
from psnet.playbook.modules.base import Call, Module, Result, document_of
from psnet.playbook.modules.outcome import planned_result, result_of
from psnet.playbook.source import found
from psnet.resources import KINDS
from psnet.site import SiteSource, load_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.errors import Problem
    from psnet.playbook.model import Where
    from psnet.site import Site

_OPTIONS: Final = frozenset({"file", "prune", "confirm_within", "rollback"})
_PARTS: Final = frozenset({"name", "backend", "manage", *(cls.section for cls in KINDS.values())})


class SiteModule(Module):
    """Converge the host to a site."""

    name = "psnet.site"
    free = "file"
    summary = "brings the host to a whole site: its `file`, or the site's own keys in the task; `prune`"

    def names(self) -> frozenset[str]:
        """Return the options, and the keys of a site."""
        return _OPTIONS | _PARTS

    def parse(self, values: Mapping[str, Any], where: Where, problems: list[Problem]) -> Any:
        """Return the arguments; a file's contents are read when the task runs."""
        document = document_of(values, where)
        inline = {key: value for key, value in values.items() if key in _PARTS}
        if bool(inline) == ("file" in values):
            problems.append(document.problem((), "give a file, or the parts of a site"))
            return None
        if inline and not problems:
            try:
                SiteSource(Document(where.path, inline, document.positions)).for_host("host")
            except InputError as error:
                problems.extend(error.problems)
                return None
        return dict(values)

    def run(self, call: Call) -> Result:
        """Observe, plan, apply, verify; in check mode plan alone."""
        args = call.args
        inline = {key: value for key, value in args.items() if key in _PARTS}
        if inline:
            places = document_of(inline, call.task.where).positions
            site = SiteSource(Document(call.task.where.path, inline, places)).for_host(call.name)
        else:
            site = load(call, str(args["file"]))
        if args.get("prune"):
            if site.manage != "exclusive":
                raise PlanError("prune removes only from a site that says manage: exclusive")
            site = site.model_copy(update={"prune": True})
        if call.check:
            return planned_result(plan_host(call.session(), call.name, site))
        confirmation = Confirmation(int(args.get("confirm_within", 120)), bool(args.get("rollback", True)))
        reopen, tell = call.reopen, call.tell
        result = apply_host(call.session(), call.name, site, confirmation=confirmation, reopen=reopen, tell=tell)
        if result.ending is not None:
            call.forget()  # the connection was cut: the next task begins a session of its own
        return result_of(result)


def load(call: Call, name: str) -> Site:
    """Return a site file filled with the variables that the task sees. Raises InputError."""
    source, values = source_of(call, name)
    return source.for_host(call.name, values)


def source_of(call: Call, name: str) -> tuple[SiteSource, dict[str, Any]]:
    """Return a site file, and those of the task's variables that it uses. Raises InputError."""
    path = found([name], [folder / "files" for folder in call.folders] + list(call.folders))
    source = load_site(path or Path(name))
    values = {key: call.scope[key] for key in _used(source.document.data) if key in call.scope}
    if call.templar.secrets.holds(values):
        raise InputError(f"{name} uses a secret, which plans would show", remedy="take it out of the site")
    return source, values


def _used(data: Any) -> set[str]:
    """Return the names of the variables that a site's templates use."""
    from jinja2 import meta  # noqa: PLC0415 - only for sites with variables

    from psnet.site.template import environment  # noqa: PLC0415 - as above

    env = environment()
    if isinstance(data, str):
        return meta.find_undeclared_variables(env.parse(data)) if "{" in data else set()
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return {name for part in parts for name in _used(part)}
