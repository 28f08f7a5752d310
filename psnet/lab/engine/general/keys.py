"""Properties as cmdlets name them: a name, a wildcard, a script block, or a hashtable that computes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.member_list import list_members
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import members, net
from psnet.lab.engine.flow import ScriptError
from psnet.lab.engine.properties import property_or
from psnet.lab.engine.scriptblock import ScriptBlock
from psnet.lab.values import AUTOMATION_NULL, DotNetError, Hashtable, PSObject

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet_context import CmdletContext

_LABELS = ("name", "label")


@dataclass(slots=True)
class Column:
    """A property: by ``name``, or computed by ``block``; ``label`` is its own name, ``options`` the rest."""

    name: str
    block: ScriptBlock | None
    label: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def wild(self) -> bool:
        """Whether the name is a pattern."""
        return self.block is None and has_wildcards(self.name)

    def value(self, ctx: CmdletContext, owner: Any) -> Any:
        """Return the property of an object; what fails in a block is null."""
        if self.block is None:
            return property_value(ctx, owner, self.name)
        try:
            with ctx.runspace.guarded():
                values = ctx.runspace.run_block(self.block, [], this=owner, new_scope=False, processor=ctx.processor)
        except (ScriptError, DotNetError):
            return None
        result = net.collapse(values)
        return None if result is AUTOMATION_NULL else result


def column_of(ctx: CmdletContext, item: Any) -> Column:
    """Return the column that an argument describes."""
    base = net.unwrap(item)
    if isinstance(base, ScriptBlock):
        return Column(
            base.text.strip() if ctx.processor.command_name != "Select-Object" else base.text, base, base.text
        )
    if not isinstance(base, Hashtable):
        return Column(net.to_string(item), None)
    column = Column("", None)
    for key, value in base.items():
        word = net.to_string(key).lower()
        plain = net.unwrap(value)
        if word and "expression".startswith(word):
            if isinstance(plain, ScriptBlock):
                column.block = plain
            else:
                column.name = net.to_string(value)
        elif word and any(label.startswith(word) for label in _LABELS):
            column.label = net.to_string(value)
        else:
            column.options[word] = value
    if column.block is None and not column.name and column.label is None:
        raise ctx.fail("The hash table has no expression.", "DictionaryKeyMissing", "InvalidArgument")
    if column.block is None and not column.name:
        column.name = column.label or ""
    if column.block is not None and column.label is None:
        column.label = column.block.text
    if column.block is None and column.label is None:
        column.label = column.name
    return column


def property_value(ctx: CmdletContext, owner: Any, name: str) -> Any:
    """Return a property of an object, null where it has none."""
    if owner is None:
        return None
    base = net.unwrap(owner)
    if isinstance(base, Hashtable) and name in base:
        return base[name]
    try:
        found = members.find_property(ctx.processor.caller, owner, name)
    except (DotNetError, ScriptError):
        return None
    return None if found is net.MISSING or net.type_name_of(found).endswith("PSMethod") else found


def expand_names(owner: Any, pattern: str) -> list[str]:
    """Return the names of an object's properties that a pattern or name matches, as the object spells them."""
    if owner is None:
        return []
    names = property_names(owner)
    found = [name for name in names if net.is_like(name, pattern)]
    if not found and not has_wildcards(pattern) and property_or(owner, pattern, net.MISSING) is not net.MISSING:
        return [pattern]
    return found


def property_names(owner: Any) -> list[str]:
    """Return the names of an object's properties in order."""
    names: dict[str, str] = {}
    level = owner
    while isinstance(level, PSObject):
        for member in level.members.values():
            if member.kind.endswith("Property"):
                names.setdefault(member.name.lower(), member.name)
        level = level.base
    if not isinstance(owner, PSObject) or owner.base is not None:
        for name, kind, _ in list_members(owner):
            if kind.endswith("Property") and kind != "ParameterizedProperty":
                names.setdefault(name.lower(), name)
    return list(names.values())
