"""sdn: the section ``sdn:`` of a site, from its file or written in the task, on a Network Controller."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document
from psnet.errors import InputError
from psnet.fleet import apply_host, plan_host
from psnet.fleet.targets import reached_hosts, with_reached_hosts
from psnet.playbook.modules.outcome import planned_result, result_of
from psnet.playbook.modules.site import SiteFileModule, checked_source, pruning
from psnet.site import SiteSource, load_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.errors import Problem
    from psnet.playbook.location import Location
    from psnet.playbook.modules.base import Call, Result
    from psnet.site import Site

_OPTIONS: Final = frozenset({"file", "prune"})
_PLAIN: Final = frozenset({"name", "manage"})
_KEY: Final = "sdn"


class SdnModule(SiteFileModule):
    """Converge the Network Controller that the host stands for, by its cmdlets there or by its REST API from here."""

    name = "sdn"
    summary = "brings a Network Controller to the section sdn: of a site: its `file`, or the section's keys; `prune`"

    def names(self) -> frozenset[str]:
        """Return the options, and the keys of the section."""
        return _OPTIONS | _PLAIN | _parts()

    def parse(self, values: Mapping[str, Any], where: Location, problems: list[Problem]) -> Any:
        """Return the arguments; a file's contents are read when the task runs."""
        inline = bool(set(values) - _OPTIONS)
        document = where.document(values)
        if inline == ("file" in values):
            problems.append(document.problem((), "give a file, or the parts of the section sdn"))
            return None
        if inline and not problems:
            try:
                _source(values, where).for_target(_KEY, "host")
            except InputError as error:
                problems.extend(error.problems or [document.problem((), error.message, remedy=error.remedy)])
                return None
        return dict(values)

    def reaches(
        self, args: Mapping[str, Any], name: str, variables: Mapping[str, Any], where: Location
    ) -> tuple[str, ...]:
        """Return the hosts with the section's ports."""
        source = load_site(Path(str(args["file"]))) if "file" in args else _source(args, where)
        return reached_hosts(source.for_target(_KEY, name, dict(variables)))

    def run(self, call: Call) -> Result:
        """Observe, plan, apply, verify; in check mode plan alone."""
        site = with_reached_hosts(self._site(call), call.reached)
        if call.args.get("prune"):
            site = pruning(site)
        if call.check:
            return planned_result(plan_host(call.session(), call.name, site))
        return result_of(apply_host(call.session(), call.name, site, report=call.tell))

    def _site(self, call: Call) -> Site:
        if "file" not in call.args:
            return _source(call.args, call.where).for_target(_KEY, call.name)
        return checked_source(call, str(call.args["file"])).for_target(_KEY, call.name, dict(call.variables))


@cache
def _parts() -> frozenset[str]:
    from psnet.sdn import Sdn  # noqa: PLC0415 - a tenth of the start of psnet's process, and most plays have none

    return frozenset(Sdn.model_fields)


def _source(values: Mapping[str, Any], where: Location) -> SiteSource:
    """Return the task's arguments as a site that holds the section alone, with the playbook's lines."""
    data = {key: item for key, item in values.items() if key in _PLAIN}
    data[_KEY] = {key: item for key, item in values.items() if key not in _PLAIN | _OPTIONS}
    positions = where.document(values).positions
    places = {(_KEY, *path) if path and path[0] not in _PLAIN else path: place for path, place in positions.items()}
    return SiteSource(Document(where.path, data, places))
