"""From a playbook's files to a Playbook: plays, what they import, and every mistake found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document, Path_, nearest
from psnet.errors import InputError, Problem
from psnet.playbook import keywords
from psnet.playbook.model import Inherited, Play, Playbook, Prompt, Role, Step, Task
from psnet.playbook.roles import RoleLoader
from psnet.playbook.source import read_document, where_of
from psnet.playbook.tasks import TaskLoader, as_list, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.playbook.modules import Registry
    from psnet.playbook.template import Templar

_SECTIONS: Final = ("pre_tasks", "roles", "tasks", "post_tasks", "handlers")
_LISTS: Final = ("vars_files", "vars_prompt", *_SECTIONS)


def load_playbook(
    path: Path | str, registry: Registry, templar: Templar, extra: Mapping[str, Any] | None = None
) -> Playbook:
    """Read a playbook with all that it imports; raise InputError with every problem found, before anything runs."""
    loader = _Loader(registry, templar, dict(extra or {}))
    plays = loader.playbook(Path(path), Inherited(), ())
    if loader.problems:
        count = len(loader.problems)
        raise InputError(f"{path} has {count} error{'s' if count > 1 else ''}", loader.problems)
    return Playbook(str(path), tuple(plays))


@dataclass(slots=True)
class _Loader:
    registry: Registry
    templar: Templar
    extra: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def playbook(self, path: Path, inherited: Inherited, above: tuple[Path, ...]) -> list[Play]:
        document = read_document(path, self.templar.secrets)
        if not isinstance(document.data, list):
            self.problems.append(document.problem((), "a playbook is a list of plays", remedy="start it with - hosts:"))
            return []
        plays: list[Play] = []
        for index, data in enumerate(document.data):
            place: Path_ = (index,)
            if not isinstance(data, dict):
                self.problems.append(document.problem(place, "a play has keys and values", remedy="write - hosts: all"))
            elif _imports(data) is not None:
                plays += self._import(document, place, data, inherited, (*above, path.resolve()))
            else:
                play = self._play(document, place, data, path.parent, inherited)
                plays += [play] if play else []
        return plays

    def _import(
        self, document: Document, place: Path_, data: dict[str, Any], inherited: Inherited, above: tuple[Path, ...]
    ) -> list[Play]:
        key = str(_imports(data))
        self._unknown(document, place, data, frozenset({key, "name", "vars", "when", "tags"}), "an imported playbook")
        path = Path(document.path).parent / str(data[key])
        if path.resolve() in above:
            self.problems.append(document.problem((*place, key), "the playbook imports itself"))
            return []
        if not path.is_file():
            self.problems.append(document.problem((*place, key), f"there is no playbook {path}"))
            return []
        below = replace(
            inherited,
            tags=(*inherited.tags, *words(data.get("tags"))),
            when=(*inherited.when, *as_list(data.get("when"))),
            vars=(*inherited.vars, data.get("vars") or {}),
        )
        return self.playbook(path, below, above)

    def _unknown(
        self, document: Document, place: Path_, data: Mapping[str, Any], known: frozenset[str], what: str
    ) -> None:
        for key in data:
            if key in known:
                continue
            reason = keywords.REFUSED.get(key)
            near = nearest(key, known)
            remedy = reason or (f"did you mean {near}?" if near else f"the keys are {', '.join(sorted(known))}")
            self.problems.append(document.problem((*place, key), f"unknown key in {what}", remedy=remedy))

    def _play(
        self, document: Document, place: Path_, data: dict[str, Any], folder: Path, inherited: Inherited
    ) -> Play | None:
        self._unknown(document, place, data, keywords.PLAY, "a play")
        if not data.get("hosts"):
            self.problems.append(document.problem(place, "the play names no hosts", remedy="add hosts:"))
            return None
        for key in _LISTS:
            if data.get(key) is not None and not isinstance(data[key], list | str if key == "vars_files" else list):
                self.problems.append(
                    document.problem((*place, key), "expected a list", remedy="start each item with '- '")
                )
                return None
        if data.get("vars") is not None and not isinstance(data["vars"], dict):
            self.problems.append(document.problem((*place, "vars"), "expected name: value lines"))
            return None
        handed = replace(
            inherited,
            tags=(*inherited.tags, *words(data.get("tags"))),
            values={key: data[key] for key in keywords.HANDED_DOWN if key in data},
        )
        tasks = TaskLoader(self.registry, self.templar, self.problems, folder, self._static(data))
        roles = RoleLoader(tasks, self.problems)
        called: list[Role] = []
        in_roles = roles.steps(document, (*place, "roles"), data.get("roles") or [], handed, called)
        read = {
            key: tasks.steps(document, (*place, key), data.get(key) or [], handed)
            for key in ("pre_tasks", "tasks", "post_tasks")
        }
        sections: tuple[tuple[Step, ...], ...] = (
            tuple(read["pre_tasks"]),
            (*in_roles, *read["tasks"]),
            tuple(read["post_tasks"]),
        )
        own = tasks.steps(document, (*place, "handlers"), data.get("handlers") or [], handed, handlers=True)
        handlers = (*tasks.handlers, *(step for step in own if isinstance(step, Task)))
        return Play(
            name=str(data.get("name") or _pattern(data["hosts"])),
            hosts=_pattern(data["hosts"]),
            where=where_of(document, place),
            folder=folder,
            sections=sections,
            handlers=handlers,
            vars=data.get("vars") or {},
            vars_files=tuple(as_list(data.get("vars_files"))),
            prompts=self._prompts(document, (*place, "vars_prompt"), data.get("vars_prompt") or []),
            roles=tuple(called),
            inherited=handed,
            **self._settings(document, place, data),
        )

    def _static(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the variables that names of imported files may use: they are read before any host is known."""
        return {**(data.get("vars") or {}), **self.extra}

    def _settings(self, document: Document, place: Path_, data: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in ("gather_facts", "force_handlers"):
            if isinstance(data.get(key), bool):
                found[key] = data[key]
            elif key in data:
                self.problems.append(document.problem((*place, key), f"{data[key]!r} is neither true nor false"))
        if data.get("serial") is not None:
            found["serial"] = ",".join(str(item) for item in as_list(data["serial"]))
        strategy = str(data.get("strategy", "linear")).removeprefix("ansible.builtin.")
        if strategy in keywords.STRATEGIES:
            found["strategy"] = strategy
        else:
            remedy = f"one of {', '.join(keywords.STRATEGIES)}"
            self.problems.append(
                document.problem((*place, "strategy"), f"there is no strategy {strategy}", remedy=remedy)
            )
        if data.get("order"):
            found["order"] = str(data["order"])
        if data.get("max_fail_percentage") is not None:
            try:
                found["max_fail_percentage"] = float(str(data["max_fail_percentage"]).rstrip("%"))
            except ValueError:
                self.problems.append(
                    document.problem((*place, "max_fail_percentage"), "expected a percentage, such as 30")
                )
        return found

    def _prompts(self, document: Document, place: Path_, data: list[Any]) -> tuple[Prompt, ...]:
        found = []
        for index, item in enumerate(data):
            if not isinstance(item, dict) or not item.get("name"):
                self.problems.append(document.problem((*place, index), "a prompt needs the name of its variable"))
                continue
            self._unknown(document, (*place, index), item, keywords.PROMPT, "a prompt")
            name = str(item["name"])
            found.append(
                Prompt(
                    name,
                    str(item.get("prompt") or name),
                    private=bool(item.get("private", True)),
                    default=item.get("default"),
                    confirm=bool(item.get("confirm", False)),
                )
            )
        return tuple(found)


def _imports(data: dict[str, Any]) -> str | None:
    return next((key for key in data if key in ("import_playbook", "ansible.builtin.import_playbook")), None)


def _pattern(hosts: Any) -> str:
    return ":".join(str(item) for item in hosts) if isinstance(hosts, list) else str(hosts)
