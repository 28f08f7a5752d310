"""From YAML to tasks and blocks; static imports are read in place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document, Path_, nearest
from psnet.errors import InputError, Problem
from psnet.playbook import keywords
from psnet.playbook.arguments import key_values
from psnet.playbook.model import Block, Inherited, Loop, LoopControl, Role, Step, Task
from psnet.playbook.source import found, is_name, read_document, where_of
from psnet.playbook.template import Scope, TemplateFault, has_template, lazily
from psnet.playbook.template.lookups import NAMES, NAMES_MORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.playbook.modules import Module, Registry
    from psnet.playbook.template import Templar

_LOOKUPS: Final = frozenset((*NAMES, *NAMES_MORE))
_META: Final = (
    *("flush_handlers", "end_play", "end_batch", "end_host"),
    *("clear_host_errors", "clear_facts", "reset_connection", "noop"),
)
#: Arguments of the statements that are not modules.
_STATEMENT_ARGUMENTS: Final[Mapping[str, frozenset[str]]] = {
    "meta": frozenset(),
    "include_tasks": frozenset({"file", "apply"}),
    "import_tasks": frozenset({"file"}),
    "include_role": frozenset({"name", "tasks_from", "vars_from", "defaults_from", "handlers_from", "public", "apply"}),
    "import_role": frozenset({"name", "tasks_from", "vars_from", "defaults_from", "handlers_from"}),
}


@dataclass(slots=True)
class TaskLoader:
    """Reads tasks. ``folder`` is the playbook's; ``handlers`` gathers those of roles that are read on the way."""

    registry: Registry
    templar: Templar
    problems: list[Problem]
    folder: Path
    static: Mapping[str, Any] = field(default_factory=dict)
    handlers: list[Task] = field(default_factory=list)
    depth: int = 0

    def steps(
        self, document: Document, place: Path_, data: Any, inherited: Inherited, *, handlers: bool = False
    ) -> list[Step]:
        """Return the tasks and blocks of a list."""
        if not isinstance(data, list):
            self.problems.append(document.problem(place, "expected a list of tasks", remedy="start each with '- '"))
            return []
        found_all: list[Step] = []
        for index, item in enumerate(data):
            if not isinstance(item, dict):
                self.problems.append(document.problem((*place, index), "a task has keys and values"))
            elif "block" in item:
                found_all += self._block(document, (*place, index), item, inherited, handlers=handlers)
            else:
                found_all += self._task(document, (*place, index), item, inherited, handlers=handlers)
        return found_all

    def file(self, path: Path, inherited: Inherited, *, handlers: bool = False) -> list[Step]:
        """Return the tasks of a file; raises InputError when it cannot be read."""
        if self.depth > 50:  # noqa: PLR2004 - nobody nests imports so deeply on purpose
            raise InputError(f"{path} imports itself")
        document = read_document(path, self.templar.secrets)
        self.depth += 1
        try:
            return self.steps(document, (), document.data or [], inherited, handlers=handlers)
        finally:
            self.depth -= 1

    # -- blocks ---------------------------------------------------------------------------------

    def _block(
        self, document: Document, place: Path_, data: dict[str, Any], inherited: Inherited, *, handlers: bool
    ) -> list[Step]:
        self._unknown(document, place, data, keywords.BLOCK, "a block")
        if handlers:
            self.problems.append(document.problem(place, "a handler is a task, not a block"))
            return []
        below = self._below(document, place, data, inherited)
        parts = {
            key: tuple(self.steps(document, (*place, key), data.get(key) or [], below))
            for key in ("block", "rescue", "always")
        }
        return [Block(parts["block"], where_of(document, place), parts["rescue"], parts["always"])]

    def _below(self, document: Document, place: Path_, data: Mapping[str, Any], inherited: Inherited) -> Inherited:
        """Return what a task or a block hands down."""
        own = data.get("vars") or {}
        if not isinstance(own, dict):
            self.problems.append(document.problem((*place, "vars"), "expected name: value lines"))
            own = {}
        when = as_list(data.get("when"))
        for condition in when:
            self._say(document, (*place, "when"), self.templar.check_condition(condition))
        values = {key: data[key] for key in keywords.HANDED_DOWN if key in data}
        if "block" in data and "notify" in data:
            values["notify"] = data["notify"]
        return replace(
            inherited,
            when=(*inherited.when, *when),
            tags=tuple(dict.fromkeys((*inherited.tags, *words(data.get("tags"))))),
            vars=(*inherited.vars, own) if own else inherited.vars,
            values={**inherited.values, **values},
        )

    def _say(self, document: Document, place: Path_, messages: Sequence[str]) -> None:
        self.problems.extend(document.problem(place, message) for message in messages)

    def _unknown(
        self, document: Document, place: Path_, data: Mapping[str, Any], known: frozenset[str], what: str
    ) -> None:
        for key in data:
            if key not in known:
                near = nearest(key, known)
                remedy = keywords.REFUSED.get(key) or (f"did you mean {near}?" if near else None)
                self.problems.append(document.problem((*place, key), f"unknown key in {what}", remedy=remedy))

    # -- tasks ----------------------------------------------------------------------------------

    def _task(
        self, document: Document, place: Path_, data: dict[str, Any], inherited: Inherited, *, handlers: bool
    ) -> list[Step]:
        known = keywords.HANDLER if handlers else keywords.TASK
        key = self._module_key(document, place, data, known)
        if key is None:
            return []
        below = self._below(document, place, data, inherited)
        statement = self.registry.statement(key)
        module = self.registry.find(key)
        if statement is None and module is None:
            problem = document.problem((*place, key), "there is no such module", remedy=self.registry.why_not(key))
            self.problems.append(problem)
            return []
        args = self._arguments(document, place, key, data, module, statement)
        if args is None:
            return []
        task = self._made(document, place, data, key, module.name if module else str(statement), args, below, handlers)
        task = replace(task, outside=inherited)
        if statement in ("import_tasks", "import_role"):
            return self._imported(document, (*place, key), task, handlers=handlers)
        self._check_arguments(document, (*place, key), task, module)
        return [task]

    def _module_key(self, document: Document, place: Path_, data: dict[str, Any], known: frozenset[str]) -> str | None:
        others = [key for key in data if key not in known and not (key.startswith("with_") and key[5:] in _LOOKUPS)]
        modules = [key for key in others if self.registry.find(key) or self.registry.statement(key)]
        if len(modules) == 1:
            for key in others:
                if key != modules[0]:
                    near = nearest(key, known)
                    remedy = keywords.REFUSED.get(key) or (f"did you mean {near}?" if near else None)
                    self.problems.append(document.problem((*place, key), "unknown key in a task", remedy=remedy))
            return modules[0]
        if len(modules) > 1:
            message = f"a task calls one module, not {' and '.join(modules)}"
            self.problems.append(document.problem((*place, modules[1]), message))
        elif others:
            key = next((item for item in others if "." in item), others[0])
            remedy = keywords.REFUSED.get(key) or self.registry.why_not(key)
            self.problems.append(document.problem((*place, key), "there is no such module", remedy=remedy))
        else:
            self.problems.append(
                document.problem(place, "the task calls no module", remedy="add one, such as psnet.debug:")
            )
        return None

    def _arguments(
        self,
        document: Document,
        place: Path_,
        key: str,
        data: dict[str, Any],
        module: Module | None,
        statement: str | None,
    ) -> dict[str, Any] | None:
        given = data[key]
        more = data.get("args") or {}
        if isinstance(more, str):
            self._say(document, (*place, "args"), self.templar.check(more))
            more = {}
        if isinstance(given, dict) or given is None:
            return {**(given or {}), **more}
        free = "action" if statement == "meta" else "file" if statement else module.free if module else None
        if isinstance(given, str):
            pairs = key_values(given)
            names = module.names() if module else _STATEMENT_ARGUMENTS.get(str(statement))
            if pairs and (names is None or set(pairs) <= names):
                return {**pairs, **more}
            if free is not None:
                return {free: given, **more}
        remedy = "write its arguments below it, name: value"
        self.problems.append(document.problem((*place, key), "the module takes arguments by name", remedy=remedy))
        return None

    def _made(
        self,
        document: Document,
        place: Path_,
        data: dict[str, Any],
        key: str,
        module: str,
        args: dict[str, Any],
        below: Inherited,
        handler: bool,  # noqa: FBT001 - one of the parts
    ) -> Task:
        until, changed, failed = (_conditions(data, word) for word in ("until", "changed_when", "failed_when"))
        for word, conditions in (("until", until), ("changed_when", changed), ("failed_when", failed)):
            for condition in conditions or ():
                self._say(document, (*place, word), self.templar.check_condition(condition))
        register = data.get("register")
        if register is not None and not is_name(register):
            self.problems.append(document.problem((*place, "register"), f"{register!r} is no name of a variable"))
        more = data.get("args")
        return Task(
            more=more if isinstance(more, str) else None,
            module=module,
            args=args,
            where=where_of(document, place),
            name=str(data.get("name") or ""),
            written=key,
            inherited=below,
            loop=self._loop(document, place, data),
            register=str(register) if register is not None else None,
            until=until or (),
            retries=data.get("retries"),
            delay=data.get("delay", 5),
            changed_when=changed,
            failed_when=failed,
            notify=data.get("notify") or below.values.get("notify") or (),
            listen=words(data.get("listen")),
            handler=handler,
        )

    def _loop(self, document: Document, place: Path_, data: dict[str, Any]) -> Loop | None:
        given = [key for key in data if key == "loop" or (key.startswith("with_") and key[5:] in _LOOKUPS)]
        control = data.get("loop_control") or {}
        if not given:
            if control:
                self.problems.append(document.problem((*place, "loop_control"), "there is no loop to control"))
            return None
        if len(given) > 1:
            self.problems.append(
                document.problem((*place, given[1]), f"a task has one loop: {given[0]} stands there too")
            )
        self._unknown(document, (*place, "loop_control"), control, keywords.LOOP_CONTROL, "loop_control")
        self._say(document, (*place, given[0]), self.templar.check(data[given[0]]))
        known = {key: value for key, value in control.items() if key in keywords.LOOP_CONTROL}
        if not isinstance(known.get("pause", 0), int | float):
            self.problems.append(document.problem((*place, "loop_control", "pause"), "expected a number of seconds"))
            known.pop("pause")
        lookup = None if given[0] == "loop" else given[0][5:]
        return Loop(data[given[0]], lookup, LoopControl(**known))

    def _check_arguments(self, document: Document, place: Path_, task: Task, module: Module | None) -> None:
        """Find what is wrong with arguments before anything runs: names always, values when nothing is to be filled."""
        names = module.names() if module else _STATEMENT_ARGUMENTS[task.module] | {"action"}
        for name in task.args:
            if names is not None and name not in names:
                near = nearest(name, names)
                remedy = f"did you mean {near}?" if near else f"the arguments are {', '.join(sorted(names))}"
                self.problems.append(
                    document.problem((*place, name), f"{task.module} has no argument {name}", remedy=remedy)
                )
                return
        raw = module.raw() if module else frozenset()
        for name, value in task.args.items():
            if name in raw:
                for condition in as_list(value):
                    self._say(document, (*place, name), self.templar.check_condition(condition))
            else:
                self._say(document, (*place, name), self.templar.check(value))
        if task.module == "meta" and task.args.get("action") not in _META:
            remedy = f"one of {', '.join(_META)}"
            self.problems.append(document.problem(place, f"meta has no {task.args.get('action')}", remedy=remedy))
        if module is not None and task.more is None and not has_template(dict(task.args)):
            module.parse(task.args, task.where, self.problems)

    # -- imports --------------------------------------------------------------------------------

    def _imported(self, document: Document, place: Path_, task: Task, *, handlers: bool) -> list[Step]:
        from psnet.playbook.roles import RoleLoader  # noqa: PLC0415 - roles are made of tasks and tasks import roles

        if task.loop is not None:
            self.problems.append(document.problem(place, "what is imported is read once: write include_ to loop"))
            return []
        name = task.args.get("file" if task.module == "import_tasks" else "name")
        try:
            filled = str(self.templar.fill(name, Scope(self.templar, lazily(self.static))))
            if task.module == "import_role":
                return RoleLoader(self, self.problems).imported(filled, task)
            path = found([filled], self.search(Path(document.path).parent, task.inherited.role, "tasks"))
            if path is None:
                self.problems.append(document.problem(place, f"there is no file {filled}"))
                return []
            return self.file(path, task.inherited, handlers=handlers)
        except TemplateFault as fault:
            remedy = "an import is read before hosts are known: use include_, or -e"
            self.problems.append(document.problem(place, f"{fault.message}", remedy=remedy))
        except InputError as error:
            self.problems.extend(error.problems or [document.problem(place, error.message, remedy=error.remedy)])
        return []

    def search(self, here: Path, role: Role | None, kind: str) -> list[Path]:
        """Return the folders where a file of a kind (tasks, files, templates, vars) is looked for."""
        in_role = [role.folder / kind, role.folder] if role else []
        return [here, *in_role, self.folder / kind, self.folder]


def words(value: Any) -> tuple[str, ...]:
    """Return a list of words, also one written as text with commas."""
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _conditions(data: Mapping[str, Any], key: str) -> tuple[Any, ...] | None:
    return None if key not in data else tuple(as_list(data[key]))


def as_list(value: Any) -> list[Any]:
    """Return a list, also of what is none."""
    return [] if value is None else value if isinstance(value, list) else [value]
