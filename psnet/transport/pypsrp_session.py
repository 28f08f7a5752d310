"""Sessions over PSRP by pypsrp: one WSMan object and one runspace pool a session."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from pypsrp.complex_objects import PSInvocationState, RemoteStreamOptions, RunspacePoolState
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import RunspacePool
from pypsrp.shell import SignalCode, WinRS

from psnet.errors import SessionLostError
from psnet.transport.budget import KEPT, Meter
from psnet.transport.failures import (
    DISCONNECTED,
    NOTHING_YET,
    cause_of,
    explain,
    fault_code,
    is_shell_lost,
    is_transient,
    not_begun,
)
from psnet.transport.files import FileScript
from psnet.transport.library_failures import is_connection_lost
from psnet.transport.pypsrp_http import open_wsman
from psnet.transport.pypsrp_pipeline import Pipeline, use_meter, use_values
from psnet.transport.requests_tls import adapter_of
from psnet.transport.retry import repeat
from psnet.transport.session import RepeatingSession
from psnet.transport.settings import DEFAULT_CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pypsrp.wsman import WSMan

    from psnet.transport.output import Output, ScriptRun
    from psnet.transport.policy import Clock
    from psnet.transport.settings import ConnectionSettings

log = logging.getLogger("psnet.transport.pypsrp")
_COMMAND: Final = re.compile(r"[A-Za-z]+-[A-Za-z0-9]+")


class PypsrpSession(RepeatingSession):
    """One runspace pool on one host, opened with the first script; use it from one thread at a time."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        super().__init__(settings, host, clock)
        self._wsman: WSMan | None = None
        self._pool: RunspacePool | None = None
        self._lock = threading.Lock()
        self._running: Pipeline | None = None
        self._stopping = False
        self._finished: deque[str] = deque()  # pipelines of the pool that the host has not been told to forget

    def run_once(self, run: ScriptRun) -> Output:
        """Run a script as one pipeline in the pool."""
        self.may_repeat = False
        pool = self._open()
        meter = Meter(self.settings.budget, self.clock, files=isinstance(run.script, FileScript))
        self._counted(meter)
        use_meter(pool, meter)
        try:
            pipeline = self._pipeline(Pipeline(pool, run.on_record, meter), run.script)
        except ValueError as error:  # the host opened the pool without saying what it speaks
            raise explain(error, self.settings, self.host, "connecting", opened=False) from error
        with self._lock:
            self._running, self._stopping = pipeline, False
        try:
            self._release(pool, KEPT)
            self._begin(pipeline, run.feed)
            if self._stopping:  # asked for before there was anything to stop
                pool.shell.signal(SignalCode.PS_CTRL_C, pipeline.id)
            while pipeline.state == PSInvocationState.RUNNING:
                self._poll(pipeline, pool)
        except Exception as error:
            shown = explain(error, self.settings, self.host, "running a pipeline", opened=True)
            if run.feed is None and run.reading and isinstance(shown, SessionLostError):
                self.may_repeat = True
            if not (self.may_repeat and pool.state == RunspacePoolState.OPENED and not_begun(error)):
                self._pool = None
            elif cause_of(error) == "quota-commands":
                self._release(pool, 0)
            raise shown from error
        finally:
            with self._lock:
                self._running = None
        self._finished.append(pipeline.id)
        pool.pipelines.pop(pipeline.id, None)
        return pipeline.result()

    def _release(self, pool: RunspacePool, most: int) -> None:
        """Let the host forget finished pipelines until ``most`` are left: a shell holds 1,000 (Windows' quota)."""
        while len(self._finished) > most:
            with contextlib.suppress(WSManFaultError):  # it has forgotten it already
                pool.shell.signal(SignalCode.TERMINATE, self._finished.popleft())

    def _pipeline(self, pipeline: Pipeline, script: str) -> Pipeline:
        if self.settings.configuration_name != DEFAULT_CONFIGURATION and _COMMAND.fullmatch(script.strip()):
            pipeline.add_cmdlet(script.strip())
        else:
            pipeline.add_script(script)
        return pipeline

    def _begin(self, pipeline: Pipeline, feed: Iterable[str] | None) -> None:
        """Send the command; one whose answer was lost is asked for by the id that the client chose."""
        fed = False

        def parts(given: Iterable[str]) -> Iterator[str]:  # pypsrp wants a generator
            nonlocal fed
            fed = True
            yield from given

        given = parts(feed) if feed is not None else None
        try:
            pipeline.begin_invoke(given, remote_stream_options=RemoteStreamOptions.ADD_INVOCATION_INFO_TO_ERROR_RECORD)
        except WSManFaultError as error:
            if feed is not None and pipeline.state == PSInvocationState.RUNNING:
                return  # a script that ends before its input does refuses the rest; its output says why
            self.may_repeat = not fed and (not_begun(error) or is_shell_lost(error))
            raise
        except Exception as error:
            if not is_connection_lost(error):
                raise
            if pipeline.sent_whole and feed is None and cause_of(error) in ("broken", "read-timeout"):
                pipeline.presume_running()
                return
            self.may_repeat = not fed and (not_begun(error) or not pipeline.sent_whole)
            raise

    def _poll(self, pipeline: Pipeline, pool: RunspacePool) -> None:
        try:
            pipeline.poll_invoke()
        except WSManFaultError as error:
            if fault_code(error) == DISCONNECTED:
                log.info("%s: the shell was disconnected; connecting to it again", self.host)
                pool.state = RunspacePoolState.DISCONNECTED
                pool.connect()
                return
            if is_shell_lost(error) and pipeline.presumed and pool.is_alive():
                self.may_repeat = True  # the shell lives and never heard of the command
            raise

    def stop(self) -> bool:
        """Stop the running pipeline, from any thread; return whether one ran.

        The signal goes over a connection of its own: the pipeline's is busy waiting for output.
        """
        with self._lock:
            pipeline, pool, self._stopping = self._running, self._pool, True
        if pipeline is None or pool is None:
            return False
        if pipeline.state != PSInvocationState.RUNNING:
            return True  # run() stops it itself, once it has begun
        wsman = open_wsman(self.settings, self.host, self.clock)
        try:
            wsman.session_id = pool.connection.session_id
            shell = WinRS(wsman, resource_uri=pool.shell.resource_uri, id=pool.shell.id)
            shell._selector_set = pool.shell._selector_set  # noqa: SLF001 - it names the shell of the pipeline
            shell.signal(SignalCode.PS_CTRL_C, pipeline.id)
        except Exception as error:
            raise explain(error, self.settings, self.host, "stopping a pipeline", opened=False) from error
        finally:
            wsman.close()
        return True

    def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        pool, self._pool = self._pool, None
        try:
            if pool is not None:
                self._counted(Meter.for_closing(self.clock))
                pool.close()
        except Exception as error:  # noqa: BLE001 - nothing is lost when a pool cannot be given back
            log.debug("%s: the pool could not be closed: %s", self.host, error)
        finally:
            if self._wsman is not None:
                self._wsman.close()
                self._wsman = None

    def _counted(self, meter: Meter) -> None:
        """Let a meter count what comes from now on."""
        adapter = adapter_of(self._wsman.transport.session) if self._wsman is not None else None
        if adapter is not None:
            adapter.meter = meter

    def _open(self) -> RunspacePool:
        if self._pool is not None:
            return self._pool
        try:
            pool = repeat(self._opened, self.settings.retry, self.clock, again=is_transient, what=self.host)
        except Exception as error:
            raise explain(error, self.settings, self.host, "connecting", opened=False) from error
        self._pool = pool
        return pool

    def _opened(self) -> RunspacePool:
        """Return a pool that is open; one that failed half-way is left to the host's idle time-out."""
        if self._wsman is not None:
            self._wsman.close()
        self._wsman = wsman = open_wsman(self.settings, self.host, self.clock)
        self._counted(Meter(self.settings.budget, self.clock, opening=True))
        pool = RunspacePool(wsman, configuration_name=self.settings.configuration_name)
        use_values(pool)
        self._finished.clear()
        deadline = self.clock.now() + self.settings.read_timeout
        try:
            pool.open()
        except WSManFaultError as error:
            # a slow host: pypsrp does not expect that nothing has come yet
            if error.code != NOTHING_YET or pool.state != RunspacePoolState.NEGOTIATION_SENT:
                raise
            self._wait_opened(pool, deadline)
        return pool

    def _wait_opened(self, pool: RunspacePool, deadline: float) -> None:
        while pool.state == RunspacePoolState.NEGOTIATION_SENT:
            try:
                pool._receive()  # noqa: SLF001 - as its own open() does
            except WSManFaultError as error:
                if error.code != NOTHING_YET or self.clock.now() >= deadline:
                    raise
