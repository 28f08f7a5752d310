"""Parameter sets: which are still possible, which is chosen, what is missing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.powershell.facts.parameters import ALL_SETS

from .bind_errors import bind_error

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo, SetEntry

    from .binder import Binder


class ParameterSets:
    """The sets of one call; ``valid`` are those still possible (empty names only: the command has none)."""

    def __init__(self, meta: CommandMetadata) -> None:
        self.meta = meta
        self.names = meta.set_names()
        default = meta.default_set
        if default and default.lower() not in {name.lower() for name in self.names}:
            self.names.append(default)
        self.valid: list[str] = list(self.names) or [ALL_SETS]
        self.narrowed = False

    @property
    def default(self) -> str | None:
        """The default set's name as the parameters spell it."""
        wanted = (self.meta.default_set or "").lower()
        return next((name for name in self.names if name.lower() == wanted), None)

    @property
    def chosen(self) -> str:
        """The set in use."""
        if not self.names:
            return ALL_SETS
        if len(self.valid) == 1:
            return self.valid[0]
        if self.default in self.valid:
            return str(self.default)
        return ALL_SETS

    def narrow(self, info: ParameterInfo) -> None:
        """Leave only the sets that have a parameter."""
        if self.names and ALL_SETS not in info.sets:
            self.valid = [name for name in self.valid if name in info.sets]
            self.narrowed = True

    def allows(self, info: ParameterInfo) -> bool:
        """Say whether a parameter is in one of the possible sets."""
        return any(info.entry(name) is not None for name in self.valid)

    def entry(self, info: ParameterInfo) -> SetEntry | None:
        """Return a parameter's part in the possible sets, the default one first."""
        for name in sorted(self.valid, key=lambda name: name != self.default):
            found = info.entry(name)
            if found is not None:
                return found
        return None

    def positions(self, binder: Binder) -> list[int]:
        """Return the positions that are open, in order."""
        found = {
            entry.position
            for info in self.meta.parameters.values()
            if info.name not in binder.values
            for name in self.valid
            if (entry := info.entry(name)) is not None and entry.position is not None and not entry.remaining
        }
        return sorted(found)

    def at_position(self, binder: Binder, position: int) -> list[ParameterInfo]:
        """Return the parameters open at a position, those of the default set first."""
        found: list[ParameterInfo] = []
        for name in sorted(self.valid, key=lambda name: name != self.default):
            for info in self.meta.parameters.values():
                entry = info.entry(name)
                if entry is None or entry.position != position or entry.remaining or info.name in binder.values:
                    continue
                if info not in found:
                    found.append(info)
        return found

    def settle(self, binder: Binder, *, before_pipeline: bool) -> None:
        """Choose the set, or leave it to the pipeline's input; raises AmbiguousParameterSet."""
        if not self.names:
            return
        if not self.valid:
            raise bind_error(binder.processor, "AmbiguousParameterSet")
        if len(self.valid) == 1:
            return
        if not self.narrowed and self.default is None and all(ALL_SETS in i.sets for i in self._own()):
            return
        if self.default in self.valid and (not before_pipeline or not self.takes_pipeline(binder)):
            self.valid = [str(self.default)]
            return
        if before_pipeline and self.takes_pipeline(binder):
            return
        open_sets = self.valid
        for info in self._own():
            if info.name not in binder.values:
                open_sets = [
                    name for name in open_sets if not ((entry := info.sets.get(name)) is not None and entry.mandatory)
                ]
        if len(open_sets) != 1:
            raise bind_error(binder.processor, "AmbiguousParameterSet")
        self.valid = open_sets

    def _own(self) -> list[ParameterInfo]:
        return [info for info in self.meta.parameters.values() if not info.common]

    def takes_pipeline(self, binder: Binder) -> bool:
        """Say whether an unbound parameter of a possible set takes pipeline input."""
        return any(
            entry.by_value or entry.by_name
            for info in self._own()
            if info.name not in binder.values
            for name in self.valid
            if (entry := info.entry(name)) is not None
        )

    def missing_mandatory(self, binder: Binder, *, expecting_input: bool) -> list[ParameterInfo]:
        """Return the mandatory parameters without a value that the pipeline cannot give either."""

        def lacking(name: str) -> list[ParameterInfo]:
            return [
                info
                for info in self._own()
                if info.name not in binder.values
                and (entry := info.entry(name)) is not None
                and entry.mandatory
                and not (expecting_input and (entry.by_value or entry.by_name))
            ]

        if len(self.valid) == 1:
            return lacking(self.valid[0])
        complete = [name for name in self.valid if not lacking(name)]
        if complete:
            self.valid = complete
            return []
        return lacking(self.default if self.default in self.valid else self.valid[0])
