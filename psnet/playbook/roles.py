"""Roles in the usual folders: tasks, handlers, defaults, vars, files, templates, meta."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document, Path_, nearest
from psnet.errors import InputError, Problem
from psnet.playbook import keywords
from psnet.playbook.model import Inherited, Role, Step, Task
from psnet.playbook.source import found, read_document, read_variables
from psnet.playbook.tasks import TaskLoader, as_list, words
from psnet.playbook.template import has_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KNOWN: Final = frozenset({"role", "name", "vars", "when", "tags", *keywords.HANDED_DOWN})


@dataclass(slots=True)
class RoleLoader:
    """Reads roles into steps; their handlers go to the task loader's."""

    tasks: TaskLoader
    problems: list[Problem]
    _seen: list[tuple[str, Any]] = field(default_factory=list)

    def steps(
        self, document: Document, place: Path_, data: list[Any], inherited: Inherited, called: list[Role]
    ) -> list[Step]:
        """Return the tasks of a play's ``roles``; a role is done once for the same parameters."""
        steps: list[Step] = []
        for index, entry in enumerate(data):
            try:
                steps += self._entry(document, (*place, index), entry, inherited, called)
            except InputError as error:
                problem = document.problem((*place, index), error.message, remedy=error.remedy)
                self.problems.extend(error.problems or [problem])
        return steps

    def _entry(
        self, document: Document, place: Path_, entry: Any, inherited: Inherited, called: list[Role]
    ) -> list[Step]:
        given: dict[str, Any] = {"role": entry} if isinstance(entry, str) else entry
        name = given.get("role", given.get("name")) if isinstance(given, dict) else None
        if not name or not isinstance(name, str) or has_template(name):
            self.problems.append(document.problem(place, "a role is called by its name", remedy="write - role: NAME"))
            return []
        params = {key: value for key, value in given.items() if key not in _KNOWN}
        refused = next((key for key in params if key in keywords.REFUSED), None)
        if refused:
            self.problems.append(document.problem((*place, refused), "unknown key", remedy=keywords.REFUSED[refused]))
            return []
        below = replace(
            inherited,
            when=(*inherited.when, *as_list(given.get("when"))),
            tags=(*inherited.tags, *words(given.get("tags"))),
            values={**inherited.values, **{key: given[key] for key in keywords.HANDED_DOWN if key in given}},
        )
        return self._role(name, {**(given.get("vars") or {}), **params}, below, called, ())

    def _role(
        self, name: str, params: Mapping[str, Any], inherited: Inherited, called: list[Role], above: tuple[str, ...]
    ) -> list[Step]:
        if name in above:
            raise InputError(f"the role {name} depends on itself: {' > '.join((*above, name))}")
        role = self.read(name, params)
        meta = self._meta(role)
        key = (name, dict(params))
        if key in self._seen and not meta.get("allow_duplicates"):
            return []
        self._seen.append(key)
        steps: list[Step] = []
        for entry in meta.get("dependencies") or []:
            given: dict[str, Any] = {"role": entry} if isinstance(entry, str) else dict(entry)
            needed = str(given.pop("role", given.pop("name", "")))
            more = {
                **(given.pop("vars", None) or {}),
                **{key: item for key, item in given.items() if key not in _KNOWN},
            }
            below = replace(
                inherited,
                when=(*inherited.when, *as_list(given.get("when"))),
                tags=(*inherited.tags, *words(given.get("tags"))),
            )
            steps += self._role(needed, more, below, called, (*above, name))
        called.append(role)
        return steps + self.tasks_of(role, inherited)

    def read(self, name: str, params: Mapping[str, Any], **files: str) -> Role:
        """Return a role; raise InputError when there is none."""
        here = self.tasks.folder
        folders = [here / "roles", here]
        folder = next((base / name for base in folders if (base / name).is_dir()), None)
        if folder is None:
            present = [item.name for item in folders[0].iterdir()] if folders[0].is_dir() else []
            near = nearest(name, present)
            raise InputError(
                f"there is no role {name}", remedy=f"did you mean {near}?" if near else f"make {folders[0]}/{name}"
            )
        return Role(
            name,
            folder,
            defaults=self._variables(folder / "defaults", files.get("defaults_from")),
            variables=self._variables(folder / "vars", files.get("vars_from")),
            params=dict(params),
        )

    def tasks_of(
        self, role: Role, inherited: Inherited, tasks_from: str | None = None, handlers_from: str | None = None
    ) -> list[Step]:
        """Return a role's tasks; its handlers are gathered. Raises InputError for a file that is not there."""
        below = replace(inherited, role=role)
        path = _file(role.folder / "tasks", tasks_from)
        if path is None and tasks_from:
            raise InputError(f"the role {role.name} has no tasks {tasks_from}")
        handlers = _file(role.folder / "handlers", handlers_from)
        if handlers is not None:
            plain = replace(below, when=inherited.when)
            self.tasks.handlers += [
                step for step in self.tasks.file(handlers, plain, handlers=True) if isinstance(step, Task)
            ]
        return self.tasks.file(path, below) if path else []

    def imported(self, name: str, task: Task) -> list[Step]:
        """Return the tasks of ``import_role`` or ``include_role``, dependencies first."""
        args = task.args
        files = {key: str(args[key]) for key in ("vars_from", "defaults_from") if args.get(key)}
        role = self.read(name, {}, **files)
        steps: list[Step] = []
        for entry in self._meta(role).get("dependencies") or []:
            needed = entry if isinstance(entry, str) else str(entry.get("role", entry.get("name")))
            steps += self._role(needed, {}, task.inherited, [], (name,))
        return steps + self.tasks_of(role, task.inherited, args.get("tasks_from"), args.get("handlers_from"))

    def _variables(self, folder: Path, name: str | None) -> dict[str, Any]:
        path = _file(folder, name)
        if path is None and name:
            raise InputError(f"there is no {folder / name}")
        return read_variables(path, self.tasks.templar.secrets) if path else {}

    @staticmethod
    def _meta(role: Role) -> dict[str, Any]:
        path = _file(role.folder / "meta", None)
        data = read_document(path).data if path else None
        return data if isinstance(data, dict) else {}


def _file(folder: Path, name: str | None) -> Path | None:
    base = name or "main"
    return found([base, f"{base}.yml", f"{base}.yaml"] if name else [f"{base}.yml", f"{base}.yaml", base], [folder])
