"""Sessions over PSRP: one WSMan object and one runspace pool a session (pypsrp)."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from pypsrp.complex_objects import PSInvocationState, RemoteStreamOptions
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import RunspacePool
from pypsrp.shell import SignalCode, WinRS
from pypsrp.wsman import WSMan

from psnet.transport.failures import explain
from psnet.transport.files import get_file, put_file
from psnet.transport.pipeline import Pipeline, use_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from psnet.transport.output import Output
    from psnet.transport.records import Record
    from psnet.transport.settings import ConnectionSettings

log = logging.getLogger("psnet.transport.psrp")


class PsrpSession:
    """One runspace pool on one host, opened with the first script; use it from one thread at a time."""

    def __init__(self, settings: ConnectionSettings, host: str) -> None:
        self.settings = settings
        self.host = host
        self._wsman: WSMan | None = None
        self._pool: RunspacePool | None = None
        self._lock = threading.Lock()
        self._running: Pipeline | None = None
        self._stopping = False

    def __repr__(self) -> str:
        return f"PsrpSession({self.host!r})"

    def run(
        self, script: str, *, tell: Callable[[Record], None] | None = None, feed: Iterable[str] | None = None
    ) -> Output:
        """Run a script as one pipeline in the pool.

        ``tell`` hears each record on this thread as it comes; ``feed`` is sent as the script's input. Raises
        UnreachableError and its kin when no session can be had, SessionLostError when it ends in mid-pipeline. Errors
        of the script itself are in the output.
        """
        pool = self._open()
        pipeline = Pipeline(pool, tell)
        pipeline.add_script(script)
        with self._lock:
            self._running, self._stopping = pipeline, False
        try:
            self._begin(pipeline, feed)
            if self._stopping:  # asked for before there was anything to stop
                pool.shell.signal(SignalCode.PS_CTRL_C, pipeline.id)
            while pipeline.state == PSInvocationState.RUNNING:
                pipeline.poll_invoke()
        except Exception as error:
            self._pool = None
            raise explain(error, self.settings, self.host, "running a pipeline", opened=True) from error
        finally:
            with self._lock:
                self._running = None
        return pipeline.result()

    def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return put_file(self, self.host, source, remote)

    def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return get_file(self, self.host, remote)

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
        wsman = _wsman(self.settings)
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
                pool.close()
        except Exception as error:  # noqa: BLE001 - nothing is lost when a pool cannot be given back
            log.debug("%s: the pool could not be closed: %s", self.host, error)
        finally:
            if self._wsman is not None:
                self._wsman.close()
                self._wsman = None

    def _begin(self, pipeline: Pipeline, feed: Iterable[str] | None) -> None:
        given = (part for part in feed) if feed is not None else None  # pypsrp wants a generator
        try:
            pipeline.begin_invoke(given, remote_stream_options=RemoteStreamOptions.ADD_INVOCATION_INFO_TO_ERROR_RECORD)
        except WSManFaultError:
            if feed is None or pipeline.state != PSInvocationState.RUNNING:
                raise
            # a script that ends before its input does refuses the rest; why it ended comes with its output

    def _open(self) -> RunspacePool:
        if self._pool is not None:
            return self._pool
        settings = self.settings
        try:
            wsman = _wsman(settings)
            pool = RunspacePool(wsman, configuration_name=settings.configuration_name)
            use_values(pool)
            pool.open()
        except Exception as error:
            raise explain(error, settings, self.host, "connecting", opened=False) from error
        self._wsman, self._pool = wsman, pool
        return pool


def _wsman(settings: ConnectionSettings) -> WSMan:
    wsman = WSMan(settings.address, **_wsman_arguments(settings))
    session = wsman.transport._build_session()  # noqa: SLF001 - the only way to reach trust_env
    session.trust_env = False  # reading the proxy environment for each request costs 2 to 3 ms
    wsman.transport.session = session
    return wsman


def _wsman_arguments(settings: ConnectionSettings) -> dict[str, Any]:
    verify: bool | str = (settings.ca_file or True) if settings.verify else False
    secret = settings.password.get_secret_value() if settings.password else None
    return {
        "port": settings.effective_port,
        "ssl": settings.scheme == "https",
        "path": settings.path,
        "auth": settings.auth,
        "username": settings.user,
        "password": secret,
        "cert_validation": verify,
        "encryption": "auto" if settings.scheme == "https" else "always",
        "connection_timeout": settings.connect_timeout,
        "read_timeout": settings.read_timeout,
        "operation_timeout": settings.operation_timeout,
        "certificate_pem": settings.certificate_file,
        "certificate_key_pem": settings.certificate_key_file,
        **({"proxy": settings.proxy} if settings.proxy else {"no_proxy": True}),
    }
