r"""Cmdlets written in Python.

A cmdlet is a generator function, called once for every record of pipeline input (once when there is none)::

    @cmdlet("Get-Thing", "Name string[] 0 byname\\nForce switch", module="Things")
    def get_thing(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
        for name in p.get("Name", ["*"]):
            thing = ctx.host.things.find(name)
            if thing is None:
                ctx.write_error(f"No thing is called {name}.", "ThingNotFound", "ObjectNotFound", name)
                continue
            yield thing

or, when it keeps something from record to record, a class::

    @cmdlet("Measure-Thing", "InputObject psobject value")
    class MeasureThing(Cmdlet):
        def begin(self) -> Iterable[Any] | None: ...
        def process(self) -> Iterable[Any] | None: ...   # self.p is bound anew before every call
        def end(self) -> Iterable[Any] | None: ...

What is yielded goes down the pipeline as it is (arrays are not enumerated). Parameters come from
lines (see ``psnet.powershell.facts.spec``) or, when none are given, from ``psnet.powershell.facts.general`` for
PowerShell's own cmdlets, else from the reference data that the registry was given for the cmdlet's name::

    registry = Registry()
    registry.add(psnet.lab.cmdlets.netnat, reference=load_yaml(...)["cmdlets"])
    runspace = Runspace(host, registry=general_registry().joined(registry))

``cim=True`` (the default where the reference data are used) marks a CIM cmdlet or a function: its errors'
ids end in its own name, and a ``HostRefusal`` becomes a non-terminating error. A .NET cmdlet's ids end in
``class_name``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from psnet.powershell.facts import general, inbox
from psnet.powershell.facts.parameters import ALL_SETS
from psnet.powershell.facts.spec import metadata_from_reference, parse_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from psnet.powershell.facts.parameters import CommandMetadata

    from .cmdlet_context import CmdletContext

_Decorated = TypeVar("_Decorated")
_MARK = "__psnet_cmdlets__"


class Parameters:
    """Bound parameters of one call: names without regard to case, values converted to their types."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values: dict[str, tuple[str, Any]] = {}
        for name, value in (values or {}).items():
            self[name] = value

    def __getitem__(self, name: str) -> Any:
        return self._values[name.lower()][1]

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name.lower()] = (name, value)

    def __delitem__(self, name: str) -> None:
        self._values.pop(name.lower(), None)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._values.values()])

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a bound value, or the default where the parameter was not given."""
        found = self._values.get(name.lower())
        return found[1] if found else default

    def items(self) -> list[tuple[str, Any]]:
        """Return (name, value) pairs."""
        return list(self._values.values())

    def switch(self, name: str) -> bool:
        """Say whether a switch was given and is on."""
        value = self.get(name, default=False)
        return bool(getattr(value, "is_present", value))

    def list(self, name: str) -> list[Any] | None:
        """Return an array parameter's elements, None where it was not given or is null."""
        value = self.get(name)
        if value is None:
            return None
        return list(value) if hasattr(value, "items") and not isinstance(value, str) else [value]


class Cmdlet:
    """Base of cmdlets that keep something from record to record."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        self.ctx = ctx
        self.p = p

    def begin(self) -> Iterable[Any] | None:
        """Run before the first record; pipeline parameters are not bound yet."""

    def process(self) -> Iterable[Any] | None:
        """Run for every record."""

    def end(self) -> Iterable[Any] | None:
        """Run after the last record."""


@dataclass(slots=True)
class CmdletSpec:
    """A cmdlet as it was declared; ``implementation`` is a generator function or a subclass of ``Cmdlet``.

    ``refused``: it is known and not simulated. ``only``: the one language version that has it, "" for both.
    """

    name: str
    implementation: Callable[..., Any]
    parameters: str | None
    class_name: str | None = None
    module: str = "Microsoft.PowerShell.Utility"
    cim: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    is_function: bool = False
    aliases: tuple[str, ...] = ()
    refused: bool = False
    only: str = ""
    maker: Callable[[], CommandMetadata] | None = None
    _metadata: CommandMetadata | None = None
    windows: CmdletSpec | None = field(default=None, repr=False, compare=False)

    def of(self, language: str) -> CmdletSpec:
        """Return the cmdlet as a language version has it: Windows PowerShell 5.1 lacks parameters that came later."""
        if language != "5.1" or self.refused:
            return self
        if self.windows is None:
            parameters = self.metadata.parameters.values()
            later = {each.name.lower() for each in parameters if not each.common and inbox.lacks(self.name, each.name)}
            self.windows = replace(self, _metadata=self.metadata.without(later)) if later else self
        return self.windows

    @property
    def error_name(self) -> str:
        """What a FullyQualifiedErrorId ends in."""
        return self.name if self.cim or self.class_name is None else self.class_name

    @property
    def metadata(self) -> CommandMetadata:
        """The parameters; made when first asked for."""
        if self._metadata is None:
            self._metadata = self.maker() if self.maker else parse_parameters(self.parameters or "", **self.options)
        return self._metadata

    @metadata.setter
    def metadata(self, value: CommandMetadata) -> None:
        self._metadata = value


def cmdlet(
    name: str,
    parameters: str | None = None,
    *,
    class_name: str | None = None,
    module: str = "Microsoft.PowerShell.Utility",
    default_set: str | None = None,
    should_process: bool = False,
    impact: str = "Medium",
    cim: bool | None = None,
    function: bool = False,
    aliases: tuple[str, ...] = (),
) -> Callable[[_Decorated], _Decorated]:
    """Mark a generator function or a subclass of ``Cmdlet`` as a cmdlet. See the module's docstring.

    ``class_name`` without a namespace means one of Microsoft.PowerShell.Commands; where none is given, a .NET
    cmdlet's is made of its name (Get-Item: GetItemCommand). ``function``: the session has it as a function.
    """

    def mark(implementation: _Decorated) -> _Decorated:
        known = general.command(name) if parameters is None else None
        is_cim = parameters is None and known is None if cim is None else cim
        full = class_name or name.replace("-", "") + "Command"
        full = full if "." in full else f"Microsoft.PowerShell.Commands.{full}"
        options = {"default_set": default_set, "should_process": should_process, "impact": impact}
        if known is not None:
            options = {
                "default_set": known.default_set,
                "should_process": known.should_process,
                "impact": known.impact,
            }
        spec = CmdletSpec(
            name,
            implementation,  # type: ignore[arg-type]
            known.parameters if known is not None else parameters,
            None if is_cim else full,
            known.module if known is not None else module,
            is_cim,
            options if known is not None or parameters is not None else {},
            aliases=aliases,
            is_function=function,
        )
        setattr(implementation, _MARK, [*getattr(implementation, _MARK, ()), spec])
        return implementation

    return mark


class Registry:
    """The cmdlets that a runspace has; built from Python modules, never global."""

    def __init__(self) -> None:
        self.cmdlets: dict[str, CmdletSpec] = {}

    def add(
        self,
        module: ModuleType,
        *,
        reference: Iterable[dict[str, Any]] = (),
        module_name: str | None = None,
    ) -> Registry:
        """Add every marked cmdlet of a Python module and return the registry.

        ``reference`` are the reference data's entries (``name``, ``parameter_sets``, ``parameters``, ...) for those
        without lines of their own; a cmdlet without either is refused with ``KeyError``.
        """
        entries = {entry["name"].lower(): entry for entry in reference}
        for value in list(vars(module).values()):
            for marked in vars(value).get(_MARK, ()) if hasattr(value, "__dict__") else ():
                self.add_spec(_resolved(marked, entries, module_name))
        return self

    def add_spec(self, spec: CmdletSpec) -> None:
        """Add one cmdlet."""
        self.cmdlets[spec.name.lower()] = spec

    def joined(self, other: Registry) -> Registry:
        """Return a registry with the cmdlets of both; the other's win."""
        both = Registry()
        both.cmdlets = {**self.cmdlets, **other.cmdlets}
        return both

    def find(self, name: str) -> CmdletSpec | None:
        """Return a cmdlet by its name in any case, or None."""
        return self.cmdlets.get(name.lower())


def _resolved(spec: CmdletSpec, entries: dict[str, dict[str, Any]], module_name: str | None) -> CmdletSpec:
    if spec.parameters is not None:
        return spec
    made = CmdletSpec(spec.name, spec.implementation, None, spec.class_name, module_name or spec.module, spec.cim)
    made.is_function = spec.cim
    entry = entries[spec.name.lower()]
    made.maker = lambda: metadata_from_reference(entry)
    return made


__all__ = ["ALL_SETS", "Cmdlet", "CmdletSpec", "Parameters", "Registry", "cmdlet"]
