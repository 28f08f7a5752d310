"""A frame: one script block while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL

from . import net
from .extent import Extent
from .trace import stack_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psnet.powershell.syntax.ast import Node

    from .extent import Source
    from .processor import CommandProcessor
    from .runspace import Runspace
    from .scope import Scope, SessionState
    from .streams import Streams


class Frame:
    """Scope, streams, text and place of running code. ``out`` takes objects as they are, ``emit`` enumerates.

    ``returned`` takes what ``return`` gives in a method of a class, None elsewhere.
    """

    __slots__ = (
        "expressions",
        "node",
        "out",
        "parent",
        "processor",
        "returned",
        "runspace",
        "scope",
        "source",
        "state",
        "statements",
        "streams",
        "traps",
    )

    def __init__(
        self,
        runspace: Runspace,
        scope: Scope,
        state: SessionState,
        out: Callable[[Any], None],
        streams: Streams,
        source: Source,
        *,
        processor: CommandProcessor | None = None,
        parent: Frame | None = None,
    ) -> None:
        self.runspace = runspace
        self.scope = scope
        self.state = state
        self.out = out
        self.streams = streams
        self.source = source
        self.processor = processor
        self.parent = parent
        self.node: Node | None = None
        self.traps: Sequence[Node] = ()
        self.returned: list[Any] | None = None
        self.expressions = runspace.expressions
        self.statements = runspace.statements

    def value(self, node: Node) -> Any:
        """Evaluate an expression."""
        return self.expressions[type(node)](self, node)

    def execute(self, node: Node) -> None:
        """Execute a statement; what it writes goes to ``out``."""
        self.statements[type(node)](self, node)

    def emit(self, value: Any) -> None:
        """Write a value, a collection's elements one by one."""
        items = net.enumerate_output(value)
        if items is None:
            if value is not AUTOMATION_NULL:
                self.out(value)
        else:
            out = self.out
            for item in items:
                out(item)

    def run(self, statements: Sequence[Node], traps: Sequence[Node] = ()) -> None:
        """Execute statements; errors go the way the error preference says."""
        from .statements import run_statements  # noqa: PLC0415 - statements import frames

        run_statements(self, statements, traps)

    def captured(self, run: Callable[[], None]) -> list[Any]:
        """Run something and return what it wrote."""
        kept: list[Any] = []
        before = self.out
        self.out = kept.append
        try:
            run()
        finally:
            self.out = before
        return kept

    @property
    def line(self) -> int:
        """The line that runs now."""
        return self.source.line_of(self.node.start) if self.node else 0

    @property
    def extent(self) -> Extent | None:
        """The part that runs now."""
        return Extent(self.source, self.node.start, self.node.end) if self.node else None

    def extent_of(self, node: Node) -> Extent:
        """Return where a node was written."""
        return Extent(self.source, node.start, node.end)

    def stack_trace(self) -> str:
        """Return the script's stack as ScriptStackTrace shows it."""
        lines: list[str] = []
        frame: Frame | None = self
        while frame is not None and len(lines) < 200:
            if frame.source.text or frame.source.file or frame.parent is not None or not lines:
                lines.append(stack_line(frame))
            frame = frame.parent
        return "\r\n".join(lines)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make this frame's scope the current one of its session state."""
        before = self.state.current
        self.state.current = self.scope
        try:
            yield
        finally:
            self.state.current = before

    def in_scope(self, scope: Scope) -> Frame:
        """Return a frame for the same text and streams in another scope."""
        return Frame(
            self.runspace,
            scope,
            scope.state,
            self.out,
            self.streams,
            self.source,
            processor=self.processor,
            parent=self.parent,
        )
