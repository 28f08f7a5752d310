"""Binding a call without running it: says only what is certain whatever the variables hold."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet.powershell.facts.parameters import ALL_SETS
from psnet.powershell.syntax import ast

from .conversion import full_name
from .spelling import near
from .values import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo, SetEntry

    from .arguments import Call, Written

    Report = Callable[[int, str, str, str | None], None]


#: Types of a parameter for the rest that hold any text.
_TEXT: Final = frozenset({"system.object", "system.string", "system.management.automation.psobject"})


_GENERIC: Final = re.compile(r"\[([\w.]+)\]$")


class Ambiguous(Exception):  # noqa: N818 - an answer of ``find``, caught beside it
    """An abbreviation of several parameters."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(f"-{name}" for name in names))


def find(metadata: CommandMetadata, name: str, later: Collection[str] = ()) -> ParameterInfo | None:
    """Return the parameter that a written name means, as the engine's binder does; raise Ambiguous.

    ``later`` are names that the PowerShell which reads the script has not: an abbreviation means another's first.
    """
    wanted = name.lower()
    exact = metadata.parameters.get(wanted)
    if exact is not None:
        return exact
    infos = list(metadata.parameters.values())
    for info in infos:
        if any(alias.lower() == wanted for alias in info.aliases):
            return info
    found = (
        [info for info in infos if any(spelt.lower().startswith(wanted) for spelt in (info.name, *info.aliases))]
        if wanted
        else []
    )
    if len(found) > 1:
        found = [info for info in found if info.name not in later] or found
    if len(found) > 1:
        own = [info for info in found if not info.common and not info.dynamic] or found
        if len(own) != 1:
            raise Ambiguous([info.name for info in found])
        found = own
    return found[0] if found else None


def _holds_text(info: ParameterInfo) -> bool:
    """Say whether a parameter's type is one of ``_TEXT``, an array of it or a generic collection (``List[object]``)."""
    name = full_name(info.type_name).removesuffix("[]")
    generic = _GENERIC.search(name)
    held = (full_name(generic[1]) if generic else name).lower()
    return held in _TEXT or held.endswith((".ilist", ".arraylist"))


def _holds_block(info: ParameterInfo) -> bool:
    return full_name(info.type_name).removesuffix("[]").lower() == "system.management.automation.scriptblock"


@dataclass
class StaticBinder:
    """Binds one call to what a command accepts and reports what cannot be.

    ``later`` are the names of parameters that only a later PowerShell has.
    """

    name: str
    metadata: CommandMetadata
    call: Call
    report: Report
    defaults: bool = False
    on_parameter: Callable[[ParameterInfo, Written], None] | None = None
    elsewhere: Callable[[str], bool] | None = None
    later: Collection[str] = ()
    bound: dict[str, ParameterInfo] = field(default_factory=dict)
    unknown: list[Written] = field(default_factory=list)
    rest: ParameterInfo | None = None
    certain: bool = True

    def __post_init__(self) -> None:
        """Begin with every parameter set."""
        self.sets = self.metadata.set_names() or [ALL_SETS]
        default = (self.metadata.default_set or "").lower()
        self.default = next((name for name in self.sets if name.lower() == default), None)
        if default and self.default is None and self.sets != [ALL_SETS] and default != ALL_SETS.lower():
            self.default = str(self.metadata.default_set)
            self.sets = [*self.sets, self.default]

    def run(self) -> None:
        """Report everything that is wrong with the call."""
        before = len(self.sets)
        values = self._named()
        self._positional(values)
        self._unknown()
        if not self.sets and before and self.certain:
            given = " ".join(f"-{info.name}" for info in self.bound.values())
            self.report(
                self.call.start, "parameter-set", f"no parameter set of {self.name} has all of {given}", self._fitting()
            )
        elif self.certain and not self.call.open and not self.defaults and self.metadata.advanced:
            self._mandatory()

    def _fitting(self) -> str | None:
        best = max(
            self.metadata.set_names(), key=lambda name: sum(i.entry(name) is not None for i in self.bound.values())
        )
        wrong = [f"-{info.name}" for info in self.bound.values() if info.entry(best) is None]
        return f"without {' '.join(wrong)} it is the set {best}"

    # -- names --------------------------------------------------------------------------------

    def _named(self) -> list[Written]:
        """Bind what has a name; return the rest."""
        values: list[Written] = []
        arguments = list(self.call.arguments)
        at = 0
        while at < len(arguments):
            written = arguments[at]
            at += 1
            if written.name is None:
                values.append(written)
                continue
            info = self._find(written)
            follower = arguments[at] if at < len(arguments) and arguments[at].name is None else None
            value = written.value
            if value is None and follower is not None and (info is None or not info.is_switch):
                value = follower.value
                at += 1
            if info is None:
                continue
            if value is None and not info.is_switch and not self.call.open:
                self.report(written.start, "missing-argument", f"-{info.name} of {self.name} needs an argument", None)
            self._bind(info, written, value)
        return values

    def _find(self, written: Written) -> ParameterInfo | None:
        name = str(written.name)
        try:
            info = find(self.metadata, name, self.later)
        except Ambiguous as ambiguous:
            self.certain = False
            self.report(
                written.start, "ambiguous-parameter", f"-{name} of {self.name} can be {ambiguous}", "write it in full"
            )
            return None
        if info is None and (self.metadata.advanced or not self.metadata.parameters):
            self.certain = False
            if self.metadata.advanced and not (self.elsewhere is not None and self.elsewhere(name)):
                self.unknown.append(written)
        return info

    def _unknown(self) -> None:
        """Report the names that nobody has; a parameter for the rest takes them as the text that they are."""
        rest = [self.rest] if self.rest is not None else self._open()
        if any(_holds_text(info) and self._takes_rest(info) for info in rest):
            return
        for written in self.unknown:
            name = str(written.name)
            close = self._nearest(name)
            remedy = f"did you mean -{close}?" if close else self._known()
            self.report(written.start, "unknown-parameter", f"{self.name} has no parameter -{name}", remedy)

    def _nearest(self, name: str) -> str | None:
        known = {info.name.lower(): info for info in self.metadata.parameters.values() if info.name not in self.later}
        close = difflib.get_close_matches(name.lower(), [one for one, info in known.items() if not info.common], n=1)
        found = close[0] if close else near(name, known)
        return known[found].name if found is not None else None

    def _known(self) -> str:
        every = [info for info in self.metadata.parameters.values() if info.name not in self.later]
        own = [f"-{info.name}" for info in every if not info.common]
        return f"it has {', '.join(own[:8])}{' and more' if len(own) > 8 else ''}" if own else "it has none of its own"

    def _bind(self, info: ParameterInfo, written: Written, value: object) -> None:
        if info.name in self.bound:
            self.report(written.start, "parameter-twice", f"-{info.name} of {self.name} is given twice", None)
            return
        self.bound[info.name] = info
        self._narrow([info])
        if self.on_parameter is not None:
            self.on_parameter(info, written)
        self._check(info, value, written.start)

    def _check(self, info: ParameterInfo, value: object, start: int) -> None:
        reason = refused(info, value)  # type: ignore[arg-type]
        if reason is not None:
            place = getattr(value, "start", start)
            self.report(place, "bad-value", f"-{info.name} of {self.name}: {reason[0]}", reason[1])

    def _narrow(self, infos: Sequence[ParameterInfo]) -> None:
        self.sets = [name for name in self.sets if any(info.entry(name) is not None for info in infos)]

    # -- positions ----------------------------------------------------------------------------

    def _positional(self, values: list[Written]) -> None:
        tried = -1
        for written in values:
            position, takers = self._next(tried)
            if not takers:
                self._left_over(written)
                return
            tried = position
            if isinstance(written.value, ast.ScriptBlockExpression):  # bound without conversion first
                takers = [info for info in takers if _holds_block(info)] or takers
            self._narrow(takers)
            if len(takers) == 1:
                self.bound[takers[0].name] = takers[0]
                self._check(takers[0], written.value, written.start)
            else:
                self.certain = self.certain and len({info.name for info in takers}) == 1

    def _next(self, after: int) -> tuple[int, list[ParameterInfo]]:
        found: dict[int, list[ParameterInfo]] = {}
        for info in self.metadata.parameters.values():
            if info.name in self.bound:
                continue
            for name in self.sets:
                entry = info.entry(name)
                if entry is None or entry.position is None or entry.remaining or entry.position <= after:
                    continue
                takers = found.setdefault(entry.position, [])
                if info not in takers:
                    takers.append(info)
        if not found:
            return after, []
        first = min(found)
        return first, found[first]

    def _left_over(self, written: Written) -> None:
        """Give what no position takes to a parameter for the rest or to $args, or report it."""
        taker = next((info for info in self._open() if self._takes_rest(info)), None)
        if taker is not None:
            self.rest = taker
            self.bound[taker.name] = taker
            self._narrow([taker])
        elif self.metadata.advanced and self.certain and self.sets:
            self.certain = False
            self.report(
                written.start, "too-many-arguments", f"no position of {self.name} is left for this", self._known()
            )

    def _open(self) -> list[ParameterInfo]:
        return [info for info in self.metadata.parameters.values() if info.name not in self.bound]

    def _takes_rest(self, info: ParameterInfo) -> bool:
        return any(entry is not None and entry.remaining for entry in map(info.entry, self.sets))

    # -- mandatory ones -----------------------------------------------------------------------

    def _mandatory(self) -> None:
        lacking = {name: self._lacking(name) for name in self.sets}
        if not lacking or not all(lacking.values()):
            return
        chosen = self.default if self.default in lacking else min(lacking, key=lambda name: len(lacking[name]))
        names = " ".join(f"-{info.name}" for info in lacking[str(chosen)])
        self.report(self.call.start, "missing-mandatory", f"{self.name} needs {names}", None)

    def _lacking(self, name: str) -> list[ParameterInfo]:
        def given_later(entry: SetEntry) -> bool:
            return self.call.has_input and (entry.by_value or entry.by_name)

        return [
            info
            for info in self._open()
            if (entry := info.entry(name)) is not None and entry.mandatory and not given_later(entry)
        ]
