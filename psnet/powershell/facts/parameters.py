"""What the binder knows about a command: parameters, parameter sets, common parameters."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ALL_SETS: Final = "__AllParameterSets"


@dataclass(frozen=True, slots=True)
class SetEntry:
    """How a parameter takes part in one parameter set; ``position`` is None when it is by name only."""

    position: int | None = None
    mandatory: bool = False
    by_value: bool = False
    by_name: bool = False
    remaining: bool = False
    help_message: str | None = None


@dataclass(slots=True)
class ParameterInfo:
    """One parameter; ``type_name`` is a type's name as a script writes it or its full .NET name.

    ``validators`` are run on the converted argument; ``steps`` are transformations and type conversions in the
    order in which they apply, where a parameter has more than its type. A ``dynamic`` one comes from the provider of
    the path: PowerShell looks for a name's beginning among the others first. ``ps_type`` is a type name that the
    argument must carry ([PSTypeName()]).
    """

    name: str
    type_name: str = "System.Object"
    sets: dict[str, SetEntry] = field(default_factory=lambda: {ALL_SETS: SetEntry()})
    aliases: tuple[str, ...] = ()
    validators: tuple[Any, ...] = ()
    steps: tuple[Any, ...] | None = None
    allow_null: bool = False
    allow_empty_string: bool = False
    allow_empty_collection: bool = False
    default: Any = None
    common: bool = False
    dont_show: bool = False
    order: int = 0
    wildcards: bool = False
    dynamic: bool = False
    ps_type: str = ""

    @property
    def is_switch(self) -> bool:
        """Say whether it needs no argument."""
        return self.type_name.lower() in {"switch", "switchparameter", _SWITCH}

    def entry(self, set_name: str) -> SetEntry | None:
        """Return the part it takes in a set, None when it is not in it."""
        return self.sets.get(set_name) or self.sets.get(ALL_SETS)

    def entries(self) -> Iterable[SetEntry]:
        """Return its parts in all sets."""
        return self.sets.values()


_SWITCH: Final = "system.management.automation.switchparameter"


@dataclass(slots=True)
class CommandMetadata:
    """All parameters of a command in order, and how it wants to be bound.

    ``advanced`` commands (cmdlets, functions with [CmdletBinding()] or [Parameter()]) have the common
    parameters and refuse what they do not know; others put it into $args.
    """

    parameters: dict[str, ParameterInfo] = field(default_factory=dict)
    default_set: str | None = None
    advanced: bool = True
    positional_binding: bool = True
    should_process: bool = False
    confirm_impact: str = "Medium"
    paging: bool = False
    _set_names: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def add(self, info: ParameterInfo) -> None:
        """Add a parameter."""
        info.order = len(self.parameters)
        self.parameters[info.name.lower()] = info
        self._set_names = None

    def without(self, names: Iterable[str]) -> CommandMetadata:
        """Return the same without the parameters of these names, in lower case, and without the sets that need them."""
        dropped = frozenset(names)
        gone = {
            name
            for key in dropped
            for name, entry in self.parameters[key].sets.items()
            if entry.mandatory and name != ALL_SETS
        }
        kept = {
            key: replace(info, sets={name: entry for name, entry in info.sets.items() if name not in gone})
            for key, info in self.parameters.items()
            if key not in dropped and not (info.sets and gone.issuperset(info.sets))
        }
        return replace(self, parameters=kept)

    def set_names(self) -> list[str]:
        """Return the names of the parameter sets, in the order in which they appear."""
        if self._set_names is None:
            names = dict.fromkeys(name for info in self.parameters.values() for name in info.sets if name != ALL_SETS)
            self._set_names = tuple(names)
        return list(self._set_names)

    def finish(self) -> CommandMetadata:
        """Add the common parameters and return itself."""
        if self.advanced:
            wanted = [*COMMON, *(SHOULD_PROCESS if self.should_process else ())]
            for name, kind, alias in wanted:
                if name.lower() not in self.parameters:
                    self.add(ParameterInfo(name, kind, aliases=(alias,), common=True))
        return self


_ACTION: Final = "System.Management.Automation.ActionPreference"
COMMON: Final[Sequence[tuple[str, str, str]]] = (
    ("Verbose", _SWITCH, "vb"),
    ("Debug", _SWITCH, "db"),
    ("ErrorAction", _ACTION, "ea"),
    ("WarningAction", _ACTION, "wa"),
    ("InformationAction", _ACTION, "infa"),
    ("ErrorVariable", "System.String", "ev"),
    ("WarningVariable", "System.String", "wv"),
    ("InformationVariable", "System.String", "iv"),
    ("OutVariable", "System.String", "ov"),
    ("OutBuffer", "System.Int32", "ob"),
    ("PipelineVariable", "System.String", "pv"),
)
SHOULD_PROCESS: Final[Sequence[tuple[str, str, str]]] = (("WhatIf", _SWITCH, "wi"), ("Confirm", _SWITCH, "cf"))
