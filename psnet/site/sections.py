"""Sections of a site file about targets that are no container hosts; each registers itself by an entry point.

A package names its section in its metadata, in the group ``psnet.targets``: ``sdn = "psnet.sdn.target:SECTION"``.
Nothing here knows which there are. A section is loaded when a site has its key, not before.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from psnet._internal.model import Model
    from psnet.resources import Context, Finding, Resource
    from psnet.site.model import Site

GROUP: Final = "psnet.targets"
#: The target of everything in a site file that no section claims.
CONTAINER_HOST: Final = "container_host"


class AccessPoint(NamedTuple):
    """From where a target is reached: the host of the inventory, as written, or None for a target with its own address.

    ``name`` is what the target is called in a run.
    """

    host: str | None
    name: str


class Section(Protocol):
    """What a kind of target says about its section of a site file."""

    @property
    def key(self) -> str:
        """The section's key in a site file, which names the kind of target too."""

    @property
    def title(self) -> str:
        """The kind of target in words, with its article: ``a Network Controller``."""

    @property
    def model(self) -> type[Model]:
        """The section's model."""

    def place(self, data: Any) -> AccessPoint:
        """Return from where the target is reached, from the section as written, before templates are filled."""

    def with_placeholders(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the section as written with stand-ins for what only matters to those who connect."""

    def relative_to(self, declared: Any, folder: Path) -> Any:
        """Return the filled section with the paths of its files resolved against a folder."""

    def declares(self, declared: Any) -> bool:
        """Whether anything is wanted on the target; else what is there is only to be removed."""

    def check_host(self, declared: Any, context: Context) -> Iterable[Finding]:
        """Yield what does not fit between a container host and the section of the same site."""

    def host_resources(self, declared: Any, site: Site) -> tuple[Resource, ...]:
        """Return what the section wants on a container host beside the host's own resources in ``site``."""

    def reached_hosts(self, declared: Any) -> tuple[str, ...]:
        """Return the hosts of the inventory, beside the target's own, on which the target changes something."""

    def with_openers(self, declared: Any, openers: Mapping[str, Callable[[], Any]]) -> Any:
        """Return the filled section with what opens sessions to those hosts."""

    def lint(self, declared: Any) -> Iterable[Finding]:
        """Yield what is wrong with the section on any target."""


@cache
def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def keys() -> tuple[str, ...]:
    """Return the keys of every section that there is; nothing is loaded."""
    return tuple(_installed())


def section_of(key: str) -> Section:
    """Return a section by its key; raise KeyError when there is none."""
    found: Section = _installed()[key].load()
    return found
