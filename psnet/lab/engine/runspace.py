"""A runspace: one PowerShell session on a host."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.context import using
from psnet.lab.dotnet.errors import make_exception, runtime_error
from psnet.lab.values import AUTOMATION_NULL, ArrayList, DotNetError
from psnet.powershell.syntax import ParseErrors, parse

from . import net
from .automatic import automatic_value, populate, session_state_object
from .commands import CommandInfo
from .discovery import Discovery
from .drives import Drives
from .extent import Extent, Source
from .flow import PipelineStopped, ReturnJump, ScriptError
from .frame import Frame
from .general import general_registry
from .native_types import NativeTypes, used_namespaces
from .pipeline import run
from .processor import NOTHING
from .scope import Scope, SessionState
from .scriptblock import ScriptBlock
from .streams import Streams, ignore
from .tables import EXPRESSIONS, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from psnet.lab.contract.hosts import HostApi

    from .arguments import Argument
    from .cmdlet import Registry
    from .modules import ModuleInfo
    from .processor import CommandProcessor
    from .records import ErrorRecord
    from .streams import Sink

_MAX_ERRORS = 256


class Runspace(Discovery, Drives, NativeTypes):
    """One session: variables, functions, modules, $Error, the current folder.

    ``language`` is "5.1" or "7". ``step_limit`` bounds how many statements one invocation may run (None: no
    bound); ``depth_limit`` how deep functions may call each other before PowerShell's CallDepthOverflow.
    """

    def __init__(
        self,
        host: HostApi | Any,
        language: str = "5.1",
        *,
        registry: Registry | None = None,
        step_limit: int | None = 20_000_000,
        depth_limit: int = 1000,
    ) -> None:
        self.host = host
        self.language = language
        self.registry = registry or general_registry()
        self.expressions = EXPRESSIONS
        self.statements = STATEMENTS
        self.step_limit = step_limit
        self.depth_limit = depth_limit
        self.steps = 0
        self.depth = 0
        self.succeeded = True
        self.in_try = False
        self.catching = False
        self.paused_stop = False
        self.stop: Any = None
        self.errors = ArrayList()
        self.assemblies: set[str] = set()
        self.state = SessionState()
        self.modules: dict[str, ModuleInfo] = {}
        self.jobs: list[Any] = []
        self.sink: Sink | None = None
        self.last_exit_code: int | None = None
        self.prepare_drives()
        self.prepare_types()
        populate(self)

    # -- running ----------------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether the pipeline was asked to stop."""
        return self.stop is not None and bool(self.stop.is_set())

    def step(self) -> None:
        """Count one statement; heed the stop token and the step limit."""
        self.steps += 1
        if not self.steps & 15:
            self.check_stop()
            if self.step_limit is not None and self.steps > self.step_limit:
                raise net.unsupported(f"a script of more than {self.step_limit} steps")

    def check_stop(self) -> None:
        """Raise ``PipelineStopped`` when the pipeline was asked to stop; others have their turn in any case."""
        if self.stop is not None and self.stop.is_set() and not self.paused_stop:
            raise PipelineStopped

    @contextmanager
    def deeper(self, frame: Frame) -> Iterator[None]:
        """Count one level of calls; too many are PowerShell's CallDepthOverflow."""
        self.depth += 1
        try:
            if self.depth > self.depth_limit:
                raise self.overflow()
            yield
        finally:
            self.depth -= 1
        _ = frame

    def overflow(self) -> DotNetError:
        """Return the error of calls that go too deep."""
        kind = "System.Management.Automation.ScriptCallDepthException"
        exception = make_exception(kind, "The script failed due to call depth overflow.")
        return DotNetError(exception, error_id="CallDepthOverflow", category="InvalidOperation")

    def remember(self, record: ErrorRecord) -> None:
        """Put an error at the head of $Error."""
        items = self.errors.items
        if items and items[0] is record:
            return
        items.insert(0, record)
        del items[_MAX_ERRORS:]

    def _enumeration_limit(self) -> int:
        value = net.unwrap(self.state.top.global_scope().value("formatenumerationlimit"))
        return value if isinstance(value, int) and not isinstance(value, bool) else 4

    def context(self) -> Any:
        """Return the surroundings of evaluation for ``psnet.lab.dotnet``, as a context manager."""
        return using(
            language=self.language,
            now=self.host.clock.now,
            zone=getattr(self.host, "zone", UTC),
            machine_name=self.environment_get("COMPUTERNAME") or self.host.name,
            user_name=self.environment_get("USERNAME") or "Administrator",
            environment=self.host.environment,
            files=self.host.files,
            assemblies=self.assemblies,
            to_string=self._added_to_string,
            invoke=self._invoke_for_net,
            types=self.script_types,
            culture=getattr(self.host, "culture", ""),
            enumeration_limit=self._enumeration_limit,
            write=self._write_console,
            os_version=self.host.version,
        )

    def _invoke_for_net(
        self,
        block: Any,
        arguments: list[Any],
        this: Any = None,
        underscore: Any = None,
        *,
        guarded: bool = False,
        delegate: bool = False,
    ) -> Any:
        if delegate:
            return net.collapse(self.run_delegate(net.unwrap(block), list(arguments)))
        if guarded:
            with self.guarded():
                return self._invoke_for_net(block, arguments, this, underscore)
        return net.collapse(self.run_block(net.unwrap(block), list(arguments), this=underscore, that=this))

    def run_delegate(self, block: ScriptBlock, arguments: list[Any], processor: CommandProcessor | None = None) -> Any:
        """Run a script block as a delegate: one of two parameters has them as $this and $_ too, others leave $_ alone."""
        if len(arguments) == 2:
            return self.run_block(block, arguments, this=arguments[1], that=arguments[0], processor=processor)
        return self.run_block(block, arguments, processor=processor)

    def _write_console(self, text: str, newline: bool) -> None:
        self.write_host(text, newline=newline)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Let errors that end a statement leave their block, as in a try: the caller takes them."""
        before, self.in_try = self.in_try, True
        try:
            yield
        finally:
            self.in_try = before

    def _added_to_string(self, value: Any) -> str | None:
        member = value.members.get("tostring")
        if member is None or member.kind != "ScriptMethod":
            return None
        return net.to_string(net.collapse(self.run_block(member.value, [], that=value)))

    def invoke(
        self,
        commands: Sequence[Any] | str,
        input: Iterable[Any] | None = None,  # noqa: A002 - the contract's name
        sink: Sink | None = None,
        stop: Any = None,
    ) -> int | None:
        """Run a pipeline; see ``psnet.lab.engine.invoke.invoke``."""
        from .invoke import invoke  # noqa: PLC0415 - cycle

        return invoke(self, commands, input, sink, stop)

    # -- script blocks ----------------------------------------------------------------------------

    def parse(self, text: str, file: str | None = None) -> tuple[Any, Source]:
        """Return the tree and the source of a text; raises the ParseException that scripts see."""
        source = Source(text, file)
        try:
            tree = parse(text, language="7" if self.language != "5.1" else "5.1", file=file)
        except ParseErrors as refused:
            raise self.parse_failure(refused, source) from refused
        if tree.usings:
            source.namespaces = used_namespaces(tree, source)
        return tree, source

    def parse_failure(self, refused: ParseErrors, source: Source) -> DotNetError:
        """Return the ParseException for refusals."""
        first = refused.errors[0]
        extent = Extent(source, min(first.start, len(source.text)), min(first.end, len(source.text)))
        parts = []
        for error in refused.errors[:10]:
            place = Extent(source, min(error.start, len(source.text)), min(error.end, len(source.text)))
            parts.append(f"{place.position_message()}\n{error.message}")
        message = "\n\n".join(parts)
        exception = make_exception("System.Management.Automation.ParseException", message)
        _ = extent
        return DotNetError(exception, error_id=first.error_id, category="ParserError")

    def script_block(self, text: str, state: SessionState | None = None, file: str | None = None) -> ScriptBlock:
        """Return a text as a script block."""
        tree, source = self.parse(text, file)
        return ScriptBlock(tree, source, state or self.state, text=text)

    def block_processor(
        self, frame: Frame, block: ScriptBlock, extent: Extent | None, *, dotted: bool = False, name: str | None = None
    ) -> CommandProcessor:
        """Return the processor for ``& { ... }``."""
        from .processor_script import ScriptProcessor  # noqa: PLC0415 - processors need runspaces

        command = CommandInfo("Script", "", block=block)
        called = ("." if dotted else "&") if name is None else name
        return ScriptProcessor(command, frame, extent, called, block, dotted=dotted)

    def run_block(
        self,
        block: ScriptBlock,
        arguments: list[Any],
        *,
        this: Any = NOTHING,
        that: Any = NOTHING,
        input_: list[Any] | None = None,
        new_scope: bool = True,
        processor: CommandProcessor | None = None,
        out: Callable[[Any], None] | None = None,
        named: list[Argument] | None = None,
    ) -> list[Any]:
        """Run a script block and return what it wrote (nothing when ``out`` takes it).

        ``this`` becomes ``$_`` and ``that`` becomes ``$this``.
        """
        from .arguments import Argument  # noqa: PLC0415 - cycle
        from .processor_script import ScriptProcessor  # noqa: PLC0415 - processors need runspaces

        if not isinstance(block, ScriptBlock):
            raise runtime_error("ScriptBlockExpected", "A script block was expected.")
        caller = self._caller(processor, block)
        command = CommandInfo("Script", "", block=block)
        runner = ScriptProcessor(command, caller, caller.extent, "", block, dotted=not new_scope)
        kept: list[Any] = []
        runner.out = kept.append if out is None else out
        runner.expecting_input = input_ is not None
        runner.fixed_this = this
        if that is not NOTHING:
            before = runner.scope.variables.get("this")
            runner.scope.put("this", that)
        given = named if named is not None else [Argument(value=argument) for argument in arguments]
        try:
            runner.prepare(given)
            if input_ is None:
                run([runner], None)
            else:
                run([runner], partial(_feed, input_))
        finally:
            if that is not NOTHING and not new_scope:
                runner.scope.variables.pop("this", None)
                if before is not None:
                    runner.scope.variables["this"] = before
        return kept

    def run_method(self, block: ScriptBlock, this: Any, arguments: list[Any]) -> Any:
        """Run a method of a class and return what its ``return`` gives; its other output is lost."""
        from .arguments import Argument  # noqa: PLC0415 - cycle
        from .processor_script import ScriptProcessor  # noqa: PLC0415 - processors need runspaces

        caller = self._caller(None, block)
        runner = ScriptProcessor(CommandInfo("Script", "", block=block), caller, caller.extent, "", block)
        if this is not None:
            runner.scope.put("this", this)
        runner.prepare([Argument(value=argument) for argument in arguments])
        returned: list[Any] = []
        runner.frame.returned = returned
        run([runner], None)
        return returned[0] if returned else AUTOMATION_NULL

    def _caller(self, processor: CommandProcessor | None, block: ScriptBlock) -> Frame:
        if processor is not None:
            own = getattr(processor, "frame", None)
            if own is not None:
                return own  # type: ignore[no-any-return]
            frame = processor.caller
            made = Frame(
                self,
                frame.scope,
                frame.state,
                ignore,
                processor.streams,
                frame.source,
                processor=frame.processor,
                parent=frame.parent,
            )
            made.node = frame.node
            return made
        state = block.state or self.state
        return Frame(self, state.current, state, ignore, self.streams(), block.source)

    def streams(self) -> Streams:
        """Return streams that go to the sink."""
        sink = self.sink
        if sink is None:
            return Streams()
        return Streams(
            error=sink.error,
            warning=lambda record: sink.warning(record.message),
            verbose=lambda record: sink.verbose(record.message),
            debug=lambda record: sink.debug(record.message),
            information=sink.information,
            progress=sink.progress,
        )

    def write_host(self, text: str, *, newline: bool = True, error: bool = False) -> None:
        """Write to the host."""
        if self.sink is not None:
            self.sink.host_write(text, newline, error)

    def top_frame(self, out: Callable[[Any], None], source: Source) -> Frame:
        """Return a frame at the top level."""
        return Frame(self, self.state.top, self.state, out, self.streams(), source)

    def host_object(self) -> Any:
        """Return $Host."""
        return self.state.top.value("host")

    def session_state_object(self, processor: CommandProcessor | None) -> Any:
        """Return $PSCmdlet.SessionState."""
        return session_state_object(self, processor)

    def closure_module(self, state: SessionState) -> Any:
        """Return the dynamic module of a closure."""
        from .modules import ModuleInfo  # noqa: PLC0415 - cycle

        return ModuleInfo("__DynamicModule_closure", state, dynamic=True)

    def automatic(self, name: str, frame: Frame) -> Any:
        """Return an automatic variable that no scope holds, ``MISSING`` when there is none."""
        return automatic_value(self, name, frame)

    def alias(self, name: str, definition: str, module: ModuleInfo | None = None) -> CommandInfo:
        """Return a new alias, which knows what it stands for."""
        made = CommandInfo("Alias", name, definition=definition, module=module)
        made.resolve = lambda wanted: self.lookup_command(wanted, self.state.current)
        return made

    def define(self, scope: Scope, command: CommandInfo) -> None:
        """Define a function."""
        key = command.name.lower()
        old = scope.functions.get(key)
        if old is not None and old.options & {"readonly", "constant"}:
            from .scope import session_state_error  # noqa: PLC0415 - errors only

            raise session_state_error(
                "FunctionNotWritable",
                f"Cannot write to function {command.name} because it is read-only or constant.",
                command.name,
            )
        scope.functions[key] = command

    def define_from_value(self, frame: Frame, name: str, value: Any) -> None:
        """Do ``$function:name = value``."""
        base = net.unwrap(value)
        prefix, colon, rest = name.partition(":")
        scope = frame.scope
        if colon:
            scope = {"global": scope.global_scope(), "script": scope.script()}.get(prefix.lower(), scope)
            name = rest
        if base is None:
            scope.functions.pop(name.lower(), None)
            return
        block = base if isinstance(base, ScriptBlock) else self.script_block(net.to_string(value), frame.state)
        self.define(scope, CommandInfo("Function", name, block=block, module=frame.state.module))

    def returns(self, work: Callable[[], None]) -> None:
        """Run something; ``return`` only ends it."""
        try:
            work()
        except ReturnJump:
            return

    def failed_record(self, thrown: ScriptError | DotNetError, frame: Frame) -> ErrorRecord:
        """Return the record of what ended an invocation."""
        from .faults import script_error  # noqa: PLC0415 - cycle

        error = script_error(frame, thrown)
        self.remember(error.record)
        return error.record

    def write_redirected(self, path: str, values: list[Any], *, append: bool) -> None:
        """Write what a redirection collected, formatted as Out-File does."""
        from .output import formatted_lines  # noqa: PLC0415 - only redirections to files
        from .textfile import write_lines  # noqa: PLC0415 - only redirections to files

        write_lines(self, path, formatted_lines(self, values), append=append)


def _feed(items: Iterable[Any], take: Callable[[Any], None]) -> None:
    for item in items:
        take(item)
