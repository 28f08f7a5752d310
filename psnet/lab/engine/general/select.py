"""Select-Object and Get-Unique."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import operators
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.keys import Column, column_of, expand_names, property_value
from psnet.lab.values import Hashtable, Member, PSObject

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet_context import CmdletContext

_CUSTOM = "System.Management.Automation.PSCustomObject"


@cmdlet("Select-Object")
class SelectObject(Cmdlet):
    """Choose objects and properties."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.queue: list[Any] = []
        self.seen = 0
        self.taken = 0
        self.unique: list[Any] = []

    def begin(self) -> None:
        """Read the parameters."""
        p = self.p
        self.columns = [column_of(self.ctx, item) for item in p.list("Property") or []]
        self.first: int | None = p.get("First")
        self.last: int | None = p.get("Last")
        self.skip = int(p.get("Skip", 0))
        self.index = set(p.list("Index") or []) if "Index" in p else None
        if self.first == 0 and self.last is None:
            raise self.ctx.stop_upstream()

    def process(self) -> None:
        """Take one object."""
        if self.ctx.expecting_input and "InputObject" not in self.p:
            return
        value = self.p.get("InputObject")
        self.seen += 1
        if self.index is not None:
            if self.seen - 1 in self.index:
                self._emit(value)
                if self.seen > max(self.index) and not self.p.switch("Wait"):
                    raise self.ctx.stop_upstream()
            return
        if "SkipLast" in self.p:
            self.queue.append(value)
            if len(self.queue) > self.p["SkipLast"]:
                self._emit(self.queue.pop(0))
            return
        if self.last is not None:
            self._with_last(value)
            return
        if self.seen <= self.skip:
            return
        if self.first is None or self.taken < self.first:
            self.taken += 1
            self._emit(value)
        if self.first is not None and self.taken >= self.first and not self.p.switch("Wait"):
            raise self.ctx.stop_upstream()

    def _with_last(self, value: Any) -> None:
        """Handle -Last: skips from the end, and goes together with -First."""
        if self.first is not None and self.taken < self.first and self.seen > self.skip:
            self.taken += 1
            self._emit(value)
            return
        self.queue.append(value)
        assert self.last is not None  # noqa: S101 - the caller looked
        keep = self.last + (self.skip if self.first is None else 0)
        if len(self.queue) > keep:
            self.queue.pop(0)

    def end(self) -> None:
        """Write what waited for the end."""
        if self.last is not None:
            kept = self.queue[: max(len(self.queue) - self.skip, 0)] if self.first is None and self.skip else self.queue
            for value in kept[-self.last :] if self.last else []:
                self._emit(value)

    def _emit(self, value: Any) -> None:
        if value is None and (self.columns or "ExpandProperty" in self.p):
            return
        for made in self._made(value):
            if self.p.switch("Unique"):
                if any(_same(made, known) for known in self.unique):
                    continue
                self.unique.append(made)
            self.ctx.write(made)

    def _made(self, value: Any) -> list[Any]:
        expand = self.p.get("ExpandProperty")
        if expand is None:
            return [self._selected(value)] if self.columns or self._exclude() else [value]
        return self._expanded(value, str(expand))

    def _exclude(self) -> list[str]:
        return [net.to_string(name) for name in self.p.list("ExcludeProperty") or []]

    def _members(self, value: Any) -> list[Member]:
        """Return the chosen properties, in the order of -Property."""
        found: dict[str, Member] = {}
        columns = self.columns
        if not columns and self._exclude() and self.ctx.runspace.language != "5.1":
            columns = [Column("*", None)]
        for column in columns:
            if column.block is not None or column.label is not None:
                name = column.label or net.to_string(column.name)
                result = column.value(self.ctx, value)
                self._add(found, name, result)
                continue
            names = expand_names(value, column.name)
            if not names and not column.wild:
                names = [column.name]
            for name in names:
                if column.wild and any(net.is_like(name, pattern) for pattern in self._exclude()):
                    continue
                if not column.wild and any(net.is_like(name, pattern) for pattern in self._exclude()):
                    continue
                self._add(found, name, property_value(self.ctx, value, name), quiet=column.wild)
        return list(found.values())

    def _add(self, found: dict[str, Member], name: str, value: Any, *, quiet: bool = False) -> None:
        key = name.lower()
        if key in found:
            if not quiet:
                self.ctx.write_error(
                    f'The property cannot be processed because the property "{name}" already exists.',
                    "AlreadyExistingUserSpecifiedPropertyNoExpand",
                    "InvalidOperation",
                    exception="System.Management.Automation.PSArgumentException",
                )
            return
        found[key] = Member(name, "NoteProperty", value)

    def _selected(self, value: Any) -> PSObject:
        kinds = net.ps_type_names(value)
        first = kinds[0] if kinds else "System.Object"
        names = [f"Selected.{first}", _CUSTOM, "System.Object"]
        return PSObject(self._members(value), names)

    def _expanded(self, value: Any, pattern: str) -> list[Any]:
        names = expand_names(value, pattern)
        if not names:
            message = f'Property "{pattern}" cannot be found.'
            exception = make_exception("System.Management.Automation.PSArgumentException", message)
            self.ctx.write_error(exception, "ExpandPropertyNotFound", "InvalidArgument", value)
            return []
        if len(names) > 1:
            message = f'Multiple properties cannot be expanded: "{pattern}".'
            self.ctx.write_error(
                message,
                "MutlipleExpandProperties",
                "InvalidArgument",
                value,
                exception="System.Management.Automation.PSArgumentException",
            )
            return []
        held = property_value(self.ctx, value, names[0])
        items = net.enumerate_collection(held)
        values = [held] if items is None else items
        extra = self._members(value) if self.columns else []
        if not extra:
            return [item for item in values if item is not None or items is not None or held is None]
        made: list[Any] = []
        for item in values:
            target = item if isinstance(item, PSObject) else PSObject((), (), base=item)
            for member in extra:
                if member.name.lower() in target.members:
                    self._clash(member.name)
                else:
                    target.members[member.name.lower()] = member
            made.append(target)
        return made

    def _clash(self, name: str) -> None:
        self.ctx.write_error(
            f'The property cannot be processed because the property "{name}" already exists.',
            "AlreadyExistingUserSpecifiedPropertyExpand",
            "InvalidOperation",
            exception="System.Management.Automation.PSArgumentException",
        )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, PSObject) and isinstance(other, PSObject) and one.base is None and other.base is None:
        if list(one.members) != list(other.members):
            return False
        return all(
            operators.equals(one.members[key].value, other.members[key].value, ignore_case=False) for key in one.members
        )
    if isinstance(one, Hashtable) or isinstance(other, Hashtable):
        return one is other
    return type(net.unwrap(one)) is type(net.unwrap(other)) and operators.equals(one, other, ignore_case=False)


@cmdlet("Get-Unique")
class GetUnique(Cmdlet):
    """Pass on what differs from the object before it."""

    before: Any = net.MISSING

    def process(self) -> None:
        """Compare one object with the last."""
        value = self.p.get("InputObject")
        if self.before is net.MISSING or not self._equal(value):
            self.before = value
            self.ctx.write(value)

    def _equal(self, value: Any) -> bool:
        if self.p.switch("AsString"):
            return net.to_string(self.before) == net.to_string(value)
        if self.p.switch("OnType"):
            return net.type_name_of(self.before) == net.type_name_of(value)
        return operators.equals(self.before, value, ignore_case=False)
