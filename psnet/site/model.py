"""A site: what is wanted on a host."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from psnet._internal.model import Model
from psnet.resources import Resource
from psnet.site.sections import CONTAINER_HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.resources import Identity


class Absent(Model):
    """A thing that must not be there: its kind, its name, and fields that it can be found by (ports of a mapping)."""

    kind: str
    name: str
    fields: dict[str, Any] = Field(default_factory=dict)


class Site(Model):
    """Everything declared for one host, after templating with that host's variables."""

    name: str = Field(default="site", min_length=1)
    backend: Literal["auto", "containers", "hns", "hcn", "docker"] = "auto"
    manage: Literal["declared", "adopt", "exclusive"] = Field(
        default="declared",
        description="declared: touch only what is declared; adopt: take over what exists, without warnings; "
        "exclusive: also remove, with --prune, what psnet made and is declared no more",
    )
    prune: bool = Field(default=False, description="set by --prune, never by the file")
    resources: tuple[SerializeAsAny[Resource], ...] = ()
    absent: tuple[Absent, ...] = Field(default=(), description="said by tasks of a playbook, never by the file")
    places: dict[str, str] = Field(
        default_factory=dict, exclude=True, repr=False, description="file:line of each resource, by 'kind name'"
    )
    sections: dict[str, SerializeAsAny[Model]] = Field(
        default_factory=dict, description="what is wanted on targets that are no container hosts, by the section's key"
    )
    target: str = Field(default=CONTAINER_HOST, description="the kind of target that the site is filled for")

    @model_validator(mode="after")
    def _identities_once(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for resource, _ in self.everything():
            key = (resource.identity.kind, resource.identity.name.lower())
            if key in seen:
                raise ValueError(f"{resource.identity} is declared twice: give each its own name")
            seen.add(key)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy that works out anew what its resources imply."""
        made = super().model_copy(update=update, deep=deep)
        made.__dict__.pop("_everything", None)
        return made

    def everything(self) -> tuple[tuple[Resource, Identity | None], ...]:
        """Return declared and implied resources, each with the identity that it is made along with."""
        return self._everything

    @cached_property
    def _everything(self) -> tuple[tuple[Resource, Identity | None], ...]:
        found: list[tuple[Resource, Identity | None]] = []
        for resource in self.resources:
            found.append((resource, None))
            found += [(implied, resource.identity) for implied in resource.implied()]
        return tuple(found)
