"""One module for each kind of resource; its arguments are the fields of the kind, and ``state``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet._internal.validate import validate
from psnet.fleet import Confirmation, apply_host, plan_host
from psnet.planning import Downtime
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.outcome import planned_result, result_of
from psnet.resources import KINDS, Resource
from psnet.site import Site
from psnet.site.model import Absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.errors import Problem
    from psnet.playbook.location import Location

Backend = Literal["auto", "containers", "hns", "hcn", "docker"]
#: By what a resource is found when it is to be absent; the other fields may then be missing.
_BY: Final = ("name", "endpoint", "network")


class Options(Model):
    """What the module of every kind takes besides the kind's own fields."""

    state: Literal["present", "absent"] = "present"
    backend: Backend = "auto"
    confirm_within: int = Field(default=120, ge=5, description="seconds, for a change that cuts the connection")
    rollback: bool = True
    allow_downtime: Downtime = Field(default="endpoints", description="what may go with a change: none, endpoints, all")

    def confirmation(self) -> Confirmation:
        """Return what a run with these options allows its changes."""
        return Confirmation(self.confirm_within, self.rollback, self.allow_downtime)


_OPTIONS: Final = frozenset(Options.model_fields)


@dataclass(frozen=True, slots=True)
class DesiredResource:
    """The resource that one task declares present or absent, with the task's options."""

    options: Options
    resource: Resource | None = None
    absent: Absent | None = None

    @property
    def plain(self) -> dict[str, Any]:
        """The declaration as plain data."""
        found = self.resource.model_dump() if self.resource is not None else {}
        return found | (self.absent.fields if self.absent is not None else {})

    def site(self, name: str) -> Site:
        """Return a site with this resource alone."""
        return site_of([self], name)


def site_of(wanted: list[DesiredResource], name: str) -> Site:
    """Return what several tasks want as one site; their backend is the first one's."""
    backend = next((item.options.backend for item in wanted if item.options.backend != "auto"), "auto")
    return Site(
        name=name,
        backend=backend,
        manage="adopt",
        resources=tuple(item.resource for item in wanted if item.resource is not None),
        absent=tuple(item.absent for item in wanted if item.absent is not None),
    )


class ResourceModule(Module):
    """Bring one resource into the state that is wanted, through observe, plan, apply and verify."""

    def __init__(self, kind: type[Resource], name: str | None = None, backend: Backend | None = None) -> None:
        self.kind = kind
        self.name = name or kind.kind
        self.backend = backend

    def names(self) -> frozenset[str]:
        """Return the kind's fields and short keys, and the options."""
        return frozenset(self.kind.model_fields) | frozenset(self.kind.short_keys) | _OPTIONS

    def parse(self, values: Mapping[str, Any], where: Location, problems: list[Problem]) -> DesiredResource | None:
        """Return what is wanted, or None after adding what is wrong."""
        document = where.document(values)
        given = {key: value for key, value in values.items() if key in _OPTIONS}
        if self.backend is not None:
            given = {"backend": self.backend, **given}
        options = validate(Options, given, document, (), problems)
        fields = {key: value for key, value in values.items() if key not in _OPTIONS}
        if options is None:
            return None
        if options.state == "present":
            resource = validate(self.kind, fields, document, (), problems)
            return DesiredResource(options, resource=resource) if resource is not None else None
        name = next((str(fields[key]) for key in _BY if fields.get(key)), None)
        if name is None:
            problems.append(document.problem((), "state: absent needs the name", remedy="add name:"))
            return None
        if options.backend == "docker":
            fields["backend"] = "docker"
        return DesiredResource(options, absent=Absent(kind=self.kind.kind, name=name, fields=fields))

    def run(self, call: Call) -> Result:
        """Converge the host to this one thing, or say what that would change."""
        wanted: DesiredResource = call.args
        site = wanted.site(call.title)
        if call.check:
            return planned_result(plan_host(call.session(), call.name, site))
        confirmation = wanted.options.confirmation()
        result = apply_host(
            call.session(), call.name, site, confirmation=confirmation, reopen=call.reopen, report=call.tell
        )
        if result.ending is not None:
            call.forget()  # the connection was cut: the next task begins a session of its own
        return result_of(result)


def resource_modules() -> list[Module]:
    """Return a module for each kind; ``docker_network`` is a container network of the docker backend."""
    found: list[Module] = [ResourceModule(kind) for kind in KINDS.values()]
    return [*found, ResourceModule(KINDS["container_network"], "docker_network", "docker")]
