"""The base of the Local Configuration Manager's operations: files, settings, the operation lock, runs, restarts."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine.flow import PipelineStopped
from psnet.lab.host.ids import Ids
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm import apply as work
from psnet.lab.lcm import store
from psnet.lab.lcm.certificates import Store
from psnet.lab.lcm.check import bind
from psnet.lab.lcm.consistency import Cycle
from psnet.lab.lcm.document import parse_document
from psnet.lab.lcm.history import History
from psnet.lab.lcm.model import Run
from psnet.lab.lcm.operation import OperationLock, Stop
from psnet.lab.lcm.operation_output import NullClient, OperationOutput
from psnet.lab.lcm.refusals import failed, no_current, not_succeeded
from psnet.lab.lcm.rewrite import with_setting
from psnet.lab.lcm.runner import Session
from psnet.lab.lcm.settings import Settings, parse_settings
from psnet.mof.model import Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from psnet.lab.engine.cmdlet import Registry
    from psnet.lab.host.model import Host
    from psnet.lab.lcm.check import Bound
    from psnet.lab.lcm.model import Document
    from psnet.lab.lcm.operation import Operation
    from psnet.lab.lcm.operation_output import Client

log = logging.getLogger("psnet.lab.lcm")

START: Final = "Start-DscConfiguration"
NOBODY: Final = NullClient()
_DEFAULT: Final = Settings()


class Core:
    """State and work of one host's Local Configuration Manager.

    ``restart`` restarts the host beside its connections (the wire sets it); without it the host restarts at once.
    ``registry`` returns the cmdlets that its PowerShell sessions have; ``started`` is when the host was, from which its
    cycles count.
    """

    def __init__(self, host: Host, registry: Callable[[], Registry], started: datetime) -> None:
        self.host = host
        self.registry = registry
        self.ids = Ids(f"{host.name}/{host.seed}/lcm")
        self.files = store.Files(host.files)
        self.history = History(self.files)
        self.certificates = Store()
        self.gate = OperationLock()
        self.agent_id = self.ids.guid().upper()
        self.restart: Callable[[], None] | None = None
        self.reboot_job: str | None = None  # the run that waits for a reboot
        self.cycle = Cycle(started)
        self.jobs = 0  # numbers that jobs took
        self._parsed: tuple[bytes, Settings] | None = None
        self._restarting = False
        self._quiet = threading.Condition()
        self._working = 0  # what runs in the background, a restart that is due included

    # -- state ------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings that hold."""
        data = self.files.read(store.META)
        if data is None:
            return _DEFAULT
        if self._parsed is None or self._parsed[0] != data:
            self._parsed = (data, parse_settings(data))
        return self._parsed[1]

    @property
    def state(self) -> str:
        """LCMState."""
        if self.gate.running is not None:
            return "Busy"
        if self.reboot_job is not None:
            return "PendingReboot"
        return "PendingConfiguration" if self.files.read(store.PENDING) is not None else "Idle"

    @property
    def state_detail(self) -> str:
        """LCMStateDetail: what an operation does, "" otherwise."""
        running = self.gate.running
        return "" if running is None else f"LCM is running {running.name}."

    def to_dict(self) -> dict[str, Any]:
        """Return what is not in the host's files, as plain data."""
        return {
            "agent": self.agent_id,
            "ids": self.ids.to_dict(),
            "reboot_job": self.reboot_job,
            "certificates": self.certificates.to_dict(),
        }

    def restored(self, data: dict[str, Any] | None) -> None:
        """Take over what ``to_dict`` gave (None: of a lab that had none); the cycle begins now."""
        self.cycle.begin(self.host.clock.now())
        if data is not None:
            self.agent_id, self.reboot_job = data["agent"], data["reboot_job"]
            self.ids.drawn = data["ids"]["drawn"]
            self.certificates.restore(data["certificates"])

    # -- work -------------------------------------------------------------------------------------

    def in_background(self, job: Callable[[], Any]) -> None:
        """Run something beside the sessions, in turn with them; refusals are in the history."""

        def body() -> None:
            try:
                with self.gate.locked():
                    job()
            except HostRefusal as refusal:
                log.info("%s: %s", self.host.name, refusal.message)
            except Exception:
                log.exception("%s: the Local Configuration Manager failed", self.host.name)
            finally:
                self._count(-1)

        self._count(1)
        threading.Thread(target=body, name="psnet-lab-lcm", daemon=True).start()

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until nothing runs in the background and no restart is due; return whether it came to that."""
        with self._quiet:
            return self._quiet.wait_for(lambda: not self._working, timeout)

    def _count(self, more: int) -> None:
        with self._quiet:
            self._working += more
            self._quiet.notify_all()

    def begin(self, kind: str, job_id: str | None = None, document: Document | None = None) -> Run:
        """Return the record of a run that begins now."""
        job = job_id or "{" + self.ids.guid().upper() + "}"
        run = Run(job, kind, str(self.settings["RefreshMode"]), self.host.clock.now())
        if document is not None:
            self.describe(run, document)
        return run

    def process(
        self,
        data: bytes,
        run: Run,
        operation: Operation,
        client: Client,
        stop: Any,
        method: str,
        *,
        framed: bool = True,
    ) -> None:
        """Apply a document and keep its record; raises HostRefusal when anything failed."""
        talk = OperationOutput(self.computer, client)
        try:
            document, bound = self.bound(data)
            self.describe(run, document)
            session = self.session(operation, talk, stop)
            self.guarded(operation, lambda: work.apply(self.host, bound, session, talk, run, framed=framed))
            if run.status != "Success":
                raise not_succeeded(method)
            if not run.reboot:
                self.files.promote()
        except HostRefusal as refusal:
            run.status, run.error = "Failure", run.error or refusal.message
            raise
        except BaseException as error:
            run.status, run.error = "Failure", run.error or str(error) or "The configuration was stopped."
            raise
        finally:
            self.save_run(run)
            self.reboot_job = run.job_id if run.reboot else None

    @staticmethod
    def describe(run: Run, document: Document) -> None:
        """Write down which document a run is about."""
        run.number = len(document.items)
        names = ("Author", "Name", "Version", "GenerationDate", "GenerationHost")
        run.meta_data = " ".join(f"{name}: {document.text(name)};" for name in names)

    def save_run(self, run: Run) -> None:
        """Put a finished run into the history."""
        now = self.host.clock.now()
        run.seconds = (now - run.start).total_seconds()
        self.history.add(run, now, int(self.settings["StatusRetentionTimeInDays"]))
        if self.settings.listed("ReportManagers"):
            from psnet.lab.lcm.pull import report  # noqa: PLC0415 - a server's client, needed by few hosts

            report(self, run)

    def boot(self) -> None:
        """Resume after the host's restart the operation that was pending."""
        self.cycle.begin(self.host.clock.now())
        job, self.reboot_job = self.reboot_job, None
        try:
            self._resume(job)
        finally:
            if self._restarting:
                self._restarting = False
                self._count(-1)

    def _resume(self, job: str | None) -> None:
        data = self.files.read(store.PENDING) or self.files.read(store.CURRENT)
        if job is None or data is None or self.settings["ActionAfterReboot"].lower() != "continueconfiguration":
            return

        def resume() -> None:
            with self.gate.operating(START) as operation:
                run = self.begin("Reboot", job)
                self.process(data, run, operation, NOBODY, None, "SendConfigurationApply")
            self.restart_if(run)

        if self.gate.host_lock is None:
            resume()
        else:
            self.in_background(resume)

    # -- helpers ----------------------------------------------------------------------------------

    @property
    def computer(self) -> str:
        """The host's name as its lines have it."""
        return str(self.host.environment["COMPUTERNAME"])

    def current(self) -> bytes:
        """Return the current document; raises HostRefusal when there is none."""
        data = self.files.read(store.CURRENT)
        if data is None:
            raise no_current()
        return data

    def bound(self, data: bytes) -> tuple[Document, tuple[Bound, ...]]:
        """Read a document and bind it to what the host has; raises HostRefusal."""
        document = parse_document(data)
        certificate = self.settings["CertificateID"]
        return document, bind(document, self.host.files, self.certificates, certificate)

    def session(self, operation: Operation, talk: OperationOutput, stop: Any) -> Session:
        """Return a session for the resources of an operation."""
        return Session(self.host, self.registry, talk, Stop(self.gate, operation, stop))

    def guarded(self, operation: Operation, job: Callable[[], Any]) -> Any:
        """Run a job; one that Stop-DscConfiguration or -Force ended becomes a refusal."""
        try:
            return job()
        except PipelineStopped:
            if operation.cancelled.is_set():
                raise failed(f"The {operation.name} operation was cancelled.") from None
            raise

    def admit_push(self, *, force: bool) -> None:
        """Refuse a push on a host that pulls, unless it is forced, which makes it push (page of the cmdlet)."""
        settings = self.settings
        if settings.refresh == "push":
            return
        if settings.refresh == "disabled" or not force:
            raise failed(
                f"The Local Configuration Manager is in {settings['RefreshMode']} mode; a configuration is pushed in "
                "Push mode, or with -Force in Pull mode."
            )
        self.change_setting("RefreshMode", Value("string", "Push"))

    def change_setting(self, name: str, value: Value) -> None:
        """Change one setting and leave the others as they are."""
        self.files.write(store.META, with_setting(self.files.read(store.META), name, value))

    def restart_if(self, run: Run) -> None:
        """Restart the host when a run asked for it and the settings allow it."""
        if not run.reboot or not self.settings["RebootNodeIfNeeded"]:
            return
        if self.restart is None:
            self.host.reboot()
            return
        self._restarting = True
        self._count(1)
        self.in_background(self.restart)
