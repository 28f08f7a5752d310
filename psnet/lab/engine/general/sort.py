"""Sort-Object, Group-Object, Measure-Object, Compare-Object."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import compare, operators
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.keys import Column, column_of
from psnet.lab.values import ArrayList, DotNetError, Hashtable, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


def compare_keys(one: Any, other: Any, *, ignore_case: bool = True) -> int:
    """Compare two sort keys: null first, values of types that do not compare by their text."""
    one, other = net.unwrap(one), net.unwrap(other)
    if one is None or other is None:
        return (one is not None) - (other is not None)
    try:
        sign = operators.order(one, other, ignore_case=ignore_case)
    except DotNetError:
        sign = operators.order(net.to_string(one), net.to_string(other), ignore_case=ignore_case)
    return sign or 0


class _Keyed(Cmdlet):
    """Keeps the input until the end."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> None:
        """Keep one object."""
        if "InputObject" in self.p and self.p["InputObject"] is not None:
            self.items.append(self.p["InputObject"])

    def columns(self) -> list[Column]:
        """Return the properties to go by."""
        return [column_of(self.ctx, item) for item in self.p.list("Property") or []]


@cmdlet("Sort-Object")
class SortObject(_Keyed):
    """Sort."""

    def end(self) -> Iterable[Any] | None:
        """Write the input in order."""
        columns = self.columns()
        down = self.p.switch("Descending")
        ignore_case = not self.p.switch("CaseSensitive")
        keyed = [([c.value(self.ctx, item) for c in columns] if columns else [item], item) for item in self.items]
        directions = [_direction(column, down) for column in columns] or [down]

        def order(left: Any, right: Any) -> int:
            for one, other, falling in zip(left[0], right[0], directions, strict=True):
                sign = compare_keys(one, other, ignore_case=ignore_case)
                if sign:
                    return -sign if falling else sign
            return 0

        ranked = sorted(keyed, key=cmp_to_key(order))
        if self.p.switch("Unique"):
            kept: list[Any] = []
            for entry in ranked:
                if not kept or order(kept[-1], entry) != 0:
                    kept.append(entry)
            ranked = kept
        found = [item for _, item in ranked]
        if "Top" in self.p:
            found = found[: self.p["Top"]]
        if "Bottom" in self.p:
            found = found[-self.p["Bottom"] :] if self.p["Bottom"] else []
        return found


def _direction(column: Column, down: bool) -> bool:
    for word, value in column.options.items():
        if word and "descending".startswith(word):
            return net.to_bool(value)
        if word and "ascending".startswith(word):
            return not net.to_bool(value)
    return down


@cmdlet("Group-Object")
class GroupObject(_Keyed):
    """Group by properties."""

    def end(self) -> Iterable[Any] | None:
        """Write the groups, in 7 sorted by their keys."""
        columns = self.columns()
        ignore_case = not self.p.switch("CaseSensitive")
        groups: list[tuple[list[Any], list[Any]]] = []
        for item in self.items:
            keys = [column.value(self.ctx, item) for column in columns] if columns else [item]
            for known, members in groups:
                if all(self._equal(a, b, ignore_case=ignore_case) for a, b in zip(known, keys, strict=True)):
                    members.append(item)
                    break
            else:
                groups.append((keys, [item]))
        if self.ctx.runspace.language != "5.1":

            def order(one: tuple[list[Any], list[Any]], other: tuple[list[Any], list[Any]]) -> int:
                return _order_all(one[0], other[0], ignore_case=ignore_case)

            groups.sort(key=cmp_to_key(order))
        if self.p.switch("AsHashTable"):
            return [self._table(groups)]
        return [self._group(keys, members) for keys, members in groups]

    @staticmethod
    def _equal(one: Any, other: Any, *, ignore_case: bool) -> bool:
        return compare_keys(one, other, ignore_case=ignore_case) == 0

    def _table(self, groups: list[tuple[list[Any], list[Any]]]) -> Hashtable:
        table = Hashtable(case_sensitive=self.p.switch("CaseSensitive"))
        for keys, members in groups:
            key = net.to_string(keys[0]) if self.p.switch("AsString") or len(keys) > 1 else keys[0]
            table[key] = _collection(members)
        return table

    def _group(self, keys: list[Any], members: list[Any]) -> PSObject:
        name = ", ".join(net.own_text(key) for key in keys)
        kind = "Microsoft.PowerShell.Commands.GroupInfo"
        names = [kind, "System.Object"]
        if self.p.switch("NoElement"):
            names = ["Microsoft.PowerShell.Commands.GroupInfoNoElement", *names]
        shown: dict[str, Any] = {
            "Values": ArrayList(list(keys)),
            "Count": len(members),
            "Group": _collection([] if self.p.switch("NoElement") else members),
            "Name": name,
        }
        return PSObject.of(shown, *names, kind="Property")


def _order_all(one: list[Any], other: list[Any], *, ignore_case: bool) -> int:
    for left, right in zip(one, other, strict=True):
        sign = compare_keys(left, right, ignore_case=ignore_case)
        if sign:
            return sign
    return 0


def _collection(items: list[Any]) -> Any:
    from psnet.lab.dotnet.objects import Sequence  # noqa: PLC0415 - one use

    return Sequence(list(items), "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]")


@cmdlet("Compare-Object")
class CompareObject(Cmdlet):
    """Compare two sets."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.new: list[Any] = []

    def process(self) -> None:
        """Keep what is to be compared."""
        self.new.extend(self.p.list("DifferenceObject") or [])

    def end(self) -> None:
        """Write the differences: what stands in both, in the second, then in the first only."""
        columns = [column_of(self.ctx, item) for item in self.p.list("Property") or []]
        old = [(self._keys(columns, item), item) for item in self.p.list("ReferenceObject") or []]
        new = [(self._keys(columns, item), item) for item in self.new]
        equal_wanted = self.p.switch("IncludeEqual")
        equal: list[Any] = []
        only_new: list[Any] = []
        for entry in new:
            at = next((n for n, known in enumerate(old) if self._same(known[0], entry[0])), None)
            if at is None:
                only_new.append(entry)
            else:
                equal.append(old.pop(at))
        if equal_wanted or (self.p.switch("ExcludeDifferent") and "IncludeEqual" not in self.p and _modern(self)):
            for entry in equal:
                self._write(columns, entry, "==")
        if self.p.switch("ExcludeDifferent"):
            return
        for entry in only_new:
            self._write(columns, entry, "=>")
        for entry in old:
            self._write(columns, entry, "<=")

    def _keys(self, columns: list[Column], item: Any) -> list[Any]:
        return [column.value(self.ctx, item) for column in columns] if columns else [item]

    def _same(self, one: list[Any], other: list[Any]) -> bool:
        ignore_case = not self.p.switch("CaseSensitive")
        return all(self._equal(a, b, ignore_case=ignore_case) for a, b in zip(one, other, strict=True))

    @staticmethod
    def _equal(one: Any, other: Any, *, ignore_case: bool) -> bool:
        a, b = net.unwrap(one), net.unwrap(other)
        if isinstance(a, PSObject) or isinstance(b, PSObject):
            return compare.equals(net.to_string(a), net.to_string(b), ignore_case=ignore_case)
        return compare_keys(a, b, ignore_case=ignore_case) == 0

    def _write(self, columns: list[Column], entry: tuple[list[Any], Any], side: str) -> None:
        keys, item = entry
        if self.p.switch("PassThru"):
            made = item if isinstance(item, PSObject) else PSObject((), (), base=item)
            made.members["sideindicator"] = Member("SideIndicator", "NoteProperty", side)
            self.ctx.write(made)
            return
        shown: dict[str, Any] = (
            {c.label or c.name: key for c, key in zip(columns, keys, strict=True)} if columns else {"InputObject": item}
        )
        shown["SideIndicator"] = side
        self.ctx.write(PSObject.of(shown))


def _modern(command: Cmdlet) -> bool:
    return command.ctx.runspace.language != "5.1"
