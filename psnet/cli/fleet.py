"""From a command to its run: journal, progress, Ctrl-C."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text

from psnet._internal.output import write_whole
from psnet._internal.terminal import console, echo
from psnet.cli.common import error_lines, exit_code, show, written
from psnet.cli.journals import journal_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from psnet.fleet import FleetRun, Listener, Operation, RunOptions
    from psnet.fleet.events import Event
    from psnet.fleet.results import StatusFunction
    from psnet.inventories import InventoryHost
    from psnet.journal import Journal

T = TypeVar("T")
log = logging.getLogger("psnet.cli")


def _here() -> AbstractContextManager[object]:
    return contextlib.nullcontext()


def _usual() -> RunOptions:
    from psnet.fleet import RunOptions

    return RunOptions()


@dataclass(frozen=True, slots=True)
class Call:
    """What a command was asked for, the same for each command that goes over hosts.

    ``more`` are the command's own options, ``documents`` the plans that it was given, both for the
    journal. ``quiet`` shows no progress; ``full`` has every host send its state.
    """

    command: str
    hosts: Sequence[InventoryHost]
    options: RunOptions = field(default_factory=_usual)
    site: Path | None = None
    inventory: Sequence[Path] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    journal: str | Journal | None = None
    junit: Path | None = None
    json: bool = False
    quiet: bool = False
    full: bool = False


def run_call(
    call: Call,
    operation: Operation[T] | Mapping[str, Operation[T]],
    status_of: StatusFunction,
    describe: Callable[[T], Any],
    block: Callable[[T], Iterable[Text]] | None = None,
) -> FleetRun[T]:
    """Carry out a run, recorded and shown as it goes; write its JUnit XML. Ctrl-C ends it early.

    ``describe`` turns a host's result into data for ``--json``. With ``block`` the text of each host is printed as
    soon as it ends, for up to ``MANY`` hosts; ``show_run`` is then told that it was.
    """
    from psnet.fleet import RunInfo, Stop, run_fleet
    from psnet.inventories import with_answers
    from psnet.journal import Recorder
    from psnet.journal.verified import connection_addresses, known_states, with_known_states

    given = call.journal
    journal = journal_at(given) if given is None or isinstance(given, str) else given
    info = RunInfo(
        command=call.command,
        site=str(call.site.resolve()) if call.site else None,
        inventory=written(call.inventory) if call.inventory else None,
        options={**call.options.model_dump(), **call.more},
        documents=call.documents,
    )
    call = replace(call, hosts=with_answers(call.hosts))  # asked before there is a live table
    if isinstance(operation, Mapping) and not call.full:
        operation = with_known_states(journal, call.hosts, operation)
    known = known_states(operation) if isinstance(operation, Mapping) else {}
    stop = Stop()
    with _kept(call, block) as kept, _progress(call, describe, block) as (listeners, say), stop.on_interrupt(say):
        run = run_fleet(
            call.hosts,
            operation,
            call.options,
            info=info,
            status_of=status_of,
            journal=Recorder(journal, connection_addresses(call.hosts), known),
            listeners=[*listeners, *kept],
            stop=stop,
        )
    if call.junit is not None:
        from psnet.report.junit import junit_xml

        write_whole(call.junit, junit_xml(journal.read(run.id)) + "\n")
    if run.broken is not None:
        if block is not None and not call.json:
            show_run(run, block, streamed=True)
        raise run.broken
    return run


@contextlib.contextmanager
def _kept(call: Call, block: Callable[[Any], Iterable[Text]] | None) -> Iterator[Sequence[Listener]]:
    """Keep what each of many hosts came to, and print it when the run does not come to its own end."""
    if block is None or call.json or len(call.hosts) <= MANY:
        yield []
        return
    ended = _Blocks(block, print_them=False)
    try:
        yield [ended]
    except BaseException:
        show_groups(ended.blocks)
        raise


@contextlib.contextmanager
def _progress(
    call: Call, describe: Callable[[Any], Any], block: Callable[[Any], Iterable[Text]] | None
) -> Iterator[tuple[Sequence[Listener], Callable[[str], None]]]:
    from psnet.report.jsonlines import JsonLines
    from psnet.report.live import LiveProgress
    from psnet.report.plain import PlainProgress

    def say(text: str) -> None:
        echo(text, err=True)

    screen = console(stderr=True, soft_wrap=False)
    blocks: list[Listener] = [_Blocks(block)] if block is not None and len(call.hosts) <= MANY else []
    if call.json:
        yield [JsonLines(sys.stdout, describe)], say
    elif call.quiet or len(call.hosts) == 1:
        yield blocks, say
    elif screen.is_terminal:
        with LiveProgress(screen) as live:
            if blocks and sys.stdout.isatty():
                blocks = [_Blocks(block, live.apart)]
            elif not blocks:
                blocks = [PlainProgress(lambda line: screen.print(Text(line), soft_wrap=True))]  # above the table
            yield [live, *blocks], screen.print
    else:
        yield [PlainProgress(say), *blocks], say


@contextlib.contextmanager
def ending(event: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set an event; within a run Ctrl-C first ends that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, lambda *_: event.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


#: Up to so many hosts each is reported on its own; beyond, hosts with the same outcome are reported together.
MANY = 20


class _Blocks:
    """The listener that prints what each host came to as soon as it ends."""

    def __init__(
        self,
        block: Callable[[Any], Iterable[Text]] | None,
        apart: Callable[[], AbstractContextManager[object]] = _here,
        *,
        print_them: bool = True,
    ) -> None:
        self._block, self._apart, self._print = block, apart, print_them
        self.blocks: list[tuple[str, Sequence[Text]]] = []

    def handle(self, events: Sequence[Event]) -> None:
        """Print the hosts that have ended."""
        from psnet.fleet.events import HostFailed, HostFinished

        ended = [event for event in events if isinstance(event, HostFinished | HostFailed)]
        if not ended:
            return
        with self._apart():
            for event in ended:
                if isinstance(event, HostFailed):
                    lines: Sequence[Text] = error_lines(event.exception, event.host)
                else:
                    lines = shown_safely(event.host, event.value, self._block)
                if self._print:
                    show([*lines, Text("")])
                else:
                    self.blocks.append((event.host, lines))


def shown_safely(host: str, value: Any, block: Callable[[Any], Iterable[Text]] | None) -> list[Text]:
    """Return the lines of one host's result; what cannot be shown is said so, and costs no other host its own."""
    from psnet.errors import PsnetError

    try:
        return list(block(value)) if block is not None else []
    except (PsnetError, OSError):
        raise  # a file that cannot be written, a reader that has gone
    except Exception as error:
        log.exception("%s: its result cannot be shown", host)
        return [Text(host, style="bold").append(f"  its result cannot be shown ({type(error).__name__})", "bold red")]


def show_run(
    run: FleetRun[T],
    block: Callable[[T], Iterable[Text]],
    *,
    counts: bool = True,
    fold: bool = False,
    streamed: bool = False,
) -> None:
    """Print what a run came to. ``block`` gives the lines of a result, the first of them with the host's name.

    With ``fold`` alike hosts are reported together, however few they are. ``streamed`` says that ``run_call`` had the
    block: what it printed is not printed again.
    """
    from psnet.report.grouping import name_ranges

    few = len(run.hosts) <= MANY and not fold
    blocks: list[tuple[str, Sequence[Text]]] = []
    for answer in () if few and streamed else run.hosts:
        if answer.error is not None:
            blocks.append((answer.host.name, error_lines(answer.error, answer.host.name)))
        elif answer.value is not None:
            blocks.append((answer.host.name, shown_safely(answer.host.name, answer.value, block)))
    if few:
        for _, lines in blocks:
            show([*lines, Text("")])
    else:
        show_groups(blocks)
    if run.not_begun:
        reason = next(answer.not_begun for answer in run.hosts if answer.not_begun)
        show([Text(f"not begun: {name_ranges(run.not_begun)} ({reason})", style="yellow")])
    if counts and len(run.hosts) > 1:
        words = ", ".join(f"{number} {word}" for word, number in run.counts().items())
        show(
            [
                Text(
                    f"{len(run.hosts)} host{'s' * (len(run.hosts) != 1)} in {run.seconds:.1f} s: {words}",
                    style="bold",
                )
            ]
        )


def show_failures(run: FleetRun[Any], *, json: bool, partial: bool = False) -> None:
    """Print which hosts failed, with ``json`` on standard error.

    Then the worst error is raised, which becomes the one document, unless an answer is ``partial`` without them.
    """
    from psnet.errors import PsnetError

    if not json:
        show_run(run, lambda _: [], counts=False)
        return
    code = exit_code(run.errors)
    worst = next((error for error in run.errors if error.exit_code == code), None)
    for answer in run.hosts:
        if answer.error is not None and (partial or answer.error is not worst):
            show(error_lines(answer.error, answer.host.name), err=True)
    if not partial:
        raise worst or PsnetError(f"not begun: {', '.join(run.not_begun)}")


def show_groups(blocks: Iterable[tuple[str, Sequence[Text]]]) -> None:
    """Print what hosts came to, those with the same outcome together."""
    from psnet.report.grouping import alike_hosts, group_heading

    for hosts, common in alike_hosts(blocks):
        show([group_heading(hosts), *_without_name(common, hosts[0]), Text("")])


def _without_name(lines: Sequence[Text], host: str) -> list[Text]:
    """Return a block's lines without its host's name, which stands in the heading of the group."""
    first = lines[0]
    if not first.plain.startswith(host):
        return list(lines)
    rest = first[len(host) :]
    return [rest, *lines[1:]] if rest.plain.strip() else list(lines[1:])
