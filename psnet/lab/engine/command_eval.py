"""Pipelines and commands in a script: from the syntax tree to processors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import runtime_error
from psnet.lab.values import AUTOMATION_NULL, DotNetError
from psnet.powershell.syntax import ast

from . import net
from .arguments import MISSING, Argument, splat
from .commands import CommandInfo
from .faults import record_for
from .flow import ScriptError
from .pipeline import link, run
from .records import InvocationInfo
from .redirect import Redirection
from .scriptblock import ScriptBlock
from .values_of import statement_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame
    from .processor import CommandProcessor


def pipeline_statement(frame: Frame, node: ast.Pipeline) -> None:
    """Run a pipeline; its output goes to the frame's."""
    if node.background:
        raise net.unsupported("a background pipeline (&)", frame.source.line_of(node.start))
    elements = node.elements
    first = elements[0]
    if isinstance(first, ast.CommandExpression):
        if len(elements) == 1 and not first.redirections:
            _expression(frame, first)
            return
        if len(elements) == 1:
            redirected(frame, first.redirections, lambda inner: _expression(inner, first))
            return
        feed = _expression_feed(frame, first)
        run_commands(frame, elements[1:], feed)
        return
    run_commands(frame, elements, None)


def expression_statement(frame: Frame, node: ast.CommandExpression) -> None:
    """Run an expression with redirections where a statement's value is wanted: ``$x = 1 2>$null``."""
    redirected(frame, node.redirections, lambda inner: _expression(inner, node))


def _expression(frame: Frame, node: ast.CommandExpression) -> None:
    expression = node.expression
    assert expression is not None  # noqa: S101 - the parser gives it one
    value = frame.value(expression)
    frame.runspace.succeeded = True
    if isinstance(expression, ast.UnaryExpression) and expression.operator.endswith(("PlusPlus", "MinusMinus")):
        return
    frame.emit(value)


def _expression_feed(frame: Frame, node: ast.CommandExpression) -> Callable[[Callable[[Any], None]], None]:
    def feed(sink: Callable[[Any], None]) -> None:
        expression = node.expression
        assert expression is not None  # noqa: S101 - the parser gives it one
        if node.redirections:
            redirected(frame, node.redirections, lambda inner: _expression(inner, node), out=sink)
            return
        value = statement_value(frame, expression)
        items = net.enumerate_output(value)
        if items is not None:
            for item in items:
                sink(item)
        elif value is not AUTOMATION_NULL:
            sink(value)

    return feed


def redirected(
    frame: Frame,
    redirections: tuple[ast.Node, ...],
    work: Callable[[Frame], None],
    out: Callable[[Any], None] | None = None,
) -> None:
    """Run something with redirections in force."""
    redirection = Redirection(frame, redirections)
    before = frame.out, frame.streams
    frame.out, frame.streams = redirection.apply(out or frame.out, frame.streams)
    try:
        work(frame)
    finally:
        frame.out, frame.streams = before
        redirection.close()


def run_commands(
    frame: Frame,
    elements: tuple[ast.Node, ...],
    feed: Callable[[Callable[[Any], None]], None] | None,
) -> None:
    """Run commands joined by pipes."""
    processors: list[CommandProcessor] = []
    redirections: list[Redirection | None] = []
    try:
        for at, element in enumerate(elements):
            assert isinstance(element, ast.Command)  # noqa: S101 - the parser allows nothing else here
            processor, arguments = make_processor(frame, element)
            processor.expecting_input = feed is not None or at > 0
            processor.invocation.length = len(elements)
            processor.invocation.position = at + 1
            redirection = Redirection(frame, element.redirections) if element.redirections else None
            redirections.append(redirection)
            if redirection is not None:
                _, processor.streams = redirection.apply(_late(processor), processor.streams)
            processor.prepare(arguments)
            processors.append(processor)
        link(processors, frame.out)
        for processor, redirection in zip(processors, redirections, strict=True):
            if redirection is not None:
                processor.out = redirection.output(processor.out)
        frame.runspace.succeeded = run(processors, feed)
    except ScriptError:
        frame.runspace.succeeded = False
        for processor in processors:
            processor.close()
        raise
    finally:
        for redirection in redirections:
            if redirection is not None:
                redirection.close()


def _late(processor: CommandProcessor) -> Callable[[Any], None]:
    """Return an output that is the processor's when it is used, not when it is made."""
    return lambda value: processor.out(value)


def _not_found(frame: Frame, thrown: DotNetError, head: ast.Node, name: str) -> ScriptError:
    """Return the error of a command that does not exist: it stands where its name does."""
    failed = ScriptError(record_for(thrown))
    failed.record.invocation = InvocationInfo(None, frame.extent_of(head), name)
    return failed


def make_processor(frame: Frame, node: ast.Command) -> tuple[CommandProcessor, list[Argument]]:
    """Find a command and evaluate its arguments."""
    elements = list(node.elements)
    head = elements.pop(0)
    dotted = node.invocation == "Dot"
    state = None
    extent = frame.extent_of(node)
    name: Any
    name = head.value if isinstance(head, ast.StringConstantExpression) else frame.value(head)
    base = net.unwrap(name)
    if node.invocation is not None and frame.runspace.is_module(base) and elements:
        state = base.state
        name = frame.value(elements.pop(0))
        base = net.unwrap(name)
    arguments = command_arguments(frame, elements)
    if isinstance(base, ScriptBlock):
        block = base.bound_to(state) if state is not None else base
        return frame.runspace.block_processor(frame, block, extent, dotted=dotted), arguments
    if isinstance(base, CommandInfo):
        return frame.runspace.processor_for(frame, base, extent, base.name, dotted=dotted), arguments
    text = "" if base is None or base is AUTOMATION_NULL else net.to_string(name)
    if not text.strip():
        symbol = "." if dotted else "&"
        raise runtime_error(
            "BadExpression",
            f"The expression after '{symbol}' in a pipeline element produced an object that was not valid. It must "
            "result in a command name, a script block, or a CommandInfo object.",
        )
    strict = frame.scope.strict_version()
    try:
        command = frame.runspace.find_command(text, frame, state)
    except DotNetError as thrown:
        raise _not_found(frame, thrown, head, text) from thrown
    if strict is not None and strict >= (2, 0) and _called_like_a_method(frame, node, command):
        raise runtime_error(
            "StrictModeFunctionCallWithParens",
            "The function or command was called as if it were a method. Parameters should be separated by spaces. For "
            "information about parameters, see the about_Parameters Help topic.",
        )
    return frame.runspace.processor_for(frame, command, extent, text, dotted=dotted), arguments


def _called_like_a_method(frame: Frame, node: ast.Command, command: CommandInfo) -> bool:
    """Say whether this is ``f(1, 2)``: one argument, in parentheses, joined to a function's name."""
    if len(node.elements) != 2 or command.kind not in {"Function", "Filter"}:
        return False
    head, argument = node.elements
    if not isinstance(argument, ast.ParenExpression) or head.end != argument.start:
        return False
    pipeline = argument.pipeline
    inner = pipeline.elements[0] if isinstance(pipeline, ast.Pipeline) else None
    _ = frame
    return isinstance(inner, ast.CommandExpression) and isinstance(inner.expression, ast.ArrayLiteral)


def command_arguments(frame: Frame, elements: list[ast.Node]) -> list[Argument]:
    """Evaluate a command's arguments."""
    found: list[Argument] = []
    ended = False
    for element in elements:
        if not ended and isinstance(element, ast.CommandParameter) and element.name == "-":
            ended = True
            found.append(Argument(value="--", dashes=True))
            continue
        if isinstance(element, ast.CommandParameter):
            value = MISSING if element.argument is None else _argument_value(frame, element.argument)
            found.append(Argument(element.name, value, colon=element.argument is not None))
        elif isinstance(element, ast.VariableExpression) and element.splatted:
            plain = ast.VariableExpression(element.start, element.end, element.path)
            found.extend(splat(net.unwrap(frame.value(plain))))
        else:
            text = None
            if isinstance(element, ast.ConstantExpression):
                text = frame.source.slice(element)
            found.append(Argument(value=_argument_value(frame, element), text=text))
    return found


def _argument_value(frame: Frame, node: ast.Node) -> Any:
    value = frame.value(node)
    return None if value is AUTOMATION_NULL else value


def pipeline_chain(frame: Frame, node: ast.PipelineChain) -> None:
    """``left && right`` and ``left || right``."""
    if node.background:
        raise net.unsupported("a background pipeline (&)", frame.source.line_of(node.start))
    from .faults import script_error  # noqa: PLC0415 - cycle
    from .statements import handle  # noqa: PLC0415 - cycle

    assert node.left is not None  # noqa: S101 - a chain has two sides
    assert node.right is not None  # noqa: S101 - a chain has two sides
    try:
        frame.execute(node.left)
    except (ScriptError, net.DotNetError) as thrown:
        handle(frame, script_error(frame, thrown))
    if frame.runspace.succeeded == (node.operator == "AndAnd"):
        frame.execute(node.right)
