"""A PSRP session as coroutines: open a runspace pool, run a pipeline, resume, stop, close."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import uuid
from collections import deque
from typing import TYPE_CHECKING, Final

from psnet.errors import SessionLostError
from psnet.transport.async_bridge import AsyncCall
from psnet.transport.budget import KEPT, Meter
from psnet.transport.clixml import read_clixml
from psnet.transport.exceptions import TransportError, WsmanFault
from psnet.transport.extras import check_extras
from psnet.transport.failures import (
    DISCONNECTED,
    NOTHING_YET,
    cause_of,
    explain,
    is_shell_lost,
    is_transient,
    not_begun,
)
from psnet.transport.files import FileScript
from psnet.transport.policy import Clock
from psnet.transport.psrp import messages
from psnet.transport.psrp.client import WsmanClient
from psnet.transport.psrp.envelopes import LARGE_ENVELOPE, TERMINATE, Envelopes, payload_size
from psnet.transport.psrp.streams import FAILED, RUNNING, Streams
from psnet.transport.records import error_record
from psnet.transport.retry import repeating, resending
from psnet.transport.settings import DEFAULT_CONFIGURATION
from psnet.transport.values import RemoteObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.transport.output import Output, ScriptRun
    from psnet.transport.psrp.envelopes import Request
    from psnet.transport.psrp.responses import WsmanResponse
    from psnet.transport.settings import ConnectionSettings

log = logging.getLogger("psnet.transport.psrp")
_COMMAND: Final = re.compile(r"[A-Za-z]+-[A-Za-z0-9]+")
_BROKEN_POOL: Final = 5  # RunspacePoolState
_NEVER_CAME: Final = ("broken", "read-timeout")
_LOST: Final = frozenset({*_NEVER_CAME, "connect-timeout", "closed-port", "route", "name", "tls", "proxy"})


def _lost(error: Exception) -> bool:
    return isinstance(error, TransportError) and error.cause in _LOST


class Pool:
    """A runspace pool on a host: its ids and the fragments that are still on their way."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self.id = uuid.uuid4()
        self.envelopes = Envelopes(settings.url, settings.configuration_name, settings.operation_timeout, self.id)
        self.assembler = messages.Assembler(settings.budget.object_bytes)
        self.finished: deque[uuid.UUID] = deque()  # pipelines that the host has not been told to forget
        self._objects = 2  # those of its creation

    def fragments(self, message: bytes) -> list[bytes]:
        """Cut a message so that each part fits into a request."""
        self._objects += 1
        return messages.fragments(self._objects, message, payload_size(self.envelopes.max_envelope))


class Conversation:
    """One runspace pool on one host, opened with the first script; one run at a time, save for ``stop``."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        self.settings = settings
        self.host = host
        self.pool: Pool | None = None
        self._clock = clock or Clock()
        self._link = WsmanClient(settings)
        self._lock = threading.Lock()
        self._running: uuid.UUID | None = None
        self._begun = False
        self._stopping = False
        self._again = False  # whether what failed last may be run once more
        self._presumed = False

    async def run(self, run: ScriptRun) -> Output:
        """Run a script as one pipeline; see HostSession.run."""
        return await repeating(
            lambda: self._once(run),
            self.settings.retry,
            self._clock,
            again=lambda _: self._again,
            what=self.host,
        )

    async def _once(self, run: ScriptRun) -> Output:
        self._again = False
        pool = await self._open()
        name = uuid.uuid4()
        meter = Meter(self.settings.budget, self._clock, files=isinstance(run.script, FileScript))
        streams = Streams(run.on_record, meter)
        with self._lock:
            self._running, self._begun, self._stopping, self._presumed = name, False, False, False
        try:
            await self._release(pool, KEPT)
            await self._begin(pool, name, run.script, run.feed, meter)
            with self._lock:
                self._begun = True
                stop_now = self._stopping
            if stop_now:  # asked for before there was anything to stop
                await self._ask(pool.envelopes.signal(name))
            while streams.state == RUNNING:
                await self._poll(pool, name, streams, meter)
        except Exception as error:
            shown = explain(error, self.settings, self.host, "running a pipeline", opened=True)
            if run.feed is None and run.reading and isinstance(shown, SessionLostError):
                self._again = True
            if not (self._again and not_begun(error)):
                self.pool = None
                if isinstance(error, TransportError) and error.cause == "budget":
                    await self._give_up(pool, name)
            elif cause_of(error) == "quota-commands":
                await self._release(pool, 0)
            raise shown from error
        finally:
            with self._lock:
                self._running = None
        pool.finished.append(name)
        return streams.output()

    async def _release(self, pool: Pool, most: int) -> None:
        """Let the host forget finished pipelines until ``most`` are left: a shell holds 1,000 (Windows' quota).

        Windows' own client does it after each, which costs a request; most sessions have a few pipelines and none.
        """
        while len(pool.finished) > most:
            name = pool.finished.popleft()
            with contextlib.suppress(WsmanFault):  # it has forgotten it already
                await self._ask(pool.envelopes.signal(name, TERMINATE), again=True)

    async def _begin(self, pool: Pool, name: uuid.UUID, script: str, feed: Iterable[str] | None, meter: Meter) -> None:
        """Send the command; one whose answer was lost is asked for by the id that was chosen here."""
        bare = self.settings.configuration_name != DEFAULT_CONFIGURATION and _COMMAND.fullmatch(script.strip())
        message = messages.pipeline(
            pool.id, name, script.strip() if bare else script, script=not bare, feeds=feed is not None
        )
        first, *rest = pool.fragments(message)
        whole, started, fed = not rest, False, False
        try:
            await self._ask(pool.envelopes.command(name, first), meter)
            started = True
            for number, fragment in enumerate(rest, 1):
                whole = number == len(rest)
                await self._ask(pool.envelopes.send(name, fragment), meter)
            if feed is not None:
                fed = True
                for text in feed:
                    for fragment in pool.fragments(messages.line(pool.id, name, text)):
                        await self._ask(pool.envelopes.send(name, fragment), meter)
                for fragment in pool.fragments(messages.end_of_input(pool.id, name)):
                    await self._ask(pool.envelopes.send(name, fragment), meter)
        except WsmanFault as error:
            if feed is not None and started:
                return  # a script that ends before its input does refuses the rest; its output says why
            self._again = not fed and (not_begun(error) or is_shell_lost(error))
            raise
        except TransportError as error:
            if whole and feed is None and error.cause in _NEVER_CAME:
                self._presumed = True  # its answer to the next Receive says whether it has it
                return
            self._again = not fed and (not_begun(error) or (_lost(error) and not whole))
            raise

    async def _poll(self, pool: Pool, name: uuid.UUID, streams: Streams, meter: Meter) -> None:
        """Take what has come since the last time, in its order."""
        try:
            answer = await self._ask(pool.envelopes.receive(name), meter, again=True)
        except WsmanFault as fault:
            if fault.code == NOTHING_YET:
                return
            if fault.code == DISCONNECTED:
                log.info("%s: the shell was disconnected; connecting to it again", self.host)
                await self._ask(pool.envelopes.reconnect())
                return
            if is_shell_lost(fault) and self._presumed and await self._alive(pool):
                self._again = True  # the shell lives and never heard of the command
            raise
        self._presumed = False
        for message in self._messages(pool, answer):
            if message.pipeline == name:
                streams.add_message(message)
        if answer.done and streams.state == RUNNING:
            streams.state = FAILED  # it ended without saying how

    def _messages(self, pool: Pool, answer: WsmanResponse) -> Iterable[messages.Message]:
        try:
            for data in answer.output:
                yield from pool.assembler.feed(data)
        except ValueError as error:
            raise TransportError("protocol", str(error)) from None

    async def _alive(self, pool: Pool) -> bool:
        try:
            return (await self._ask(pool.envelopes.get())).state != "Disconnected"
        except (WsmanFault, TransportError):
            return False

    async def _give_up(self, pool: Pool, name: uuid.UUID) -> None:
        """Let the host end what is not listened to any more; it has little time for it."""
        with contextlib.suppress(WsmanFault, TransportError):
            last = Meter.for_closing(self._clock)
            await self._ask(pool.envelopes.signal(name), last)
            await self._ask(pool.envelopes.delete(), last)

    async def _ask(self, request: Request, meter: Meter | None = None, *, again: bool = False) -> WsmanResponse:
        """Return the answer to a request; ``again`` sends one and the same over new connections while they break."""

        async def send() -> WsmanResponse:
            answer: WsmanResponse = await AsyncCall(lambda: self._link.exchange(request, meter))
            return answer

        if not again:
            return await send()
        return await resending(
            send, self.settings.retry, self._clock, lost=_lost, reset=self._link.close, what=self.host
        )

    async def _open(self) -> Pool:
        if self.pool is not None:
            return self.pool
        check_extras(self.settings)
        try:
            pool = await repeating(self._opened, self.settings.retry, self._clock, again=is_transient, what=self.host)
        except Exception as error:
            raise explain(error, self.settings, self.host, "connecting", opened=False) from error
        self.pool = pool
        return pool

    async def _opened(self) -> Pool:
        """Return a pool that is open; one that failed half-way is left to the host's idle time-out.

        Windows sends the pool's private data when the pool has opened, and its state after that (PowerShell,
        ServerRunspacePoolDriver.HandleRunspacePoolStateChanged), each perhaps in an answer of its own: with the first
        of them a pipeline can be sent, and the second need not be asked for.
        """
        self._link.close()
        pool = Pool(self.settings)
        meter = Meter(self.settings.budget, self._clock, opening=True)
        deadline = self._clock.now() + self.settings.read_timeout
        answer = await self._ask(pool.envelopes.create(messages.creation(pool.id)), meter)
        if answer.selectors:
            pool.envelopes.selector = answer.selectors
        while True:
            try:
                answer = await self._ask(pool.envelopes.receive(), meter, again=True)
            except WsmanFault as fault:  # a slow host: nothing has come yet
                if fault.code != NOTHING_YET or self._clock.now() >= deadline:
                    raise
                continue
            for message in self._messages(pool, answer):
                if message.kind == messages.APPLICATION_PRIVATE_DATA:
                    pool.envelopes.max_envelope = LARGE_ENVELOPE
                    return pool
                if message.kind == messages.RUNSPACEPOOL_STATE:
                    _check_opened(message)

    async def stop(self) -> bool:
        """Stop the running pipeline over a connection of its own; return whether one ran."""
        with self._lock:
            name, pool, begun = self._running, self.pool, self._begun
            self._stopping = True
        if name is None or pool is None:
            return False
        if not begun:
            return True  # run() stops it itself, once it has begun
        link = WsmanClient(self.settings)
        try:
            await AsyncCall(lambda: link.exchange(pool.envelopes.signal(name)))
        except Exception as error:
            raise explain(error, self.settings, self.host, "stopping a pipeline", opened=False) from error
        finally:
            link.close()
        return True

    async def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        pool, self.pool = self.pool, None
        try:
            if pool is not None:
                await self._ask(pool.envelopes.delete(), Meter.for_closing(self._clock))
        except Exception as error:  # noqa: BLE001 - nothing is lost when a pool cannot be given back
            log.debug("%s: the pool could not be closed: %s", self.host, error)
        finally:
            self._link.close()


def _check_opened(message: messages.Message) -> None:
    sent = read_clixml(message.data)
    if isinstance(sent, RemoteObject) and sent.get("RunspaceState") == _BROKEN_POOL:
        error = sent.get("ExceptionAsErrorRecord")
        said = error_record(error).message if error is not None else "the host gave no reason"
        raise WsmanFault(0, f"the runspace pool could not be opened: {said}")
