"""Add-Member and Get-Member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import members as net_members
from psnet.lab.dotnet.member_list import list_members, list_static
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.scriptblock import ScriptBlock
from psnet.lab.values import EnumValue, Hashtable, Member, PSObject, TypeValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_SMA = "System.Management.Automation"
_KINDS = [
    "NoteProperty",
    "ScriptProperty",
    "AliasProperty",
    "ScriptMethod",
    "CodeProperty",
    "CodeMethod",
    "PropertySet",
    "MemberSet",
]


@cmdlet("Add-Member")
def add_member(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Add members to an object; other values than objects are wrapped, which only -PassThru gives out."""
    given = p["InputObject"]
    target = given if isinstance(given, PSObject) else PSObject((), (), base=given)
    force = p.switch("Force")
    if "TypeName" in p:
        if not target.type_names and target.base is not None:
            target.type_names = net.ps_type_names(target.base)
        target.type_names.insert(0, net.to_string(p["TypeName"]))
    made: list[Member] = []
    if "NotePropertyName" in p:
        made.append(Member(net.to_string(p["NotePropertyName"]), "NoteProperty", p["NotePropertyValue"]))
    elif "NotePropertyMembers" in p:
        table: Hashtable = p["NotePropertyMembers"]
        made.extend(Member(net.to_string(key), "NoteProperty", value) for key, value in table.items())
    elif "MemberType" in p:
        made.append(_member(ctx, p))
    for member in made:
        _attach(ctx, target, member, force=force)
    if p.switch("PassThru"):
        yield target


def _member(ctx: CmdletContext, p: Parameters) -> Member:
    kind = p["MemberType"].name
    name = net.to_string(p["Name"])
    value, second = p.get("Value"), p.get("SecondValue")
    if kind not in _KINDS[:4]:
        raise net.unsupported(f"Add-Member -MemberType {kind}", ctx.processor.line)
    if kind == "NoteProperty":
        return Member(name, kind, value)
    if kind == "AliasProperty":
        return Member(name, kind, net.to_string(value))
    block = net.unwrap(value)
    if not isinstance(block, ScriptBlock):
        if kind == "ScriptProperty" and block is None and second is not None:
            return Member(name, kind, (None, net.unwrap(second)))
        raise ctx.fail(
            f'Cannot convert the "{net.to_string(value)}" value of type "{net.type_name_of(value)}" to type '
            f'"{_SMA}.ScriptBlock".',
            "InvalidCast",
            "InvalidArgument",
            exception=f"{_SMA}.PSInvalidCastException",
        )
    if kind == "ScriptProperty":
        return Member(name, kind, (block, net.unwrap(second) if second is not None else None))
    return Member(name, kind, block)


def _attach(ctx: CmdletContext, target: PSObject, member: Member, *, force: bool) -> None:
    key = member.name.lower()
    exists = key in target.members
    if not exists and target.base is not None and not isinstance(target.base, Hashtable):
        exists = bool(net_members.find_own(target.base, member.name)[0])
    if exists and not force:
        ctx.write_error(
            f'Cannot add a member with the name "{member.name}" because a member with that name already exists. To '
            "overwrite the member anyway, add the Force parameter to your command.",
            "MemberAlreadyExists",
            "InvalidOperation",
            target,
            exception="System.InvalidOperationException",
        )
        return
    target.members.pop(key, None)
    target.members[key] = member


@cmdlet("Get-Member")
class GetMember(Cmdlet):
    """List the members of each type of object once."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.seen: set[str] = set()

    def process(self) -> None:
        """List one object's members."""
        value = self.p.get("InputObject")
        if value is None:
            return
        if "View" in self.p:
            raise net.unsupported("Get-Member -View", self.ctx.processor.line)
        static = self.p.switch("Static")
        names = net.ps_type_names(value)
        kind = names[0] if names else net.type_name_of(value)
        if static:
            base = net.unwrap(value)
            kind = base.name if isinstance(base, TypeValue) else net.type_name_of(value)
        if kind in self.seen:
            return
        self.seen.add(kind)
        patterns = [net.to_string(name) for name in self.p.list("Name") or ["*"]]
        wanted = self.p.get("MemberType")

        def fits(name: str) -> bool:
            return any(net.is_like(name, pattern) for pattern in patterns)

        listed = list_static(kind, fits) if static else list_members(value)
        for name, member_kind, definition in listed:
            if not fits(name):
                continue
            if wanted is not None and not _includes(wanted, member_kind):
                continue
            shown = {
                "TypeName": kind,
                "Name": name,
                "MemberType": _member_type(member_kind),
                "Definition": definition,
            }
            self.ctx.write(
                PSObject.of(shown, "Microsoft.PowerShell.Commands.MemberDefinition", "System.Object", kind="Property")
            )

    def end(self) -> None:
        """Complain when there was no object."""
        if not self.seen:
            self.ctx.write_error(
                "You must specify an object for the Get-Member cmdlet.",
                "NoObjectInGetMember",
                "CloseError",
                exception="System.InvalidOperationException",
            )


_GROUPS = {
    "Properties": {
        "NoteProperty",
        "Property",
        "ScriptProperty",
        "AliasProperty",
        "CodeProperty",
        "PropertySet",
        "ParameterizedProperty",
    },
    "Methods": {"Method", "ScriptMethod", "CodeMethod"},
    "All": set(_KINDS) | {"Property", "Method", "ParameterizedProperty"},
}
_GROUPS["Properties"].discard("PropertySet")
_GROUPS["Properties"].discard("ParameterizedProperty")


def _includes(wanted: EnumValue, kind: str) -> bool:
    return any(kind == word or kind in _GROUPS.get(word, ()) for word in wanted.name.split(", "))


def _member_type(kind: str) -> Any:
    return net.convert(kind, f"{_SMA}.PSMemberTypes")
