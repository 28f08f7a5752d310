"""ForEach-Object, Where-Object, New-Object, Add-Member, Get-Member, Out-Null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import members as net_members
from psnet.lab.dotnet import operators
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import members, net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.properties import property_or
from psnet.lab.values import AUTOMATION_NULL, DotNetError, Hashtable, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.engine.scriptblock import ScriptBlock


@cmdlet("ForEach-Object")
class ForEachObject(Cmdlet):
    """Run script blocks, or read a property or call a method, for every object."""

    blocks: list[ScriptBlock]
    first: ScriptBlock | None = None
    last: ScriptBlock | None = None

    def begin(self) -> None:
        """Sort out the script blocks and run the first."""
        if self.ctx.parameter_set != "ScriptBlockSet":
            return
        blocks = [*(self.p.list("Process") or []), *(self.p.list("RemainingScripts") or [])]
        self.first, self.last = self.p.get("Begin"), self.p.get("End")
        if "Begin" not in self.p and len(blocks) > 1:
            self.first = blocks.pop(0)
        if "End" not in self.p and len(blocks) > 1:
            self.last = blocks.pop()
        self.blocks = [block for block in blocks if block is not None]
        if self.first is not None:
            self._run(self.first, None)

    def _run(self, block: ScriptBlock, value: Any) -> None:
        self.ctx.runspace.run_block(
            block, [], this=value, new_scope=False, processor=self.ctx.processor, out=self.ctx.write
        )

    def process(self) -> None:
        """Handle one object."""
        if self.ctx.expecting_input and "InputObject" not in self.p:
            return
        value = self.p.get("InputObject")
        if self.ctx.parameter_set == "ScriptBlockSet":
            for block in self.blocks:
                self._run(block, value)
            return
        self._member(value)

    def _member(self, value: Any) -> None:
        name = self.p["MemberName"]
        frame = self.ctx.processor.caller
        if value is None:
            if members.strict_properties(frame):
                self.ctx.write_error(
                    "You cannot call a method on a null-valued expression.", "InputObjectIsNull", "InvalidArgument"
                )
            return
        if "ArgumentList" not in self.p:
            base = net.unwrap(value)
            found = base.get(name, net.MISSING) if isinstance(base, Hashtable) else net.MISSING
            if found is net.MISSING:
                found = property_or(value, name, net.MISSING)
            if found is not net.MISSING:
                self.ctx.write(members.get_property(frame, value, name), enumerate_it=True)
                return
            if not net_members.find_methods(net.type_name_of(base), name) and not _script_method(value, name):
                enumerated = members.get_property(frame, value, name)
                if enumerated is not None or not members.strict_properties(frame):
                    self.ctx.write(enumerated)
                return
        arguments = self.p.list("ArgumentList") or []
        result = members.call_method(frame, value, name, list(arguments))
        if result is not AUTOMATION_NULL:
            self.ctx.write(result, enumerate_it=True)

    def end(self) -> None:
        """Run the last script block."""
        if self.last is not None:
            self._run(self.last, None)


def _script_method(value: Any, name: str) -> bool:
    return isinstance(value, PSObject) and name.lower() in value.members


_OPERATORS = [
    "EQ",
    "NE",
    "GT",
    "LT",
    "GE",
    "LE",
    "CEQ",
    "CNE",
    "CGT",
    "CLT",
    "CGE",
    "CLE",
    "Like",
    "CLike",
    "NotLike",
    "CNotLike",
    "Match",
    "CMatch",
    "NotMatch",
    "CNotMatch",
    "Contains",
    "CContains",
    "NotContains",
    "CNotContains",
    "In",
    "CIn",
    "NotIn",
    "CNotIn",
    "Is",
    "IsNot",
]


@cmdlet("Where-Object")
class WhereObject(Cmdlet):
    """Pass on the objects for which a test holds."""

    def process(self) -> None:
        """Test one object."""
        if self.ctx.expecting_input and "InputObject" not in self.p:
            return
        value = self.p.get("InputObject")
        if self.ctx.parameter_set == "ScriptBlockSet":
            kept: list[Any] = []
            self.ctx.runspace.run_block(
                self.p["FilterScript"], [], this=value, new_scope=False, processor=self.ctx.processor, out=kept.append
            )
            passed = net.to_bool(net.collapse(kept))
        else:
            passed = self._compare(value)
        if passed:
            self.ctx.write(value)

    def _compare(self, value: Any) -> bool:
        frame = self.ctx.processor.caller
        found = members.get_property(frame, value, self.p["Property"]) if value is not None else None
        if "Not" in self.p:
            return not net.to_bool(found)
        name = next((name for name in _OPERATORS if self.p.switch(name)), None)
        if name is None:
            if "Value" in self.p:
                raise self.ctx.fail(
                    "The specified operator requires both the -Property and -Value parameters. Provide values for both "
                    "parameters, and then try the command again.",
                    "OperatorNotSpecified",
                    "InvalidArgument",
                    exception="System.Management.Automation.PSArgumentException",
                )
            return net.to_bool(found)
        wanted = self.p.get("Value")
        op = f"-{name.lower()}"
        if name in {"Is", "IsNot"} and isinstance(wanted, str):
            wanted = frame.runspace.resolve_type(wanted, frame)
        if "match" in op:
            result, table = operators.match(op, found, wanted)
            if table is not None:
                frame.scope.set_local("Matches", table)
            return net.to_bool(result)
        return net.to_bool(operators.binary(op, found, wanted))


@cmdlet("Out-Null")
def out_null(ctx: CmdletContext, p: Parameters) -> None:
    """Throw objects away."""


@cmdlet("New-Object")
def new_object(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make an object."""
    if "ComObject" in p:
        raise net.unsupported("New-Object -ComObject", ctx.processor.line)
    name = p["TypeName"]
    frame = ctx.processor.caller
    try:
        kind = frame.runspace.resolve_type(name, frame)
    except DotNetError as missing:
        if missing.error_id != "TypeNotFound":
            raise
        message = f"Cannot find type [{name}]: verify that the assembly containing this type is loaded."
        raise ctx.fail(
            message,
            "TypeNotFound",
            "InvalidType",
            exception="System.Management.Automation.PSArgumentException",
        ) from missing
    arguments = [net.unwrap(value) for value in p.list("ArgumentList") or []]
    if kind in {"System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"}:
        made: Any = PSObject()
    elif not arguments and (brought := frame.runspace.module_type(kind)) is not None:
        made = brought.make()
    else:
        try:
            made = net_members.new_object(kind, arguments)
        except DotNetError as refused:
            if not arguments and refused.error_id in {"MethodCountCouldNotFindBest", "new"}:
                message = f"A constructor was not found. Cannot find an appropriate constructor for type {name}."
                exception = make_exception("System.Management.Automation.PSArgumentException", message)
                raise ctx.fail(exception, "CannotFindAppropriateCtor", "ObjectNotFound") from refused
            raise ctx.fail(refused.exception, "ConstructorInvokedThrowException", "InvalidOperation") from refused
    for key, value in (p.get("Property") or Hashtable()).items():
        text = net.to_string(key)
        if isinstance(made, PSObject) and made.base is None and made.native is None:
            made.members[text.lower()] = Member(text, "NoteProperty", value)
        else:
            members.set_property(frame, made, text, value)
    yield made
