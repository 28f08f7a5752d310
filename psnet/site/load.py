"""From a site file to a Site for one host."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from psnet._internal.validate import validate
from psnet._internal.validation_messages import explain_error, kind_of
from psnet._internal.yaml import Document, nearest, parse_yaml, read_yaml
from psnet.errors import InputError, Problem, SiteError
from psnet.resources import KINDS, Resource
from psnet.site.model import Site
from psnet.site.sections import AccessPoint, keys, section_of
from psnet.site.template import has_templates, render_values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from psnet._internal.model import Model

_PLAIN = ("name", "backend", "manage")
_SECTIONS = {cls.section: cls for cls in KINDS.values()}


@dataclass(frozen=True, slots=True)
class SiteSource:
    """A site file as read: valid YAML, not yet filled with a host's variables."""

    document: Document = field(repr=False)
    #: Sites by the keys that they are made from, where no value is filled with variables: all hosts share one.
    _shared: dict[tuple[str, ...], Site] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The file's path as given."""
        return self.document.path

    @property
    def sections(self) -> tuple[str, ...]:
        """The keys of the sections that say something about targets that are no container hosts."""
        data = self.document.data
        return tuple(key for key in _strange(data) if data[key] is not None and key in keys())

    @property
    def for_hosts(self) -> bool:
        """Whether it says anything about container hosts."""
        return not self.sections or bool(set(self.document.data) & set(_SECTIONS))

    def place(self, key: str) -> AccessPoint:
        """Return from where the target of a section is reached, as written."""
        return section_of(key).place(self.document.data.get(key))

    def for_host(
        self, host: str, variables: Mapping[str, Any] | None = None, *, sections: Collection[str] = tuple(_SECTIONS)
    ) -> Site:
        """Return the site with this host's variables; raise SiteError with every problem found.

        What it says about other targets is not in it: that is filled with other variables (``for_target``). With
        ``sections`` only those are filled and are in it, whatever the others need.
        """
        strange = _strange(self.document.data)
        left = [key for key in _SECTIONS if key not in sections]
        kept = {
            key: value
            for key, value in self.document.data.items()
            if key not in left and (key not in strange or key not in keys())
        }
        return self._filled(kept, host, variables)

    def for_target(self, key: str, name: str, variables: Mapping[str, Any] | None = None) -> Site:
        """Return what a section wants, with the variables of the host that its target is reached from."""
        section = section_of(key)
        wanted = (*_PLAIN, key)
        site = self._filled(
            {word: item for word, item in self.document.data.items() if word in wanted}, name, variables
        )
        declared = site.sections.get(key)
        if declared is None:
            raise SiteError(f"{self.path} declares nothing on {section.title}", remedy=f"add the section {key}:")
        placed = section.relative_to(declared, Path(self.path).resolve().parent)
        return site.model_copy(update={"sections": {key: placed}, "target": key})

    def with_placeholders(self, key: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return what a section wants when nobody has to reach its target; None when it wants nothing."""
        data = self.document.data.get(key)
        if not isinstance(data, dict):
            return None
        section = section_of(key)
        return self._filled({key: section.with_placeholders(data)}, _bare(section.title), variables).sections.get(key)

    def without_variables(self, host: str) -> tuple[list[str], list[Problem]]:
        """Return where values are left open without a host's variables, and what is wrong whatever they will be.

        An item with an open value is checked but for what may come of that value.
        """
        strange = _strange(self.document.data)
        kept = {key: value for key, value in self.document.data.items() if key not in strange or key not in keys()}
        document = Document(self.path, kept, self.document.positions)
        data, problems = render_values(document, {"inventory_hostname": host}, host)
        open_ = [item for item in problems if "is undefined" in item.message]
        wrong = [item for item in problems if item not in open_]
        found: list[Problem] = []
        _build(Document(self.path, data, self.document.positions), found)
        items = {_item(problem) for problem in problems}
        keys_open = {problem.key for problem in problems}
        wrong += [
            item
            for item in found
            if item.key not in keys_open and (item.message in _WHATEVER or _item(item) not in items)
        ]
        ordered = sorted(wrong, key=lambda item: (item.line or 0, item.column or 0))
        return [f"{item.key} (line {item.line})" for item in open_], ordered

    def _filled(self, part: dict[str, Any], host: str, variables: Mapping[str, Any] | None) -> Site:
        keys_of_part = tuple(part)
        if keys_of_part in self._shared:
            return self._shared[keys_of_part]
        values = {"inventory_hostname": host, **(variables or {})}
        document = Document(self.path, part, self.document.positions)
        data, problems = render_values(document, values, host)
        unfilled = {(problem.line, problem.column) for problem in problems}
        found: list[Problem] = []
        site = _build(Document(self.path, data, self.document.positions), found)
        keys_unfilled = [problem.key or "" for problem in problems]
        problems += [
            problem
            for problem in found
            if (problem.line, problem.column) not in unfilled and not _holds(problem.key, keys_unfilled)
        ]
        if problems or site is None:
            ordered = sorted(problems, key=lambda item: (item.line or 0, item.column or 0))
            raise SiteError(f"{self.path} has {_count(problems)}", ordered)
        if not has_templates(part):
            self._shared[keys_of_part] = site
        return site


def _holds(key: str | None, others: list[str]) -> bool:
    """Say whether a key holds one of others: what is wrong with the whole follows from what is wrong within."""
    return key is not None and any(other.startswith((f"{key}.", f"{key}[")) for other in others)


#: What is wrong with an item whatever its open values will be.
_WHATEVER: Final = ("unknown key",)


def _item(problem: Problem) -> str:
    """Return the item of a section that a problem is in."""
    return (problem.key or "").partition("]")[0]


def _strange(data: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys that are about no container host; what sections there are is asked only for those."""
    return tuple(key for key in data if key not in _PLAIN and key not in _SECTIONS)


def _bare(title: str) -> str:
    """Return words such as ``a Network Controller`` for one that is known: ``the Network Controller``."""
    return f"the {title.split(' ', 1)[1]}"


def _count(problems: list[Problem]) -> str:
    return "1 error" if len(problems) == 1 else f"{len(problems)} errors"


def load_site(path: Path | str) -> SiteSource:
    """Read a site file; raise SiteError when it is no YAML mapping."""
    return _source(lambda: read_yaml(path))


def parse_site(text: str, path: str = "<text>") -> SiteSource:
    """Read a site from text, as load_site reads it from a file."""
    return _source(lambda: parse_yaml(text, path))


def check_site(given: object) -> None:
    """Raise InputError for what is no site, such as the path of one."""
    if isinstance(given, Site | SiteSource):
        return
    path = isinstance(given, str | Path)
    raise InputError(
        f"a site is expected, not {kind_of(str(given)) if path else 'what was given'}",
        remedy=f"write psnet.load_site({str(given)!r})" if path else "give what psnet.load_site returns",
    )


def _source(read: Any) -> SiteSource:
    try:
        document: Document = read()
    except InputError as error:
        raise SiteError(error.message, error.problems, remedy=error.remedy) from None
    if not isinstance(document.data, dict):
        remedy = "start it with name: and a section such as container_networks:"
        said = f"expected keys and values, not {kind_of(document.data)}"
        raise SiteError(f"{document.path} holds no declaration", [document.problem((), said, remedy=remedy)])
    wrong = _other_file(document)
    if wrong is not None:
        raise SiteError(f"{document.path} is no site", [wrong])
    return SiteSource(document)


def _other_file(document: Document) -> Problem | None:
    """Return what is said of a file of psnet's own that is no site: all of its keys would be wrong."""
    data = document.data
    if set(data) & {*_PLAIN, *_SECTIONS}:
        return None
    if data.get("kind") == "psnet-plan":
        return document.problem((), "this is a saved plan", key="", remedy=f"psnet show or psnet apply {document.path}")
    if "hosts" in data and set(data) <= {"hosts", "groups", "vars", "connection"}:
        return document.problem((), "this is an inventory", key="", remedy=f"name the site, and -i {document.path}")
    return None


def _build(document: Document, problems: list[Problem]) -> Site | None:
    data = document.data
    resources: list[Resource] = []
    strange = _strange(data)
    sections: dict[str, Model] = {}
    seen: dict[tuple[str, str], int | None] = {}
    places: dict[str, str] = {}
    for key, value in data.items():
        if key in _PLAIN:
            continue
        if key in strange:
            _other(key, value, document, sections, problems)
            continue
        for item, path in _section(_SECTIONS[key], value, document, key, problems):
            place = document.problem(path, "")
            told_twice = False
            for each in (item, *item.implied()):  # a mapping makes its firewall rule along with it
                identity = (each.identity.kind, each.identity.name.lower())
                if identity in seen and not told_twice:
                    told_twice = True
                    said = f"{each.identity} is declared twice, first at line {seen[identity]}"
                    problems.append(document.problem((*path, "name"), said, remedy="give each its own name"))
                seen.setdefault(identity, place.line)
            places[str(item.identity)] = f"{document.path}:{place.line}"
            resources.append(item)
    if problems:
        return None
    plain = {key: data[key] for key in _PLAIN if key in data}
    try:
        return Site(**plain, resources=tuple(resources), sections=sections, places=places)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            message, remedy = explain_error(wrong)
            problems.append(document.problem(tuple(wrong["loc"][:1]), message, remedy=remedy))
        return None


def _other(key: str, value: Any, document: Document, sections: dict[str, Model], problems: list[Problem]) -> None:
    """Read a section about another target than container hosts, or say that there is no such key."""
    if key not in keys():
        known = [*_PLAIN, *_SECTIONS, *keys()]
        near = nearest(key, known)
        remedy = f"did you mean {near}?" if near else f"the keys are {', '.join(known)}"
        problems.append(document.problem((key,), "unknown key", remedy=remedy))
        return
    section = section_of(key)
    declared = validate(section.model, value, document, (key,), problems) if value is not None else None
    if declared is not None:
        sections[key] = declared


def _section(
    cls: type[Resource], value: Any, document: Document, key: str, problems: list[Problem]
) -> list[tuple[Resource, tuple[str, int]]]:
    if value is None:
        return []
    if not isinstance(value, list):
        problems.append(document.problem((key,), "expected a list", remedy="start each item with '- '"))
        return []
    found = ((validate(cls, item, document, (key, index), problems), index) for index, item in enumerate(value))
    return [(item, (key, index)) for item, index in found if item is not None]
