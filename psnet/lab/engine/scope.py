"""Variables, scopes and the session states (the top level, and one for each module) that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import DotNetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .commands import CommandInfo
    from .modules import ModuleInfo


def session_state_error(error_id: str, message: str, target: Any, *, missing: bool = False) -> DotNetError:
    """Return what PowerShell throws for variables, functions and aliases that may not be changed."""
    kind = "ItemNotFoundException" if missing else "SessionStateUnauthorizedAccessException"
    category = "ObjectNotFound" if missing else "WriteError"
    exception = make_exception(f"System.Management.Automation.{kind}", message)
    return DotNetError(exception, error_id=error_id, category=category, target=target)


@dataclass(slots=True)
class Variable:
    """A variable; ``steps`` convert and validate what is assigned, ``attributes`` are the types of what stands behind them.

    ``options`` are lower-case words.
    """

    name: str
    value: Any = None
    options: set[str] = field(default_factory=set)
    steps: tuple[Callable[[Any], Any], ...] = ()
    attributes: tuple[str, ...] = ()
    description: str = ""
    getter: Callable[[], Any] | None = None

    def get(self) -> Any:
        """Return the value."""
        return self.getter() if self.getter else self.value

    def set(self, value: Any, *, force: bool = False) -> None:
        """Assign, unless the variable refuses."""
        if self.options & {"readonly", "constant"} and not (force and "constant" not in self.options):
            raise session_state_error(
                "VariableNotWritable",
                f"Cannot overwrite variable {self.name} because it is read-only or constant.",
                self.name,
            )
        for step in self.steps:
            value = step(value)
        self.value = value


class Scope:
    """One scope: its own variables, functions, aliases and strict mode."""

    __slots__ = ("aliases", "functions", "is_script", "parent", "state", "strict", "variables")

    def __init__(self, parent: Scope | None, state: SessionState, *, is_script: bool = False) -> None:
        self.parent = parent
        self.state = state
        self.is_script = is_script
        self.variables: dict[str, Variable] = {}
        self.functions: dict[str, CommandInfo] = {}
        self.aliases: dict[str, CommandInfo] = {}
        self.strict: tuple[int, int] | None = None

    def chain(self) -> Iterator[Scope]:
        """Return this scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Variable | None:
        """Return a variable that is visible here; ``name`` is lower case."""
        found = self.variables.get(name)
        if found is not None:
            return found
        scope = self.parent
        while scope is not None:
            found = scope.variables.get(name)
            if found is not None and "private" not in found.options:
                return found
            scope = scope.parent
        return None

    def value(self, name: str, default: Any = None) -> Any:
        """Return a visible variable's value."""
        found = self.find(name)
        return default if found is None else found.get()

    def set_local(self, name: str, value: Any, *, force: bool = False) -> None:
        """Assign a variable of this scope, making it when it is new."""
        key = name.lower()
        found = self.variables.get(key)
        if found is None:
            above = self.find(key)
            if above is not None and "allscope" in above.options:
                above.set(value, force=force)
                return
            if above is not None and "constant" in above.options:
                above.set(value)
            self.variables[key] = Variable(name, value)
        else:
            found.set(value, force=force)

    def put(self, name: str, value: Any) -> None:
        """Set an automatic variable here, whatever its options."""
        self.variables[name.lower()] = Variable(name, value)

    def script(self) -> Scope:
        """Return the nearest script, module or global scope."""
        for scope in self.chain():
            if scope.is_script:
                return scope
        return self.state.top

    def global_scope(self) -> Scope:
        """Return the outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def strict_version(self) -> tuple[int, int] | None:
        """Return the strict mode in force: the nearest scope's that has one; (0, 0) there means off."""
        for scope in self.chain():
            if scope.strict is not None:
                return scope.strict if scope.strict != (0, 0) else None
        return None


class SessionState:
    """The top level's or one module's scopes; ``current`` is where its code runs now."""

    def __init__(self, parent: Scope | None = None, module: ModuleInfo | None = None) -> None:
        self.top = Scope(parent, self, is_script=True)
        self.current = self.top
        self.module = module
