"""One task on one host: its conditions, its loop, its tries, and the shape of its result."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import HostError, PsnetError
from psnet.playbook.events import ItemEnded, Retrying
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.resource import Wanted
from psnet.playbook.run.sessions import unreachable
from psnet.playbook.template import OMIT, TemplateFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.errors import Problem
    from psnet.playbook.events import ProgressCallback, Status
    from psnet.playbook.model import Task
    from psnet.playbook.modules import Registry
    from psnet.playbook.record import RunRecord
    from psnet.playbook.run.sessions import Sessions
    from psnet.playbook.run.state import RunOptions
    from psnet.playbook.template import Scope
    from psnet.playbook.variables import Store

log = logging.getLogger("psnet.playbook")
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """One call that is ready, or the result that it has without being made. ``item`` is the loop's."""

    scope: Scope
    args: Any = None
    result: Result | None = None
    item: Any = None
    index: int | None = None


@dataclass(slots=True)
class TaskRunner:
    """Runs tasks. It tells of items and tries as they happen; the task's end is its caller's to tell."""

    registry: Registry
    store: Store
    sessions: Sessions
    options: RunOptions
    tell: ProgressCallback
    record: RunRecord

    # -- conditions and arguments ---------------------------------------------------------------

    def skipped(self, task: Task, scope: Scope) -> Result | None:
        """Return the result of a task whose conditions do not hold; None when they do. Raises TemplateFault."""
        for condition in task.when:
            if not self.store.templar.holds(condition, scope):
                return {
                    "changed": False,
                    "skipped": True,
                    "skip_reason": "Conditional result was False",
                    "false_condition": condition,
                }
        return None

    def flag(self, task: Task, keyword: str, scope: Scope, *, default: bool = False) -> bool:
        """Return a keyword that is true or false, or a template of one."""
        value = task.value(keyword)
        if value is None:
            return default
        return value if isinstance(value, bool) else bool(self.store.templar.holds(value, scope))

    def flag_or(self, task: Task, keyword: str, scope: Scope, *, default: bool) -> bool:
        """Return a keyword as ``flag`` does, and the default when it cannot be filled."""
        try:
            return self.flag(task, keyword, scope, default=default)
        except TemplateFault:
            return default

    def prepared(
        self, task: Task, module: Module, scope: Scope, item: Any = None, index: int | None = None
    ) -> Prepared:
        """Return a call with its conditions answered and its arguments filled and checked."""
        try:
            skipped = self.skipped(task, scope)
            if skipped is not None:
                return Prepared(scope, result=skipped, item=item, index=index)
            args = self._arguments(task, module, scope)
        except TemplateFault as fault:
            return Prepared(scope, result=self.fault(task, fault), item=item, index=index)
        problems: list[Problem] = []
        parsed = module.parse({name: value for name, value in args.items() if value is not OMIT}, task.where, problems)
        if parsed is None or problems:
            said = "; ".join(
                f"{problem.key}: {problem.message}" if problem.key else problem.message for problem in problems
            )
            remedy = next((problem.remedy for problem in problems if problem.remedy), None)
            result = {"changed": False, "failed": True, "msg": f"{task.where}: {said}"}
            return Prepared(scope, result=result | ({"remedy": remedy} if remedy else {}), item=item, index=index)
        if isinstance(parsed, Wanted) and self.store.templar.secrets.holds(parsed.plain):
            return Prepared(scope, result=_secret(module), item=item, index=index)
        return Prepared(scope, args=parsed, item=item, index=index)

    def _arguments(self, task: Task, module: Module, scope: Scope) -> dict[str, Any]:
        raw = module.raw()
        args = {name: value if name in raw else self._filled(value, scope) for name, value in task.args.items()}
        if task.more is None:
            return args
        more = self._filled(task.more, scope)
        if not isinstance(more, dict):
            raise TemplateFault(f"args gives a {type(more).__name__}, not names and values")
        return {**more, **args}

    def _filled(self, value: Any, scope: Scope) -> Any:
        return self.store.templar.fill(value, scope)

    @staticmethod
    def fault(task: Task, fault: TemplateFault) -> Result:
        """Return the failure that a template is."""
        return {"changed": False, "failed": True, "msg": f"task {task.title!r} ({task.where}): {fault.message}"}

    # -- loops ----------------------------------------------------------------------------------

    def items(self, task: Task, scope: Scope) -> list[Any] | None:
        """Return what a task repeats over, None without a loop. Raises TemplateFault."""
        loop = task.loop
        if loop is None:
            return None
        templar = self.store.templar
        terms = templar.fill(loop.terms, scope)
        if loop.lookup is None:
            if not isinstance(terms, list):
                raise TemplateFault(f"a loop goes over a list, not a {type(terms).__name__}: {terms!r}"[:200])
            return terms
        given = terms if isinstance(terms, list) else [terms]
        return list(scope["query"](loop.lookup, *given))

    def scopes(self, task: Task, scope: Scope, items: list[Any]) -> Iterator[tuple[int, Any, Scope]]:
        """Yield (index, item, variables) of a loop's turns."""
        assert task.loop is not None  # noqa: S101 - its callers have looked
        control = task.loop.control
        for index, item in enumerate(items):
            own: dict[str, Any] = {control.loop_var: item, "ansible_loop_var": control.loop_var}
            if control.index_var:
                own |= {control.index_var: index, "ansible_index_var": control.index_var}
            if control.extended:
                own["ansible_loop"] = _extended(items, index)
            yield index, item, scope.with_(own)

    # -- the whole task -------------------------------------------------------------------------

    def run(self, task: Task, host: str) -> Result:
        """Return the result of a task on a host, with ``results`` when it loops. A module's own mistake fails it."""
        try:
            return self._run(task, host)
        except PsnetError:
            raise
        except Exception as error:  # noqa: BLE001 - it is logged there
            return unexpected(task, host, error)

    def _run(self, task: Task, host: str) -> Result:
        module = self.registry.find(task.module)
        assert module is not None  # noqa: S101 - the loader has looked
        scope = self.store.scope(host, task)
        try:
            items = self.items(task, scope)
        except TemplateFault as fault:
            early = self._skipped_anyway(task, scope)
            return early if early is not None else self.fault(task, fault)
        if items is None:
            return self.execute(task, module, host, self.prepared(task, module, scope))
        results = []
        for index, item, inner in self.scopes(task, scope, items):
            if index and task.loop is not None and task.loop.control.pause:
                self.options.clock.sleep(float(task.loop.control.pause))
            ready = self.prepared(task, module, inner, item, index)
            result = self.execute(task, module, host, ready)
            results.append(self.told_item(task, host, ready, result))
            if task.register:
                scope[task.register] = result
        return joined(results)

    def _skipped_anyway(self, task: Task, scope: Scope) -> Result | None:
        try:
            return self.skipped(task, scope)
        except TemplateFault:
            return None

    def told_item(self, task: Task, host: str, ready: Prepared, result: Result) -> Result:
        """Tell of one turn of a loop, and return its result as it goes into ``results``."""
        assert task.loop is not None  # noqa: S101 - its callers have looked
        control = task.loop.control
        whole = {**result, control.loop_var: ready.item, "ansible_loop_var": control.loop_var}
        if control.index_var:
            whole |= {control.index_var: ready.index, "ansible_index_var": control.index_var}
        label = ready.item
        if control.label is not None:
            try:
                label = self.store.templar.fill(control.label, ready.scope)
            except TemplateFault as fault:
                whole |= {"failed": True, "msg": f"loop_control.label: {fault.message}"}
        shown = result
        if self.hidden(task, ready.scope):
            shown, label = censored(result), "(censored due to no_log)"
        diff = self.flag_or(task, "diff", ready.scope, default=self.options.diff)
        self.tell(ItemEnded(host, task.title, _label(label), status_of(whole), shown, diff=diff))
        return whole

    def hidden(self, task: Task, scope: Scope) -> bool:
        """Say whether a task's result is not to be shown."""
        try:
            return self.flag(task, "no_log", scope)
        except TemplateFault:
            return True  # what cannot be decided is not shown

    # -- one call -------------------------------------------------------------------------------

    def execute(self, task: Task, module: Module, host: str, ready: Prepared) -> Result:
        """Make one call, again while ``until`` does not hold, and say whether it failed or changed something."""
        if ready.result is not None:
            return self.judged(task, ready, dict(ready.result))
        try:
            tries = self._tries(task, ready.scope)
            delay = float(self._filled(task.delay, ready.scope))
        except (TemplateFault, ValueError) as fault:
            return {"changed": False, "failed": True, "msg": f"task {task.title!r} ({task.where}): {fault}"}
        result: Result = {}
        for attempt in range(1, tries + 1):
            result = self._called(task, module, host, ready)
            if tries > 1:
                result["attempts"] = attempt
            result = self.judged(task, ready, result)
            if self._enough(task, ready, result) or attempt == tries:
                break
            self.tell(Retrying(host, task.title, tries - attempt))
            self.options.clock.sleep(max(0.0, delay))
        if tries > 1 and not self._enough(task, ready, result):
            result |= {"failed": True, "attempts": tries - 1}  # the retries alone count, as Ansible counts them
        return result

    def _tries(self, task: Task, scope: Scope) -> int:
        if task.retries is None:
            return 1 + (_TRIES if task.until else 0)
        return 1 + max(0, int(self._filled(task.retries, scope)))

    def _enough(self, task: Task, ready: Prepared, result: Result) -> bool:
        if not task.until:
            return not result.get("failed")
        scope = ready.scope.with_({task.register: result}) if task.register else ready.scope
        try:
            return all(self.store.templar.holds(condition, scope) for condition in task.until)
        except TemplateFault as fault:
            result |= {"failed": True, "msg": f"until: {fault.message}"}
            return True

    def _called(self, task: Task, module: Module, host: str, ready: Prepared) -> Result:
        try:
            target = self.target(task, host, ready.scope)
            if not module.feeds and target is not None and self.store.templar.secrets.holds(_plain(ready.args)):
                return _secret(module)
            with self.sessions.held(target):
                return self._made(task, module, host, target, ready)
        except TemplateFault as fault:
            return self.fault(task, fault)
        except PsnetError as error:
            return self.failure(error)

    def _made(self, task: Task, module: Module, host: str, target: str | None, ready: Prepared) -> Result:
        call = self.call(task, host, target, ready)
        if not module.touches or call.check or target is None:
            return dict(module.run(call))
        title = self.store.templar.secrets.masked(task.title)
        identifier = self.record.sends(host, module.name, title)
        result: Result = {"failed": True, "msg": "it did not come to an end"}
        try:
            result = dict(module.run(call))
        except PsnetError as error:
            result = self.failure(error)
        finally:
            self.record.sent(host, identifier, module.name, title, result)
        return result

    @staticmethod
    def failure(error: PsnetError) -> Result:
        """Return the result that an error is: unreachable when no session could be had or kept."""
        if isinstance(error, HostError) and unreachable(error):
            return {"changed": False, "unreachable": True, "msg": _told(error), **_remedy(error)}
        problems = [str(problem) for problem in getattr(error, "problems", ())]
        return {"changed": False, "failed": True, "msg": "; ".join([_told(error), *problems]), **_remedy(error)}

    def target(self, task: Task, host: str, scope: Scope) -> str | None:
        """Return the host that a task is carried out on; None is the controller. Raises TemplateFault."""
        delegate = task.value("delegate_to")
        name = host if delegate is None else self._filled(delegate, scope)
        if name is OMIT or not name:
            name = host
        if name in self.store.hosts:
            return str(name)
        if name in LOCAL:
            return None
        raise TemplateFault(f"delegate_to: the inventory has no host {name}")

    def call(self, task: Task, host: str, target: str | None, ready: Prepared) -> Call:
        """Return what a module is called with."""

        def session(*, new: bool = False) -> Any:
            if target is None:
                raise HostError(f"{task.module} needs a host, and this is the controller", host=host)
            return self.sessions.another(target) if new else self.sessions.session(target)

        def forget() -> None:
            if target is not None:
                self.sessions.forget(target)

        role = task.inherited.role
        base = self.store.play.folder if self.store.play else None
        folders = [role.folder] if role else []
        return Call(
            name=target or host,
            target=self.store.hosts[target] if target is not None else None,
            args=ready.args,
            task=task,
            scope=ready.scope,
            templar=self.store.templar,
            check=self.flag(task, "check_mode", ready.scope, default=self.options.check),
            diff=self.flag(task, "diff", ready.scope, default=self.options.diff),
            folders=(*folders, *([base] if base else [])),
            clock=self.options.clock,
            session=session,
            reopen=lambda: session(new=True),
            forget=forget,
            tell=self.record.teller(host),
        )

    def judged(self, task: Task, ready: Prepared, result: Result) -> Result:
        """Return a result with ``failed_when`` and ``changed_when`` answered."""
        result.setdefault("changed", False)
        if result.get("skipped") or result.get("unreachable"):
            return result
        result.setdefault("failed", False)
        if ready.result is not None:
            return result
        scope = ready.scope.with_({task.register: result}) if task.register else ready.scope
        holds = self.store.templar.holds
        try:
            if task.failed_when is not None:
                result["failed"] = result["failed_when_result"] = all(holds(each, scope) for each in task.failed_when)
            if task.changed_when is not None:
                result["changed"] = all(holds(each, scope) for each in task.changed_when)
        except TemplateFault as fault:
            return result | self.fault(task, fault)
        return result


def unexpected(task: Task, host: str, error: Exception) -> Result:
    """Return the failure that a mistake in a module is, and log where it happened."""
    log.error("%s: task %s: unexpected", host, task.title)
    said = f"task {task.title!r} ({task.where}): {type(error).__name__}: {error}"
    return {"changed": False, "failed": True, "msg": said}


def joined(results: list[Result]) -> Result:
    """Return the result of a loop, from those of its items (as ansible-core joins them)."""
    if not results:
        return {"changed": False, "skipped": True, "skipped_reason": "No items in the list", "results": []}
    skipped = all(item.get("skipped") for item in results)
    whole: Result = {
        "results": results,
        "skipped": skipped,
        "changed": any(item.get("changed") for item in results),
        "msg": "All items skipped" if skipped else "All items completed",
    }
    if any(item.get("failed") for item in results):
        whole |= {"failed": True, "msg": "One or more items failed"}
    if any(item.get("unreachable") for item in results):
        whole["unreachable"] = True
    if not skipped:
        whole.setdefault("failed", False)
    return whole


def status_of(result: Result) -> Status:
    """Return how a result counts."""
    if result.get("unreachable"):
        return "unreachable"
    if result.get("failed"):
        return "failed"
    if result.get("skipped"):
        return "skipped"
    return "changed" if result.get("changed") else "ok"


def censored(result: Result) -> Result:
    """Return what may be shown of a result that is not to be shown."""
    said = "the output has been hidden due to the fact that 'no_log: true' was specified for this result"
    return {"censored": said, "changed": result.get("changed", False)}


def _secret(module: Module) -> Result:
    """Return the refusal of a secret that would end in a script's text or in a plan."""
    said = f"{module.name} would write a secret into a script or a plan"
    return {"changed": False, "failed": True, "msg": said, "remedy": "psnet.powershell takes secrets as parameters"}


def _plain(value: Any) -> Any:
    """Return arguments as plain data."""
    return value.model_dump(mode="python") if hasattr(value, "model_dump") else getattr(value, "plain", value)


def _label(value: Any) -> str:
    return str(value)


def _extended(items: list[Any], index: int) -> dict[str, Any]:
    size = len(items)
    found = {
        "index": index + 1,
        "index0": index,
        "first": index == 0,
        "last": index + 1 == size,
        "length": size,
        "revindex": size - index,
        "revindex0": size - index - 1,
        "allitems": items,
    }
    if index + 1 < size:
        found["nextitem"] = items[index + 1]
    return found | ({"previtem": items[index - 1]} if index else {})


def _told(error: PsnetError) -> str:
    return f"{error.step}: {error.message}" if error.step else error.message


def _remedy(error: PsnetError) -> dict[str, str]:
    found = {"remedy": error.remedy} if error.remedy else {}
    error_id = getattr(error, "error_id", "")
    return found | ({"error_id": error_id} if error_id else {})
