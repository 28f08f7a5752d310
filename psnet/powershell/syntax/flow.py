"""Flow through a method: whether every path returns, and which variables are read before they are set.

The graph is built as the engine's variable analysis builds it, its simplifications included (a try block
may not have run, a command may leave a loop); so both say the same of the same method.
"""

# ruff: noqa: SIM905 - tables of words read best as words
# ruff: noqa: SLF001 - the table of handlers belongs to the class

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import ast
from .paths import variable_path
from .visit import children, pure_expression, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AUTOMATIC: Final = frozenset(
    "_ psitem args this input pscmdlet psboundparameters myinvocation psscriptroot pscommandpath ?".split()
)


class _Block:
    """A run of code without branches; ``events`` are variables read and names set, in order."""

    __slots__ = ("events", "leaves", "predecessors", "reachable", "state", "successors")

    def __init__(self, *, reachable: bool = False) -> None:
        self.events: list[ast.VariableExpression | str] = []
        self.successors: list[_Block] = []
        self.predecessors: list[_Block] = []
        self.reachable = reachable
        self.leaves = False
        self.state: frozenset[str] | None = None

    def to(self, other: _Block) -> None:
        if other not in self.successors:
            other.reachable = other.reachable or self.reachable
            self.successors.append(other)
            other.predecessors.append(self)


class Flow:
    """The analysis of one method.

    ``returns`` says whether all paths return or throw; ``unset`` holds the ids of the variable nodes that
    may be read before anything is assigned to them.
    """

    def __init__(self, member: ast.FunctionMember) -> None:
        self._entry = self._current = _Block(reachable=True)
        self._exit = _Block()
        self._loops: list[tuple[str, _Block, _Block]] = []
        self._dynamic: set[str] = set()
        self._ready: set[str] = set()
        self.unset: set[int] = set()
        for parameter in member.parameters:
            if parameter.variable is not None:
                name = self._name(parameter.variable)
                self._entry.events.append(name)
                if any(isinstance(one, ast.Attribute) for one in parameter.attributes):
                    self._dynamic.add(name)
        if member.body is not None:
            blocks = (member.body.dynamicparam, member.body.begin, member.body.process, member.body.end_block)
            for block in blocks:
                self._all(statements_of(block))
        self._current.to(self._exit)
        self.returns = all(block.leaves or not block.reachable for block in self._exit.predecessors)
        self._find_unset()

    @staticmethod
    def _name(variable: ast.VariableExpression) -> str:
        return variable_path(variable.path).name.lower()

    # -- definite assignment --------------------------------------------------------------------

    def _order(self) -> list[_Block]:
        """Return the reachable blocks in reverse depth-first order."""
        seen: set[int] = {id(self._entry)}
        order: list[_Block] = []
        stack = [(self._entry, iter(self._entry.successors))]
        while stack:
            block, rest = stack[-1]
            follower = next((one for one in rest if id(one) not in seen), None)
            if follower is None:
                order.append(block)
                stack.pop()
            else:
                seen.add(id(follower))
                stack.append((follower, iter(follower.successors)))
        return order[::-1]

    def _find_unset(self) -> None:
        for block in self._order():
            states = [one.state for one in block.predecessors if one.state is not None]
            state = set(frozenset.intersection(*states)) if states else set()
            for event in block.events:
                if isinstance(event, str):
                    state.add(event)
                elif self._name(event) not in state:
                    self.unset.add(id(event))
            block.state = frozenset(state)

    def _read(self, node: ast.VariableExpression) -> None:
        path = variable_path(node.path)
        name = path.name.lower()
        if path.drive or path.scope in {"global", "script"}:
            return
        if name in _AUTOMATIC or name in self._dynamic or name in self._ready:
            return
        self._current.events.append(node)

    # -- statements -----------------------------------------------------------------------------

    def _all(self, nodes: tuple[ast.Node, ...]) -> None:
        for node in nodes:
            self._visit(node)

    def _some(self, node: ast.Node | None) -> None:
        if node is not None:
            self._visit(node)

    def _visit(self, node: ast.Node) -> None:
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            for child in children(node):
                self._visit(child)

    def _skip(self, node: ast.Node) -> None:
        """Leave out what has variables of its own."""

    def _variable(self, node: ast.VariableExpression) -> None:
        self._read(node)

    def _block(self, node: ast.StatementBlock) -> None:
        self._all(node.statements)

    def _if(self, node: ast.IfStatement) -> None:
        after = _Block()
        if node.else_block is None:
            self._current.to(after)
        for index, (condition, body) in enumerate(node.clauses):
            last = index == len(node.clauses) - 1 and node.else_block is None
            inside, following = _Block(), after if last else _Block()
            self._visit(condition)
            self._current.to(inside)
            self._current.to(following)
            self._current = inside
            self._visit(body)
            self._current.to(after)
            self._current = following
        if node.else_block is not None:
            self._visit(node.else_block)
            self._current.to(after)
        self._current = after

    def _while(
        self,
        label: str | None,
        condition: Callable[[], None] | None,
        body: Callable[[], None],
        iterator: ast.Node | None = None,
    ) -> None:
        again = _Block()
        if iterator is not None:
            test = _Block()
            self._current.to(test)
            self._current = again
            self._visit(iterator)
            self._current.to(test)
            self._current = test
        else:
            self._current.to(again)
            self._current = again
        inside, after = _Block(), _Block()
        if condition is not None:
            condition()
            self._current.to(after)
        self._loops.append(((label or "").lower(), after, again))
        self._current.to(inside)
        self._current = inside
        body()
        self._current.to(again)
        self._current = after
        self._loops.pop()

    def _while_statement(self, node: ast.WhileStatement) -> None:
        self._while(node.label, lambda: self._some(node.cond), lambda: self._some(node.body))

    def _for(self, node: ast.ForStatement) -> None:
        self._some(node.init)
        condition = None if node.cond is None else lambda: self._some(node.cond)
        self._while(node.label, condition, lambda: self._some(node.body), node.iter)

    def _foreach(self, node: ast.ForEachStatement) -> None:
        self._ready.add("foreach")
        after = _Block()

        def condition() -> None:
            self._some(node.expression)
            self._current.to(after)
            if node.variable is not None:
                self._current.events.append(self._name(node.variable))

        self._while(node.label, condition, lambda: self._some(node.body))
        self._current.to(after)
        self._current = after

    def _switch(self, node: ast.SwitchStatement) -> None:
        self._ready.add("switch")

        def body() -> None:
            after = _Block()
            for index, (test, clause) in enumerate(node.clauses):
                last = index == len(node.clauses) - 1 and node.default is None
                inside, following = _Block(), after if last else _Block()
                self._visit(test)
                self._current.to(following)
                self._current.to(inside)
                self._current = inside
                self._visit(clause)
                if not last:
                    self._current.to(following)
                    self._current = following
            if node.default is not None:
                self._current.to(after)
                self._visit(node.default)
            self._current.to(after)
            self._current = after

        self._while(node.label, lambda: self._some(node.on), body)

    def _do(self, node: ast.DoWhileStatement | ast.DoUntilStatement) -> None:
        again, inside, after, repeat = _Block(), _Block(), _Block(), _Block()
        self._loops.append(((node.label or "").lower(), after, again))
        self._current.to(inside)
        self._current = inside
        self._some(node.body)
        self._current.to(again)
        self._current = again
        self._some(node.cond)
        self._current.to(after)
        self._current.to(repeat)
        repeat.to(inside)
        self._current = after
        self._loops.pop()

    def _try(self, node: ast.TryStatement) -> None:
        start = self._current
        self._current = _Block()
        start.to(self._current)
        self._some(node.body)
        tried = self._current
        final = _Block() if node.finally_block is not None else None
        after = _Block()
        for clause in node.catches:
            self._current = _Block()
            start.to(self._current)
            self._some(clause.body)
            self._current.to(final or after)
        if final is None:
            tried.to(after)
        else:
            tried.to(final)
            self._current = final
            self._some(node.finally_block)
            self._current.to(after)
            if all(clause.types for clause in node.catches):
                start.to(final)
                rethrow = _Block()
                self._current.to(rethrow)
                rethrow.leaves = True
                rethrow.to(self._exit)
        self._current = after

    def _leave(self, node: ast.ReturnStatement | ast.ThrowStatement | ast.ExitStatement) -> None:
        self._some(node.pipeline)
        self._current.to(self._exit)
        self._current.leaves = True
        self._current = _Block()

    def _jump(self, node: ast.BreakStatement | ast.ContinueStatement) -> None:
        self._some(node.label)
        which = 1 if isinstance(node, ast.BreakStatement) else 2
        targets = self._loops
        if node.label is not None:
            name = node.label.value.lower() if isinstance(node.label, ast.StringConstantExpression) else None
            targets = [one for one in self._loops if one[0] == name]
        if targets:
            target = targets[-1][which]
            assert isinstance(target, _Block)  # noqa: S101 - the tuple's first item is its label
            self._current.to(target)
        else:
            self._current.to(self._exit)
            self._current.leaves = True
        self._current = _Block()

    def _data(self, node: ast.DataStatement) -> None:
        self._some(node.body)
        if node.variable is not None:
            self._current.events.append(node.variable.lower())

    # -- expressions ----------------------------------------------------------------------------

    def _targets(self, node: ast.Node | None) -> Iterator[ast.Node]:
        if isinstance(node, ast.ParenExpression):
            yield from self._targets(pure_expression(node.pipeline))
        elif isinstance(node, ast.ArrayLiteral):
            for element in node.elements:
                yield from self._targets(element)
        elif node is not None:
            yield node

    def _assignment(self, node: ast.AssignmentStatement) -> None:
        self._some(node.right)
        for target in self._targets(node.left):
            inner: ast.Node | None = target
            converts = 0
            attributes = False
            while isinstance(inner, ast.ConvertExpression | ast.AttributedExpression):
                converts += 1
                attributes = attributes or isinstance(inner, ast.AttributedExpression)
                inner = inner.operand
            if not isinstance(inner, ast.VariableExpression):
                self._visit(target)
                continue
            path = variable_path(inner.path)
            if path.drive or path.scope in {"global", "script"}:
                continue
            if attributes or converts > 1:
                self._dynamic.add(self._name(inner))
            self._current.events.append(self._name(inner))

    def _pipeline(self, node: ast.Pipeline) -> None:
        for element in node.elements:
            self._visit(element)
        if self._loops and any(isinstance(element, ast.Command) for element in node.elements):
            for _, after, again in self._loops:
                self._current.to(after)
                self._current.to(again)
            following = _Block()
            self._current.to(following)
            self._current = following

    def _binary(self, node: ast.BinaryExpression) -> None:
        self._some(node.left)
        if node.operator not in {"And", "Or"}:
            self._some(node.right)
            return
        after, following = _Block(), _Block()
        self._current.to(after)
        self._current.to(following)
        self._current = following
        self._some(node.right)
        self._current.to(after)
        self._current = after

    def _ternary(self, node: ast.TernaryExpression) -> None:
        self._some(node.condition)
        start, after = self._current, _Block()
        for branch in (node.if_true, node.if_false):
            self._current = _Block()
            start.to(self._current)
            self._some(branch)
            self._current.to(after)
        self._current = after


_HANDLERS: Final[dict[type[ast.Node], Callable[[Flow, Any], None]]] = {
    ast.VariableExpression: Flow._variable,
    ast.StatementBlock: Flow._block,
    ast.IfStatement: Flow._if,
    ast.WhileStatement: Flow._while_statement,
    ast.ForStatement: Flow._for,
    ast.ForEachStatement: Flow._foreach,
    ast.SwitchStatement: Flow._switch,
    ast.DoWhileStatement: Flow._do,
    ast.DoUntilStatement: Flow._do,
    ast.TryStatement: Flow._try,
    ast.ReturnStatement: Flow._leave,
    ast.ThrowStatement: Flow._leave,
    ast.ExitStatement: Flow._leave,
    ast.BreakStatement: Flow._jump,
    ast.ContinueStatement: Flow._jump,
    ast.DataStatement: Flow._data,
    ast.AssignmentStatement: Flow._assignment,
    ast.Pipeline: Flow._pipeline,
    ast.BinaryExpression: Flow._binary,
    ast.TernaryExpression: Flow._ternary,
    ast.ScriptBlockExpression: Flow._skip,
    ast.FunctionDefinition: Flow._skip,
    ast.TypeDefinition: Flow._skip,
    ast.ConfigurationDefinition: Flow._skip,
    ast.UsingExpression: Flow._skip,
    ast.BaseCtorInvokeMemberExpression: Flow._skip,
    ast.TypeConstraint: Flow._skip,
    ast.Attribute: Flow._skip,
    ast.TrapStatement: Flow._skip,
    ast.ErrorStatement: Flow._skip,
    ast.ErrorExpression: Flow._skip,
}
