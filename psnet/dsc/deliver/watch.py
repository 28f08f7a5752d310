"""Starts a run of the Local Configuration Manager, polls it across lost sessions, and reads its result."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Any, Final

from psnet.dsc.deliver.remote import render, run_template, upload
from psnet.dsc.status.model import read_lcm, read_run
from psnet.errors import (
    AuthenticationError,
    BusyError,
    CertificateError,
    HostError,
    RemoteError,
    SessionLostError,
    UnreachableError,
)
from psnet.powershell import Templates
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.dsc.status.model import LcmState, RunState
    from psnet.inventories import InventoryHost
    from psnet.planning.lease import Lease
    from psnet.transport import Session

log = logging.getLogger("psnet.dsc.deliver")
#: Seconds that a run may take unless --timeout says otherwise.
DEFAULT_TIMEOUT: Final = 1800.0
_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 3.0
_RESOURCE: Final = re.compile(r"\[(\[[^\]]+\][^\]]*)\]")
_STEP: Final = "starting the configuration"


class ReconnectingSession:
    """A session that is opened anew when it was lost; ``close`` leaves the first one to its owner."""

    def __init__(self, session: Session, host: InventoryHost) -> None:
        self._first = session
        self._session: Session | None = session
        self.host = host

    def run_template(self, step: str, name: str, **values: Any) -> dict[str, Any]:
        """Ask over the session that there is, or a new one."""
        if self._session is None:
            self._session = open_session(self.host.settings(), self.host.name)
        try:
            return run_template(self._session, self.host.name, step, name, **values)
        except (SessionLostError, UnreachableError):
            self.close()
            raise

    def close(self) -> None:
        """Give a session of its own back."""
        session, self._session = self._session, None
        if session is not None and session is not self._first:
            session.close()


def start(
    session: Session, host: InventoryHost, document: bytes | None, lease: Lease, *, force: bool = False
) -> tuple[str, str]:
    """Bring a document to the host and start it, in a task that outlives this session; return folder and task.

    Without a document the host pulls its own. The task holds the host until it ends, or the lease does; raises
    BusyError when another psnet holds it.
    """
    name = host.name
    values = _holding(lease)
    folder = upload(session, name, _STEP, {} if document is None else {"localhost.mof": document})
    task = f"psnet-dsc-{folder[-16:]}"
    script = f"{folder}\\run.ps1"
    try:
        run_template(
            session,
            name,
            _STEP,
            "start",
            task=task,
            script_path=script,
            script=render("run", force=force, pull=document is None, **values),
            command=f'-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{script}"',
            **values,
        )
    except RemoteError as error:
        if not error.error_id.startswith("PSNet.HostBusy"):
            raise
        run_template(session, name, _STEP, "clean", folder=folder)
        said = error.message.rpartition(" (")[0]
        raise BusyError(
            said, host=name, step=_STEP, remedy="wait until that psnet has ended; nothing was changed"
        ) from None
    return folder, task


def _holding(lease: Lease) -> dict[str, Any]:
    """Return what the templates take that hold a host."""
    using = Templates()
    return {"lease": lease.values(), "functions": [using.render(f"lib/{part}.ps1.j2") for part in ("folder", "lease")]}


def watch(
    line: ReconnectingSession,
    started: tuple[str, str],
    lease: Lease,
    before: str | None,
    timeout: float,
    progress: Callable[[str], None],
) -> tuple[LcmState, RunState]:
    """Ask how far a run is until it is over, and clean up; return the LCM's state and what came of the run.

    ``before`` is the job of the run before it. ``progress`` hears which resource is worked on. Lost connections are
    opened again until the time is over. Raises RemoteError when the configuration was refused, HostError when the
    time is over: the host goes on by itself then.
    """
    name, (folder, task) = line.host.name, started
    deadline = time.monotonic() + timeout
    pause, heard, lost = _PAUSE, 0, ""
    while True:
        try:
            said = line.run_template("watching the configuration", "poll", folder=folder, task=task)
            if _over(said):
                lcm, run = wait_until_idle(line, max(1.0, deadline - time.monotonic()))
                _finish(line, folder, task, lease)
                ended = _ended(said["end"] or {}, lcm, run, before, name)
                return lcm, ended if said["set"] is None else ended.model_copy(update={"changed": _listed(said["set"])})
        except (AuthenticationError, CertificateError):
            raise
        except (SessionLostError, UnreachableError) as error:
            log.info("%s: the connection is opened again: %s", name, error.message)
            lost = error.message
        else:
            if said["lines"] != heard:
                heard, pause = said["lines"], _PAUSE
                found = _RESOURCE.search(said["last"] or "")
                progress(found[1] if found else "")
        if time.monotonic() + pause > deadline:
            raise HostError(
                f"the configuration is not done after {timeout:.0f} seconds"
                + (f"; the connection was lost: {lost}" if lost else ""),
                host=name,
                step="watching the configuration",
                remedy="it goes on by itself: psnet dsc status shows what comes of it; --timeout waits longer",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _listed(ids: Any) -> tuple[str, ...]:
    return tuple(map(str, ids if isinstance(ids, list) else [ids]))


def _over(said: dict[str, Any]) -> bool:
    """Say whether a run is over: its task has ended, and no restart that the LCM makes itself is ahead."""
    state = str(said["state"]).lower()
    if state == "busy" or (state == "pendingreboot" and said["restarts"]):
        return False
    # A restart ends the task before it has said so; what went on after it is in the history.
    return not said["there"] or said["end"] is not None or (said["begun"] and not said["running"])


def _finish(line: ReconnectingSession, folder: str, task: str, lease: Lease) -> None:
    """Clean up; a restart has ended the task before it could give the host back."""
    try:
        line.run_template("cleaning up", "finish", folder=folder, task=task, **_holding(lease))
    except HostError as error:
        log.warning("%s: %s stays: %s", line.host.name, folder, error.message)


def _ended(end: dict[str, Any], lcm: LcmState, run: RunState | None, before: str | None, host: str) -> RunState:
    if run is not None and (run.job != before or (end.get("status") == "ok")):  # a pull may find nothing new
        said = f"{end['message']} ({end.get('error_id')})" if end.get("message") else None
        return (
            run if run.error is not None or run.status.lower() == "success" else run.model_copy(update={"error": said})
        )
    raise RemoteError(
        f"{end.get('message') or 'no run is in the history'} ({end.get('error_id') or 'no error'})",
        error_id=str(end.get("error_id") or ""),
        host=host,
        step=_STEP,
        remedy=_remedy(lcm),
    )


def _remedy(lcm: LcmState) -> str:
    if lcm.waits_for_restart:
        return "a configuration waits for a restart: restart the host, or say --force"
    mode = str(lcm.settings.values.get("RefreshMode")).lower()
    if mode != "push":
        return f"the host is in {mode} mode: psnet dsc lcm sets Push, or say --force"
    return "psnet dsc status shows how the host's Local Configuration Manager is"


def wait_until_idle(line: ReconnectingSession, timeout: float) -> tuple[LcmState, RunState | None]:
    """Wait until the Local Configuration Manager does nothing else; return its state and its last run.

    Raises HostError when it takes too long.
    """
    deadline = time.monotonic() + timeout
    pause = _PAUSE
    while True:
        said = line.run_template("waiting for the Local Configuration Manager", "status")
        lcm = read_lcm(said["lcm"], line.host.name)
        if not lcm.busy:
            return lcm, read_run(said["run"], line.host.name)
        if time.monotonic() + pause > deadline:
            raise HostError(
                f"it is still busy after {timeout:.0f} seconds: {lcm.detail}",
                host=line.host.name,
                step="waiting for the Local Configuration Manager",
                remedy="wait, say --force, or stop what runs with Stop-DscConfiguration",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
