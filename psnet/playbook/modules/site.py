"""site: a whole site, from its file or written in the task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.text import untrusted
from psnet._internal.yaml import Document
from psnet.errors import InputError, PlanError
from psnet.fleet import Confirmation, apply_host, plan_host
from psnet.planning import DOWNTIMES
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.outcome import planned_result, result_of
from psnet.resources import KINDS
from psnet.site import SiteSource, load_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.errors import Problem
    from psnet.playbook.location import Location
    from psnet.site import Site

_OPTIONS: Final = frozenset({"file", "site", "prune", "confirm_within", "rollback", "allow_downtime"})
_PARTS: Final = frozenset({"name", "backend", "manage", *(cls.section for cls in KINDS.values())})
_GIVE: Final = "give one of file, site, or the parts of a site"


class SiteFileModule(Module):
    """A module whose argument ``file`` may name a site file."""

    def needs(self, args: Mapping[str, Any]) -> frozenset[str]:
        """Return the variables that a site's file uses."""
        return used_variables(load_site(Path(str(args["file"])))) if "file" in args else frozenset()


class SiteModule(SiteFileModule):
    """Converge the host to a site."""

    name = "site"
    summary = "brings the host to a whole site: its `file`, or the site's own keys in the task; `prune`"

    def names(self) -> frozenset[str]:
        """Return the options, and the keys of a site."""
        return _OPTIONS | _PARTS

    def parse(self, values: Mapping[str, Any], where: Location, problems: list[Problem]) -> Any:
        """Return the arguments; a file's contents are read when the task runs."""
        document = where.document(values)
        inline = {key: value for key, value in values.items() if key not in _OPTIONS}
        if sum((bool(inline), "file" in values, "site" in values)) != 1:
            problems.append(document.problem((), _GIVE))
            return None
        if values.get("allow_downtime", "endpoints") not in DOWNTIMES:
            said = f"allow_downtime is one of {', '.join(DOWNTIMES)}, not {values['allow_downtime']!r}"
            problems.append(document.problem(("allow_downtime",), said))
            return None
        if not problems and "file" not in values:
            try:
                _inline(values, where).for_host("host")
            except InputError as error:
                problems.extend(error.problems or [document.problem((), error.message, remedy=error.remedy)])
                return None
        return dict(values)

    def run(self, call: Call) -> Result:
        """Observe, plan, apply, verify; in check mode plan alone."""
        args = call.args
        site = desired_site(call)
        if call.check:
            return planned_result(plan_host(call.session(), call.name, site))
        confirmation = Confirmation(
            int(args.get("confirm_within", 120)),
            bool(args.get("rollback", True)),
            args.get("allow_downtime", "endpoints"),
        )
        reopen, tell = call.reopen, call.tell
        result = apply_host(call.session(), call.name, site, confirmation=confirmation, reopen=reopen, report=tell)
        if result.ending is not None:
            call.forget()  # the connection was cut: the next task begins a session of its own
        return result_of(result)


def desired_site(call: Call) -> Site:
    """Return the site that a task of ``site`` wants. Raises InputError, PlanError."""
    args = call.args
    site = load(call, str(args["file"])) if "file" in args else _inline(args, call.where).for_host(call.name)
    return pruning(site) if args.get("prune") else site


def pruning(site: Site) -> Site:
    """Return a site that removes what it declares no more. Raises PlanError unless it says that all is its own."""
    if site.manage != "exclusive":
        raise PlanError("prune removes only from a site that says manage: exclusive")
    return site.model_copy(update={"prune": True})


def _inline(values: Mapping[str, Any], where: Location) -> SiteSource:
    positions = where.document(values).positions
    given = values.get("site")
    if given is not None:
        below = {path[1:]: place for path, place in positions.items() if path[:1] == ("site",)}
        return SiteSource(Document(where.path, untrusted(given), {(): (where.line, 1), **below}))
    inline = {key: value for key, value in values.items() if key not in _OPTIONS}
    return SiteSource(Document(where.path, untrusted(inline), positions))  # Ansible has filled the task's templates


def load(call: Call, path: str) -> Site:
    """Return a site file filled with the variables that the task gave. Raises InputError."""
    return checked_source(call, path).for_host(call.name, dict(call.variables))


def checked_source(call: Call, path: str) -> SiteSource:
    """Return a site file; raise InputError when a secret would become a part of it."""
    source = load_site(Path(path))
    if call.secrets.contains(dict(call.variables)):
        raise InputError(f"{path} uses a secret, which plans would show", remedy="take it out of the site")
    return source


def used_variables(source: SiteSource) -> frozenset[str]:
    """Return the names of the variables that a site's templates use."""
    return frozenset(_used(source.document.data))


def _used(data: Any) -> set[str]:
    """Return the names of the variables that a site's templates use."""
    from jinja2 import meta  # noqa: PLC0415 - only for sites with variables

    from psnet.site.template import environment  # noqa: PLC0415 - as above

    env = environment()
    if isinstance(data, str):
        return meta.find_undeclared_variables(env.parse(data)) if "{" in data else set()
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return {name for part in parts for name in _used(part)}
