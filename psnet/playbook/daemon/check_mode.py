"""Check mode: resources that earlier tasks would have made count as made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.fleet import observe_host
from psnet.planning import plan
from psnet.playbook.daemon.task_items import changes_by_task, identity, leading_harmless
from psnet.playbook.modules.outcome import planned_result
from psnet.playbook.modules.resource import DesiredResource, Options, site_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.planning import Plan
    from psnet.playbook.modules import Result
    from psnet.site import Site
    from psnet.transport import Session


@dataclass(slots=True)
class CheckMode:
    """What tasks in check mode would have made on one host, by kind and name, and whether that was a change."""

    made: dict[tuple[str, str], tuple[DesiredResource, bool]] = field(default_factory=dict)

    def plan_items(self, session: Session, host: str, wanted: Sequence[DesiredResource], title: str) -> list[Result]:
        """Return what the first of some task items would change, as many as may be planned together."""
        whole = self._plan(session, host, wanted, title)
        count = leading_harmless(wanted, whole)
        mine = wanted[:count]
        if count < len(wanted):
            whole = self._plan(session, host, mine, title)
        results = []
        for item, changes in zip(mine, changes_by_task(whole, mine), strict=True):
            before = self.made.get(identity(item))
            result = planned_result(whole.model_copy(update={"changes": changes}))
            if before is not None and not result.get("failed"):
                result = _after(before, item, result)
            if not result.get("failed"):
                self.made[identity(item)] = (item, bool(result["changed"]) or (before is not None and before[1]))
            results.append(result)
        return results

    def plan_site(self, session: Session, host: str, site: Site) -> Result:
        """Return what a site would change, and remember what it would make."""
        own = [DesiredResource(Options(backend=site.backend), resource=item) for item in site.resources]
        own += [DesiredResource(Options(state="absent", backend=site.backend), absent=item) for item in site.absent]
        mine = {identity(item) for item in own}
        others = [item for name, (item, _) in self.made.items() if name not in mine and _goes(item, site.backend)]
        merged = site.model_copy(
            update={
                "resources": (*(item.resource for item in others if item.resource is not None), *site.resources),
                "absent": (*(item.absent for item in others if item.absent is not None), *site.absent),
            }
        )
        whole = plan(merged, observe_host(session, host, merged), host=host)
        foreign = {change.id for changes in changes_by_task(whole, others) for change in changes}
        kept = [change for change in whole.changes if change.id not in foreign]
        known = {identity(item) for item in own if self._known(item)}
        kept = [change for change in kept if (change.kind, change.name) not in known]
        result = planned_result(whole.model_copy(update={"changes": tuple(kept)}))
        if not result.get("failed"):
            self.made |= {identity(item): (item, True) for item in own}
        return result

    def _known(self, item: DesiredResource) -> bool:
        before = self.made.get(identity(item))
        return before is not None and _equal(before[0], item)

    def _plan(self, session: Session, host: str, wanted: Sequence[DesiredResource], title: str) -> Plan:
        mine = {identity(item) for item in wanted}
        backend = next((item.options.backend for item in wanted if item.options.backend != "auto"), "auto")
        others = [item for name, (item, _) in self.made.items() if name not in mine and _goes(item, backend)]
        site = site_of([*others, *wanted], title)
        return plan(site, observe_host(session, host, site), host=host)


def _goes(item: DesiredResource, backend: str) -> bool:
    return "auto" in (backend, item.options.backend) or backend == item.options.backend


def _equal(one: DesiredResource, other: DesiredResource) -> bool:
    return one.resource == other.resource and one.absent == other.absent


def _after(before: tuple[DesiredResource, bool], item: DesiredResource, result: Result) -> Result:
    """Return a task's result when a task before it would have changed the same thing."""
    wanted, changed = before
    if _equal(wanted, item):
        return {"changed": False, "changes": []}
    if changed and wanted.resource is not None and item.absent is not None and not result["changed"]:
        kind, name = identity(item)
        return {"changed": True, "changes": [{"operation": "remove", "kind": kind, "name": name, "fields": []}]}
    return result
