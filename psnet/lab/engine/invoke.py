"""Running a pipeline of commands in a runspace, as PSRP and ``powershell.exe`` do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL, DotNetError

from .arguments import MISSING, Argument
from .deep import run_deep
from .extent import Source
from .flow import BreakJump, ContinueJump, ExitJump, PipelineFailed, ReturnJump, ScriptError
from .pipeline import link, run
from .streams import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .processor import CommandProcessor
    from .runspace import Runspace
    from .streams import Sink


@dataclass(frozen=True, slots=True)
class PipelineCommand:
    """One command of a pipeline: a script's text or a command's name, with (name or None, value) parameters.

    ``use_local_scope`` gives a script a scope of its own; ``end_of_statement`` ends the pipeline it stands in;
    ``merge`` names streams (``Error``, ...) that go to the output.
    """

    text: str
    is_script: bool = False
    parameters: tuple[Any, ...] = ()
    use_local_scope: bool | None = None
    end_of_statement: bool = False
    merge: frozenset[str] = frozenset()


def invoke(
    runspace: Runspace,
    commands: Sequence[Any] | str,
    input_: Iterable[Any] | None = None,
    sink: Sink | None = None,
    stop: Any = None,
) -> int | None:
    """Run commands to their end; return the exit code when ``exit`` ended them.

    Raises ``PipelineFailed`` for a terminating error and ``PipelineStopped`` when the stop token was set.
    """
    calls = [PipelineCommand(commands, is_script=True)] if isinstance(commands, str) else list(commands)
    runspace.sink = sink or Collector()
    runspace.stop = stop
    runspace.steps = 0
    runspace.depth = 0
    runspace.in_try = False
    runspace.state.current = runspace.state.top

    def work() -> int | None:
        with runspace.context():
            return _statements(runspace, calls, input_)

    return run_deep(work)


def _statements(runspace: Runspace, calls: list[Any], input_: Iterable[Any] | None) -> int | None:
    pending: list[Any] = []
    source = Source("")
    assert runspace.sink is not None  # noqa: S101 - invoke sets it
    frame = runspace.top_frame(runspace.sink.output, source)
    try:
        for call in calls:
            pending.append(call)
            if call.end_of_statement:
                _pipeline(runspace, pending, input_)
                pending, input_ = [], None
        if pending:
            _pipeline(runspace, pending, input_)
    except (ScriptError, DotNetError) as thrown:
        raise PipelineFailed(runspace.failed_record(thrown, frame)) from thrown
    except RecursionError:
        raise PipelineFailed(runspace.failed_record(runspace.overflow(), frame)) from None
    except ExitJump as jump:
        runspace.last_exit_code = jump.code
        return int(jump.code)
    except (BreakJump, ContinueJump, ReturnJump):
        return None
    return None


def _pipeline(runspace: Runspace, calls: list[Any], input_: Iterable[Any] | None) -> None:
    sink = runspace.sink
    assert sink is not None  # noqa: S101 - invoke sets it
    frame = runspace.top_frame(sink.output, Source(""))
    processors: list[CommandProcessor] = []
    for at, call in enumerate(calls):
        processor = _processor(runspace, frame, call)
        processor.expecting_input = at > 0 or input_ is not None
        changes = {name.lower(): _output_of(processor) for name in call.merge}
        if changes:
            processor.streams = processor.streams.changed(**changes)
        processor.prepare(_arguments(call))
        processors.append(processor)
    link(processors, sink.output)
    feed = None
    if input_ is not None:
        items = input_

        def feed(take: Callable[[Any], None]) -> None:
            for item in items:
                take(item)

    runspace.succeeded = run(processors, feed)


def _output_of(processor: CommandProcessor) -> Callable[[Any], None]:
    return lambda value: processor.out(value)


def _processor(runspace: Runspace, frame: Any, call: Any) -> CommandProcessor:
    if call.is_script:
        block = runspace.script_block(call.text)
        return runspace.block_processor(frame, block, None, dotted=not call.use_local_scope, name="")
    command = runspace.find_command(call.text, frame)
    return runspace.processor_for(frame, command, None, call.text)


def _arguments(call: Any) -> list[Argument]:
    found: list[Argument] = []
    for parameter in call.parameters:
        name, value = (parameter.name, parameter.value) if hasattr(parameter, "name") else (parameter[0], parameter[1])
        if name is not None:
            name = name.removeprefix("-").rstrip(":")
        nothing = name is not None and (value is None or value is AUTOMATION_NULL) and not hasattr(parameter, "name")
        found.append(Argument(name, MISSING if nothing else value))
    return found
