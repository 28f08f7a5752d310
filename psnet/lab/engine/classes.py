"""``class`` and ``enum``: types that a script defines, their objects, constructors and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.bases import base_chain, derives
from psnet.lab.dotnet.binding import bind, no_overload
from psnet.lab.dotnet.convert import final_error
from psnet.lab.dotnet.errors import RUNTIME_EXCEPTION, UnsupportedError, make_exception, runtime_error
from psnet.lab.dotnet.registry import Overload, Parameter
from psnet.lab.dotnet.scripttypes import script_type
from psnet.lab.values import AUTOMATION_NULL, DotNetError, ExceptionObject, Hashtable, Member, PSObject
from psnet.powershell.syntax import ast
from psnet.powershell.syntax.attribute_facts import simple_name

from . import net
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .frame import Frame

_OBJECT: Final = "System.Object"
_EXCEPTION: Final = "System.Exception"


class DefinedType:
    """A class or an enumeration that a script defined; see ``psnet.lab.dotnet.scripttypes.ScriptType``."""

    def __init__(self, frame: Frame, node: ast.TypeDefinition) -> None:
        self.frame = frame
        self.node = node
        self.name = node.name
        self.base = _OBJECT
        self.interfaces: list[str] = []
        self.values: dict[str, int] | None = None
        self.flags = any(simple_name(each) == "flags" for each in node.attributes if isinstance(each, ast.Attribute))
        self.underlying = "System.Int32"
        self.statics: dict[str, Member] = {}

    # -- definition -------------------------------------------------------------------------------

    def complete(self) -> None:
        """Resolve the bases and evaluate what belongs to the type itself, once all types of a text have names."""
        if self.node.kind == "enum":
            self._enumeration()
            return
        for each in self.node.bases:
            name = self.frame.runspace.resolve_type(each.type_name, self.frame)
            if script_type(name) is not None or derives(name, _EXCEPTION):
                self.base = name
            elif base_chain(name) == (name,) or name.rpartition(".")[2].startswith("I"):
                self.interfaces.append(name)
            elif name != _OBJECT:
                raise net.unsupported(f"a class with the base [{name}]", self.line)
        for member in self.properties(static=True):
            made = self._property(member)
            self.statics[member.name.lower()] = made

    @property
    def line(self) -> int:
        """The line of the definition."""
        return self.frame.source.line_of(self.node.start)

    def _enumeration(self) -> None:
        self.base = "System.Enum"
        if self.node.bases:
            self.underlying = self.frame.runspace.resolve_type(self.node.bases[0].type_name, self.frame)
        self.values = {}
        number = 0
        for member in self.node.members:
            assert isinstance(member, ast.PropertyMember)  # noqa: S101 - an enum has nothing else
            if member.default is not None:
                number = int(net.convert(self.frame.value(member.default), "System.Int64"))
            self.values[member.name] = number
            number += 1

    def parent(self) -> DefinedType | None:
        """Return the class that this one derives from, None where that is .NET's."""
        found = script_type(self.base)
        return found if isinstance(found, DefinedType) else None

    def lineage(self) -> list[DefinedType]:
        """Return this class and those it derives from, the base first."""
        above = self.parent()
        return [*(above.lineage() if above else ()), self]

    def properties(self, *, static: bool) -> list[ast.PropertyMember]:
        """Return the properties that the class itself declares."""
        return [
            member for member in self.node.members if isinstance(member, ast.PropertyMember) and member.static == static
        ]

    def functions(self, *, static: bool, constructor: bool = False) -> list[ast.FunctionMember]:
        """Return the methods or constructors that the class itself declares."""
        return [
            member
            for member in self.node.members
            if isinstance(member, ast.FunctionMember) and member.static == static and member.constructor == constructor
        ]

    # -- objects ----------------------------------------------------------------------------------

    def new(self, arguments: Sequence[Any]) -> Any:
        """Return an object made by a constructor; raises MethodCountCouldNotFindBest."""
        if self.values is not None:
            return net.enum_value(self.name, 0)
        owner = self._blank()
        for each in self.lineage():
            for member in each.properties(static=False):
                owner.members[member.name.lower()] = each._property(member, owner)
            each._attach_methods(owner)
        self.construct(owner, list(arguments))
        return owner

    def _blank(self) -> PSObject:
        chain = base_chain(self.name)
        if _EXCEPTION in chain:
            message = f"Exception of type '{self.name}' was thrown."
            made: PSObject = ExceptionObject(self.name, message, bases=chain[1:])
        else:
            made = PSObject((), chain)
        made.native = made
        return made

    def construct(self, owner: PSObject, arguments: list[Any]) -> None:
        """Run the constructor that takes the arguments."""
        constructors = self.functions(static=False, constructor=True)
        if not constructors:
            if arguments:
                raise no_overload("new", len(arguments))
            above = self.parent()
            if above is not None:
                above.construct(owner, [])
            return
        overloads = [self._overload(member, ".ctor") for member in constructors]
        overload, converted = bind(overloads, arguments, self.name, "new")
        overload.function(owner, *converted)

    def construct_base(self, owner: PSObject, arguments: list[Any]) -> None:
        """Run a constructor of the base: a class of the script, or an exception of .NET."""
        above = self.parent()
        if above is not None:
            above.construct(owner, arguments)
        elif isinstance(owner, ExceptionObject) and arguments:
            if len(arguments) > 2:
                raise net.unsupported("a base constructor of three arguments", self.line)
            owner.message = net.to_string(arguments[0])
            owner.members["message"] = Member("Message", "Property", owner.message)
            owner.to_string = f"{self.name}: {owner.message}"
            inner = net.unwrap(arguments[1]) if len(arguments) == 2 else None
            if isinstance(inner, ExceptionObject):
                owner.inner = inner
                owner.members["innerexception"] = Member("InnerException", "Property", inner)

    def of(self, value: Any) -> Any:
        """Return what ``[Name]value`` gives."""
        base = net.unwrap(value)
        if base is None:
            return None
        if isinstance(base, PSObject) and self.name in base.type_names:
            return value
        if isinstance(base, Hashtable):
            return self._of_table(base)
        takers = [m for m in self.functions(static=False, constructor=True) if len(m.parameters) == 1]
        if not takers:
            raise final_error(value, self.name)
        return self.new([value])

    def _of_table(self, table: Hashtable) -> Any:
        try:
            made = self.new([])
        except DotNetError:
            raise final_error(table, self.name) from None
        for key, value in table.items():
            name = net.to_string(key)
            member = made.members.get(name.lower())
            if member is None or member.setter is None:
                message = (
                    f'Cannot create object of type "{self.name}". The property {name} was not found for the '
                    f"{self.name} object."
                )
                raise runtime_error("ObjectCreationError", message, category="InvalidArgument")
            member.setter(made, value)
        return made

    # -- members ----------------------------------------------------------------------------------

    def _type_of(self, constraint: ast.TypeConstraint | None) -> str:
        return _OBJECT if constraint is None else self.frame.runspace.resolve_type(constraint.type_name, self.frame)

    def _property(self, member: ast.PropertyMember, owner: PSObject | None = None) -> Member:
        kind = self._type_of(member.type_constraint)
        from .attributes import validators_of  # noqa: PLC0415 - cycle
        from .validation import ValidationError, check  # noqa: PLC0415 - cycle

        rules = [
            rule
            for each in member.attributes
            if isinstance(each, ast.Attribute) and simple_name(each).startswith("validate")
            for rule in validators_of(self.frame, each, None)
        ]

        def converted(value: Any) -> Any:
            made = value if kind == _OBJECT else net.convert(value, kind)
            for rule in rules:
                try:
                    check(rule, made)
                except ValidationError as refused:
                    raise DotNetError(
                        make_exception(RUNTIME_EXCEPTION, refused.message), error_id="RuntimeException"
                    ) from refused
            return made

        made = Member(member.name, "Hidden" if member.hidden else "Property", _blank_value(kind))

        def set_value(_: Any, value: Any) -> None:
            made.value = converted(None if value is AUTOMATION_NULL else value)

        made.setter = set_value
        if member.default is not None:
            made.value = converted(self._evaluated(member.default, owner))
        return made

    def _evaluated(self, node: ast.Node, owner: PSObject | None) -> Any:
        from .scope import Scope  # noqa: PLC0415 - cycle

        frame = self.frame.in_scope(Scope(self.frame.scope, self.frame.state))
        if owner is not None:
            frame.scope.put("this", owner)
        with frame.entered():
            value = frame.value(node)
        return None if value is AUTOMATION_NULL else value

    def _attach_methods(self, owner: PSObject) -> None:
        for name, functions in self._by_name(static=False).items():
            own = [self._overload(function, function.name) for function in functions]
            below = owner.members.get(name)
            older: list[Overload] = getattr(below.value, "overloads", []) if below is not None else []
            kept = [each for each in older if not any(_same_signature(each, mine) for mine in own)]
            owner.members[name] = Member(functions[0].name, "Method", _Method(functions[0].name, [*own, *kept]))

    def _by_name(self, *, static: bool) -> dict[str, list[ast.FunctionMember]]:
        found: dict[str, list[ast.FunctionMember]] = {}
        for function in self.functions(static=static):
            found.setdefault(function.name.lower(), []).append(function)
        return found

    def own_method(self, owner: PSObject, name: str, arguments: list[Any]) -> Any:
        """Call a method as this class (or one above it) has it, whatever the object's own class made of it."""
        for each in reversed(self.lineage()):
            functions = each._by_name(static=False).get(name.lower())
            if functions:
                overloads = [each._overload(function, function.name) for function in functions]
                return _Method(functions[0].name, overloads)(owner, arguments)
        return net.MISSING

    def static_call(self, name: str, arguments: list[Any]) -> Any:
        """Call a static method, ``MISSING`` where there is none of that name."""
        for each in reversed(self.lineage()):
            functions = each._by_name(static=True).get(name.lower())
            if functions:
                overloads = [each._overload(function, function.name) for function in functions]
                return _Method(functions[0].name, overloads)(None, arguments)
        return net.MISSING

    def static_member(self, name: str) -> Member | None:
        """Return a static property of this class or one above it."""
        for each in reversed(self.lineage()):
            if name.lower() in each.statics:
                return each.statics[name.lower()]
        return None

    def _overload(self, function: ast.FunctionMember, name: str) -> Overload:
        parameters = tuple(_parameter(self, parameter) for parameter in function.parameters)
        returns = "System.Void" if function.constructor else self._type_of(function.returns)
        shown = ", ".join(f"{each.type_name} {each.name}" for each in parameters)
        text = f"{returns} {name}({shown})"
        return Overload(self.name, returns, name, parameters, self._runner(function, returns), definition=text)

    def _runner(self, function: ast.FunctionMember, returns: str) -> Callable[..., Any]:
        def run(owner: PSObject | None, *arguments: Any) -> Any:
            value = _run_body(self, function, owner, list(arguments))
            if returns == "System.Void":
                return AUTOMATION_NULL
            value = None if value is AUTOMATION_NULL else value
            return value if returns == _OBJECT else net.convert(value, returns)

        return run


class _Method:
    """A method with its overloads; called with the object and the arguments."""

    def __init__(self, name: str, overloads: list[Overload]) -> None:
        self.name, self.overloads = name, overloads

    def __call__(self, owner: Any, arguments: list[Any]) -> Any:
        overload, converted = bind(self.overloads, arguments, self.overloads[0].owner, self.name)
        return overload.function(owner, *converted)


def _parameter(owner: DefinedType, node: ast.Parameter) -> Parameter:
    assert node.variable is not None  # noqa: S101 - the parser gives every parameter its variable
    constraint = next((each for each in node.attributes if isinstance(each, ast.TypeConstraint)), None)
    kind = owner._type_of(constraint)
    return Parameter(kind, node.variable.path, ref=kind == "System.Management.Automation.PSReference")


def _same_signature(one: Overload, other: Overload) -> bool:
    return [each.type_name for each in one.parameters] == [each.type_name for each in other.parameters]


def _blank_value(kind: str) -> Any:
    """Return what a property without a default value holds: zero of value types, null of the others."""
    if kind == _OBJECT or not net.is_value_type(kind) or kind.startswith("System.Nullable"):
        return None
    found = script_type(kind)
    return net.enum_value(kind, 0) if found is not None else net.default_instance(kind)


def _run_body(owner: DefinedType, function: ast.FunctionMember, this: PSObject | None, arguments: list[Any]) -> Any:
    """Run a method's text: only what ``return`` gives comes out, and every error ends it."""
    assert function.body is not None  # noqa: S101 - the parser gives every method a body
    runspace = owner.frame.runspace
    block = ScriptBlock(function.body, owner.frame.source, owner.frame.state, parameters=function.parameters)
    runspace.class_stack.append(owner)
    before, runspace.in_try = runspace.in_try, True
    try:
        return runspace.run_method(block, this, arguments)
    finally:
        runspace.in_try = before
        runspace.class_stack.pop()


def base_constructor(frame: Frame, node: Any) -> Any:
    """``: base(...)``, which the parser puts at a constructor's beginning."""
    stack: list[DefinedType] = frame.runspace.class_stack
    this = frame.scope.value("this")
    arguments = [None if (v := frame.value(each)) is AUTOMATION_NULL else v for each in node.arguments]
    stack[-1].construct_base(this, arguments)
    return AUTOMATION_NULL


def define(frame: Frame, statements: Sequence[Any]) -> None:
    """Define the types among statements; they know each other, in any order."""
    nodes = [node for node in statements if isinstance(node, ast.TypeDefinition)]
    types = frame.runspace.script_types
    made = [DefinedType(frame, node) for node in nodes]
    for each in made:
        types[each.name.lower()] = each
    waiting = sorted(made, key=lambda each: each.node.kind != "enum")
    for each in waiting:
        try:
            each.complete()
        except UnsupportedError as refused:
            if refused.line is None:
                raise UnsupportedError(refused.construct, each.line) from refused
            raise


def type_definition(frame: Frame, node: ast.TypeDefinition) -> None:
    """Define a type where the statement stands, unless its text's beginning did it."""
    known = frame.runspace.script_types.get(node.name.lower())
    if known is None or known.node is not node:
        define(frame, [node])
