"""Sessions over PSRP: one WSMan object and one runspace pool a session (pypsrp)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pypsrp.complex_objects import PSInvocationState
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from psnet.transport.failures import explain
from psnet.transport.output import ErrorText, Output

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings

log = logging.getLogger("psnet.transport.psrp")


class PsrpSession:
    """One runspace pool on one host, opened with the first script; use it from one thread at a time."""

    def __init__(self, settings: ConnectionSettings, host: str) -> None:
        self.settings = settings
        self.host = host
        self._wsman: WSMan | None = None
        self._pool: RunspacePool | None = None

    def __repr__(self) -> str:
        return f"PsrpSession({self.host!r})"

    def run(self, script: str) -> Output:
        """Run a script as one pipeline in the pool.

        Raises UnreachableError and its kin when no session can be had, SessionLostError when it ends in
        mid-pipeline. Errors of the script itself are in the output.
        """
        pool = self._open()
        shell = PowerShell(pool)
        shell.add_script(script)
        try:
            objects = shell.invoke()
        except Exception as error:
            self._pool = None
            raise explain(error, self.settings, self.host, "running a pipeline", opened=True) from error
        streams = shell.streams
        return Output(
            objects=tuple(objects),
            errors=tuple(_error(record) for record in streams.error),
            warnings=tuple(str(record.message) for record in streams.warning),
            verbose=tuple(str(record.message) for record in streams.verbose),
            failed=shell.state == PSInvocationState.FAILED,
        )

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

    def _open(self) -> RunspacePool:
        if self._pool is not None:
            return self._pool
        settings = self.settings
        try:
            wsman = WSMan(settings.address, **_wsman_arguments(settings))
            session = wsman.transport._build_session()  # noqa: SLF001 - the only way to reach trust_env
            session.trust_env = False  # reading the proxy environment for each request costs 2 to 3 ms
            wsman.transport.session = session
            pool = RunspacePool(wsman, configuration_name=settings.configuration_name)
            pool.open()
        except Exception as error:
            raise explain(error, settings, self.host, "connecting", opened=False) from error
        self._wsman, self._pool = wsman, pool
        return pool


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


def _error(record: Any) -> ErrorText:
    message = getattr(record, "message", None) or getattr(record, "exception", None)
    return ErrorText(
        message=str(message if message is not None else record),
        error_id=str(getattr(record, "fq_error", "") or ""),
        category=str(getattr(record, "category", "") or ""),
    )
