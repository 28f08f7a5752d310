"""Pipeline input: by value, then by property name, first without and then with conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL

from . import net
from .bind_errors import bind_error
from .bind_value import fits
from .flow import ScriptError

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import ParameterInfo, SetEntry

    from .binder import Binder

_NOTHING = object()


class PipelineBinder:
    """Binds one input object after another; what came from the one before is forgotten first."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder
        self.valid_before = list(binder.sets.valid)
        self.narrowed_before = binder.sets.narrowed
        self.open = [
            info
            for info in binder.meta.parameters.values()
            if info.name not in binder.values
            and info.name not in binder.delayed
            and any(e.by_value or e.by_name for e in info.entries())
        ]

    def bind(self, value: Any) -> None:
        """Bind an object; raises the error that the caller reports as non-terminating."""
        binder = self.binder
        for name in binder.from_pipeline:
            del binder.values[name]
        binder.from_pipeline = []
        binder.sets.valid = list(self.valid_before)
        binder.sets.narrowed = self.narrowed_before
        bound = self._delayed(value)
        for coerce in (False, True):
            bound |= self._by_value(value, coerce=coerce)
            bound |= self._by_name(value, coerce=coerce)
        if not bound:
            raise bind_error(binder.processor, "InputObjectNotBound", target=value)
        binder.sets.settle(binder, before_pipeline=False)
        missing = binder.sets.missing_mandatory(binder, expecting_input=False)
        if missing:
            names = " ".join(info.name for info in missing)
            raise bind_error(binder.processor, "InputObjectMissingMandatory", names, target=value)

    def _delayed(self, value: Any) -> bool:
        """Bind what the blocks of parameters that waited for this object give."""
        binder = self.binder
        for info, block in binder.delayed.values():
            found = net.collapse(binder.processor.runspace.run_block(block, [], this=value, processor=binder.processor))
            if found is AUTOMATION_NULL:
                raise bind_error(binder.processor, "ScriptBlockArgumentNoOutput", info.name, target=value)
            binder.bind(info, found)
            binder.from_pipeline.append(info.name)
        return bool(binder.delayed)

    def _candidates(self, which: str) -> list[ParameterInfo]:
        sets = self.binder.sets
        found: list[ParameterInfo] = []
        for name in sorted(sets.valid, key=lambda name: name != sets.default):
            for info in self.open:
                entry: SetEntry | None = info.entry(name)
                if entry is None or info in found or info.name in self.binder.values:
                    continue
                if getattr(entry, which):
                    found.append(info)
        return found

    def _by_value(self, value: Any, *, coerce: bool) -> bool:
        return any(self._take(info, value, coerce=coerce) for info in self._candidates("by_value"))

    def _by_name(self, value: Any, *, coerce: bool) -> bool:
        done = False
        for info in self._candidates("by_name"):
            for name in (info.name, *info.aliases):
                found = net.property_or(value, name, _NOTHING)
                if found is not _NOTHING:
                    done |= self._take(info, found, coerce=coerce, named=True)
                    break
        return done

    def _take(self, info: ParameterInfo, value: Any, *, coerce: bool, named: bool = False) -> bool:
        if not self.binder.sets.allows(info) or info.name in self.binder.values:
            return False
        if not coerce and not fits(info, value):
            return False
        try:
            self.binder.bind(info, value)
        except ScriptError as refused:
            # A property of the right name that cannot be converted is an error of a function, and no binding of a cmdlet.
            if refused.record.error_id == "ParameterArgumentTransformationError" and not named:
                return False
            if refused.record.error_id == "CannotConvertArgumentNoMessage":
                return False
            raise
        self.binder.from_pipeline.append(info.name)
        return True
