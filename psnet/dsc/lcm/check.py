"""What parts of lcm.yaml say about each other, checked before anything is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet._internal.yaml import Document, Path_
    from psnet.dsc.lcm.model import LcmFile
    from psnet.errors import Problem

_SERVERS = ("configuration_repositories", "resource_repositories", "report_servers")
_REFERENCES = {
    "configuration_source": "configuration_repositories",
    "resource_module_source": "resource_repositories",
    "depends_on": "partial_configurations",
}


def check(lcm: LcmFile, document: Document) -> list[Problem]:
    """Return every problem between the parts of lcm.yaml."""
    return [document.problem(where, message, remedy=remedy) for where, message, remedy in _problems(lcm)]


def _problems(lcm: LcmFile) -> Iterator[tuple[Path_, str, str | None]]:
    settings = lcm.settings
    if settings.refresh_mode == "Pull" and not (lcm.configuration_repositories or lcm.partial_configurations):
        yield ("settings", "refresh_mode"), "Pull needs a repository", "add configuration_repositories"
    for section in _SERVERS if settings.configuration_id is not None else ():
        for index, item in enumerate(getattr(lcm, section)):
            if item.registration_key is not None:
                yield (
                    (section, index, "registration_key"),
                    "a node has either a configuration_id or a registration key",
                    "leave out configuration_id: it is the older way",
                )
    for section in (*_SERVERS, "partial_configurations"):
        names = [item.name.lower() for item in getattr(lcm, section)]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (section, index, "name"), f"the name {name} stands here twice", None
    yield from _references(lcm)
    if not lcm.partial_configurations:
        yield from _whole(lcm)


def _whole(lcm: LcmFile) -> Iterator[tuple[Path_, str, str | None]]:
    """Yield what is wrong with repositories that whole configurations come from."""
    for index, repository in enumerate(lcm.configuration_repositories):
        place: Path_ = ("configuration_repositories", index)
        if repository.registration_key is not None and not repository.configuration_names:
            yield place, "the key configuration_names is missing", "name what the node pulls"
        if len(repository.configuration_names) > 1:
            yield (
                (*place, "configuration_names"),
                "several configurations for one node need partial_configurations",
                "declare one for each name",
            )


def _references(lcm: LcmFile) -> Iterator[tuple[Path_, str, str | None]]:
    for index, item in enumerate(lcm.partial_configurations):
        place: Path_ = ("partial_configurations", index)
        if item.refresh_mode == "Pull" and not item.configuration_source:
            yield place, "a part that is pulled needs a configuration_source", "name a configuration repository"
        for field, section in _REFERENCES.items():
            known = [other.name for other in getattr(lcm, section)]
            names: Sequence[str] = getattr(item, field)
            for number, name in enumerate(names):
                if name.lower() not in {other.lower() for other in known}:
                    near = nearest(name, known)
                    hint = f"did you mean {near}?" if near else f"the names are {', '.join(known) or 'none'}"
                    yield (*place, field, number), f"{section} has no {name}", hint
