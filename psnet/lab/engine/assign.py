"""Assignment: to variables, typed variables, several targets, elements and members; ``++`` and ``[ref]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet import operators
from psnet.lab.values import AUTOMATION_NULL, Array, Reference
from psnet.powershell.syntax import ast
from psnet.powershell.syntax.attribute_facts import simple_name

from . import net
from .indexing import get_index, set_index
from .members import get_property, set_property, static_get, static_set
from .scope import Variable
from .typed import attribute_types, converter, variable_steps
from .values_of import pure_expression, statement_value
from .variables import SCOPES, assign_path, lookup, split_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame

_COMPOUND: Final = {
    "PlusEquals": "+",
    "MinusEquals": "-",
    "MultiplyEquals": "*",
    "DivideEquals": "/",
    "RemainderEquals": "%",
}


def assign_statement(frame: Frame, node: ast.AssignmentStatement) -> None:
    """An assignment as a statement: it writes nothing."""
    assign(frame, node)
    frame.runspace.succeeded = frame.runspace.succeeded if _is_command(node.right) else True


def _is_command(node: ast.Node | None) -> bool:
    return isinstance(node, ast.Pipeline) and not isinstance(node.elements[0], ast.CommandExpression)


def assign(frame: Frame, node: ast.AssignmentStatement) -> Any:
    """Do an assignment and return what was assigned."""
    assert node.left is not None  # noqa: S101 - an assignment has two sides
    assert node.right is not None  # noqa: S101 - an assignment has two sides
    if node.operator == "Equals":
        value = statement_value(frame, node.right)
        store(frame, node.left, value)
        return value
    target = Target(frame, node.left)
    if node.operator == "QuestionQuestionEquals":
        old = target.get()
        if old is not None and old is not AUTOMATION_NULL:
            return old
        value = statement_value(frame, node.right)
    else:
        old = target.get()
        right = statement_value(frame, node.right)
        value = operators.binary(_COMPOUND[node.operator], old, right)
    target.set(value)
    return value


class Target:
    """Something that can be read and assigned; its parts are evaluated once."""

    def __init__(self, frame: Frame, node: ast.Node) -> None:
        self.get: Callable[[], Any]
        self.set: Callable[[Any], None]
        while isinstance(node, ast.ParenExpression) and node.pipeline is not None:
            inner = pure_expression(node.pipeline)
            if inner is None:
                break
            node = inner
        if isinstance(node, ast.MemberExpression) and not isinstance(node, ast.InvokeMemberExpression):
            self._member(frame, node)
        elif isinstance(node, ast.IndexExpression):
            self._index(frame, node)
        else:
            self.get = lambda: _own_value(frame, _readable(node))
            self.set = lambda value: store(frame, node, value)

    def _member(self, frame: Frame, node: ast.MemberExpression) -> None:
        assert node.object is not None  # noqa: S101 - a member has an object
        assert node.member is not None  # noqa: S101 - a member has a name
        owner = frame.value(node.object)
        name = frame.value(node.member)
        if node.static:
            self.get = lambda: static_get(frame, owner, net.to_string(name))
            self.set = lambda value: static_set(frame, owner, net.to_string(name), value)
            return
        self.get = lambda: get_property(frame, owner, name)
        self.set = lambda value: set_property(frame, owner, name, value)

    def _index(self, frame: Frame, node: ast.IndexExpression) -> None:
        assert node.target is not None  # noqa: S101 - an index has a target
        assert node.index is not None  # noqa: S101 - an index has an index
        owner = frame.value(node.target)
        index = frame.value(node.index)
        self.get = lambda: get_index(frame, owner, index)
        self.set = lambda value: set_index(frame, owner, index, value)


def _own_value(frame: Frame, node: ast.Node) -> Any:
    """Return what a compound assignment reads: code with a scope of its own sees only its own variable.

    The engine gives the variables that such code assigns fixed places; those are read even while they are empty.
    """
    if isinstance(node, ast.VariableExpression) and frame.processor is not None and frame.processor.owns_scope:
        prefix, name = split_path(node.path)
        if not prefix and name.lower() not in frame.scope.variables:
            return None
    return frame.value(node)


def _readable(node: ast.Node) -> ast.Node:
    while isinstance(node, ast.ConvertExpression | ast.AttributedExpression):
        assert node.operand is not None  # noqa: S101 - both have operands
        node = node.operand
    return node


def store(frame: Frame, node: ast.Node, value: Any) -> None:
    """Assign a value to a target."""
    if isinstance(node, ast.VariableExpression):
        assign_path(frame, node.path, value)
    elif isinstance(node, ast.ArrayLiteral):
        _store_several(frame, node.elements, value)
    elif isinstance(node, ast.ConvertExpression | ast.AttributedExpression):
        _store_constrained(frame, node, value)
    elif isinstance(node, ast.MemberExpression | ast.IndexExpression | ast.ParenExpression):
        if isinstance(node, ast.ParenExpression):
            inner = pure_expression(node.pipeline) if node.pipeline is not None else None
            if isinstance(inner, ast.ArrayLiteral | ast.VariableExpression):
                store(frame, inner, value)
                return
        Target(frame, node).set(None if value is AUTOMATION_NULL else value)
    else:
        raise net.unsupported("this kind of assignment target", frame.source.line_of(node.start))


def _store_several(frame: Frame, targets: tuple[ast.Node, ...], value: Any) -> None:
    items = net.enumerate_collection(value)
    if items is None:
        items = [] if value is AUTOMATION_NULL or value is None else [value]
    last = len(targets) - 1
    for at, target in enumerate(targets):
        if at < last:
            store(frame, target, items[at] if at < len(items) else None)
        elif len(items) > len(targets):
            store(frame, target, Array(items[at:]))
        else:
            store(frame, target, items[at] if at < len(items) else None)


def _store_constrained(frame: Frame, node: ast.Node, value: Any) -> None:
    """Assign to ``[int]$x`` or ``[ValidateSet('a')]$x``; the variable keeps its constraint."""
    from .attributes import validators_of  # noqa: PLC0415 - only constrained variables

    steps: list[Callable[[Any], Any]] = []
    validators: list[Any] = []
    while isinstance(node, ast.ConvertExpression | ast.AttributedExpression):
        if isinstance(node, ast.ConvertExpression):
            assert node.type_constraint is not None  # noqa: S101 - a cast has a type
            name = frame.runspace.resolve_type(node.type_constraint.type_name, frame)
            steps.insert(0, converter(name))
        elif isinstance(node.attribute, ast.Attribute) and simple_name(node.attribute) not in _ALLOWING:
            validators[:0] = validators_of(frame, node.attribute, None)
        assert node.operand is not None  # noqa: S101 - both have operands
        node = node.operand
    if not isinstance(node, ast.VariableExpression):
        for step in steps:
            value = step(value)
        store(frame, node, value)
        return
    made = Variable(node.path, None)
    prefix, name = split_path(node.path)
    if prefix and prefix not in SCOPES:
        raise net.unsupported("a type constraint on a drive's variable", frame.line)
    made.name = name
    made.steps = variable_steps(name, tuple(steps), tuple(validators))
    made.attributes = attribute_types(len(steps), validators)
    scope = {"global": frame.scope.global_scope(), "script": frame.scope.script()}.get(prefix, frame.scope)
    old = lookup(scope, "local", name)
    if old is not None and old.options & {"readonly", "constant"}:
        old.set(value)
    made.set(None if value is AUTOMATION_NULL else value)
    scope.variables[name.lower()] = made


_ALLOWING: Final = {"allownull", "allowemptystring", "allowemptycollection"}


def step_operand(frame: Frame, node: ast.UnaryExpression) -> Any:
    """``++`` and ``--``, before and after."""
    assert node.operand is not None  # noqa: S101 - unary has an operand
    target = Target(frame, node.operand)
    old = target.get()
    new = operators.increment(None if old is AUTOMATION_NULL else old, 1 if "Plus" in node.operator else -1)
    target.set(new)
    if node.operator.startswith("Postfix"):
        return 0 if old is None else old
    return new


def reference_to(frame: Frame, node: ast.Node) -> Reference:
    """``[ref]$x``: a reference to the variable; of anything else, to a copy of its value."""
    inner = node
    if isinstance(inner, ast.VariableExpression):
        prefix, name = split_path(inner.path)
        if not prefix and name.lower() == "null":
            return Reference(lambda: None, lambda _: None)
        if not prefix or prefix in SCOPES:
            found = lookup(frame.scope, prefix, name)
            if found is None:
                assign_path(frame, inner.path, None)
                found = lookup(frame.scope, prefix, name)
            assert found is not None  # noqa: S101 - it was just made
            return Reference(found.get, found.set)
    value = frame.value(node)
    if isinstance(net.unwrap(value), Reference):
        return net.unwrap(value)  # type: ignore[no-any-return]
    box = [value]
    return Reference(lambda: box[0], lambda new: box.__setitem__(0, new))
