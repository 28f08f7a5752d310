"""From a site file to a Site for one host."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from psnet._internal.validate import validate
from psnet._internal.yaml import Document, nearest, parse_yaml, read_yaml
from psnet.errors import InputError, Problem, SiteError
from psnet.resources import KINDS, Resource
from psnet.sdn.model import Sdn
from psnet.site.model import Site
from psnet.site.template import render_values

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = ("name", "backend", "manage")
_SDN = "sdn"
_SECTIONS = {cls.section: cls for cls in KINDS.values()}


@dataclass(frozen=True, slots=True)
class SiteSource:
    """A site file as read: valid YAML, not yet filled with a host's variables."""

    document: Document = field(repr=False)

    @property
    def path(self) -> str:
        """The file's path as given."""
        return self.document.path

    @property
    def has_sdn(self) -> bool:
        """Whether something is declared on a Network Controller."""
        return isinstance(self.document.data, dict) and self.document.data.get(_SDN) is not None

    @property
    def for_hosts(self) -> bool:
        """Whether it says anything about container hosts."""
        return not self.has_sdn or bool(set(self.document.data) & set(_SECTIONS))

    @property
    def controller_host(self) -> str | None:
        """The inventory's host that stands for the controller, as written."""
        return self._controller("host")

    @property
    def controller_url(self) -> str | None:
        """The controller's URL, as written."""
        return self._controller("url")

    def _controller(self, key: str) -> str | None:
        section = self.document.data.get(_SDN) if self.has_sdn else None
        controller = section.get("controller") if isinstance(section, dict) else None
        value = controller.get(key) if isinstance(controller, dict) else None
        return value if isinstance(value, str) else None

    def for_host(self, host: str, variables: Mapping[str, Any] | None = None) -> Site:
        """Return the site with this host's variables; raise SiteError with every problem found.

        What it says about a Network Controller is not in it: that is filled with other variables (``for_controller``).
        """
        return self._filled({key: value for key, value in self.document.data.items() if key != _SDN}, host, variables)

    def for_controller(self, host: str, variables: Mapping[str, Any] | None = None) -> Site:
        """Return what is wanted on the Network Controller, with the variables of the host that stands for it."""
        wanted = (*_PLAIN, _SDN)
        site = self._filled({key: item for key, item in self.document.data.items() if key in wanted}, host, variables)
        if site.sdn is None:
            raise SiteError(f"{self.path} declares nothing on a Network Controller", remedy="add the section sdn:")
        controller = site.sdn.controller.below(Path(self.path).resolve().parent)
        return site.model_copy(
            update={"sdn": site.sdn.model_copy(update={"controller": controller}), "of_controller": True}
        )

    def sdn_declared(self, variables: Mapping[str, Any] | None = None) -> Sdn | None:
        """Return what is wanted on the Network Controller when nobody has to reach it; None when nothing is."""
        section = self.document.data.get(_SDN) if self.has_sdn else None
        if not isinstance(section, dict):
            return None
        part = {_SDN: {**section, "controller": {"url": "https://nobody.invalid"}}}
        return self._filled(part, "the controller", variables).sdn

    def _filled(self, part: dict[str, Any], host: str, variables: Mapping[str, Any] | None) -> Site:
        values = {"inventory_hostname": host, **(variables or {})}
        document = Document(self.path, part, self.document.positions)
        data, problems = render_values(document, values, host)
        unfilled = {(problem.line, problem.column) for problem in problems}
        found: list[Problem] = []
        site = _build(Document(self.path, data, self.document.positions), found)
        problems += [problem for problem in found if (problem.line, problem.column) not in unfilled]
        if problems or site is None:
            raise SiteError(f"{self.path} has {_count(problems)}", problems)
        return site


def _count(problems: list[Problem]) -> str:
    return "1 error" if len(problems) == 1 else f"{len(problems)} errors"


def load_site(path: Path | str) -> SiteSource:
    """Read a site file; raise SiteError when it is no YAML mapping."""
    return _source(lambda: read_yaml(path))


def parse_site(text: str, path: str = "<text>") -> SiteSource:
    """Read a site from text, as load_site reads it from a file."""
    return _source(lambda: parse_yaml(text, path))


def _source(read: Any) -> SiteSource:
    try:
        document: Document = read()
    except InputError as error:
        raise SiteError(error.message, error.problems, remedy=error.remedy) from None
    if not isinstance(document.data, dict):
        raise SiteError(
            f"{document.path} holds no declaration",
            remedy="start it with name: and a section such as container_networks:",
        )
    return SiteSource(document)


def _build(document: Document, problems: list[Problem]) -> Site | None:
    data = document.data
    resources: list[Resource] = []
    known = [*_PLAIN, *_SECTIONS, _SDN]
    sdn: Sdn | None = None
    for key, value in data.items():
        if key in _PLAIN:
            continue
        if key == _SDN:
            sdn = validate(Sdn, value, document, (key,), problems) if value is not None else None
            continue
        if key not in _SECTIONS:
            near = nearest(key, known)
            remedy = f"did you mean {near}?" if near else f"the keys are {', '.join(known)}"
            problems.append(document.problem((key,), "unknown key", remedy=remedy))
            continue
        resources.extend(_section(_SECTIONS[key], value, document, key, problems))
    if problems:
        return None
    plain = {key: data[key] for key in _PLAIN if key in data}
    try:
        return Site(**plain, resources=tuple(resources), sdn=sdn)
    except ValidationError as error:
        problems.extend(
            document.problem(tuple(item["loc"][:1]), item["msg"].removeprefix("Value error, "))
            for item in error.errors(include_url=False, include_context=False)
        )
        return None


def _section(cls: type[Resource], value: Any, document: Document, key: str, problems: list[Problem]) -> list[Resource]:
    if value is None:
        return []
    if not isinstance(value, list):
        problems.append(document.problem((key,), "expected a list", remedy="start each item with '- '"))
        return []
    found = [validate(cls, item, document, (key, index), problems) for index, item in enumerate(value)]
    return [item for item in found if item is not None]
