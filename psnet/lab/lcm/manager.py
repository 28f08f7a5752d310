"""The Local Configuration Manager of one host.

Its methods are those of the CIM class MSFT_DSCLocalConfigurationManager; they raise ``HostRefusal``. Callers on the
wire hold the host's lock (see ``operation``). Facts: Microsoft's pages about the class, about state and status (WMF
5.0) and about the cmdlets.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm import apply as work
from psnet.lab.lcm import consistency, partial, store
from psnet.lab.lcm.core import NOBODY, START, Core, log
from psnet.lab.lcm.document import parse_document
from psnet.lab.lcm.operation_output import OperationOutput
from psnet.lab.lcm.refusals import TARGET, failed, refused
from psnet.lab.lcm.runner import ResourceFailed
from psnet.lab.lcm.settings import LISTS, parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.lcm.check import Bound
    from psnet.lab.lcm.model import Run
    from psnet.lab.lcm.operation import Operation
    from psnet.lab.lcm.operation_output import Client

CHECK: Final = "Consistency Check or Pull"
_STAGES: Final = ((1, store.CURRENT), (2, store.PENDING), (4, store.PREVIOUS))


class Lcm(Core):
    """One host's Local Configuration Manager."""

    # -- configurations ---------------------------------------------------------------------------

    def send(self, data: bytes, *, force: bool = False, client: Client = NOBODY) -> None:
        """Do SendConfiguration: keep a document as the pending one, without applying it."""
        with self.gate.operating("Publish-DscConfiguration", force=force):
            self.admit_push(force=force)
            if self.settings.listed("PartialConfigurations"):
                partial.save_document(self.files, self.settings, data)
                return
            parse_document(data)
            self.files.write(store.PENDING, data)
            OperationOutput(self.computer, client).line(
                "", "Configuration document successfully saved to pending state."
            )

    def send_apply(
        self,
        data: bytes,
        *,
        force: bool = False,
        client: Client = NOBODY,
        stop: Any = None,
        job_id: str | None = None,
    ) -> Run:
        """Do SendConfigurationApply: keep a document as pending and apply it."""
        with self.gate.operating(START, force=force) as operation:
            self.admit_push(force=force)
            self._refuse_partial()
            self.files.write(store.PENDING, data)
            run = self.begin("Initial", job_id)
            self.process(data, run, operation, client, stop, "SendConfigurationApply")
        self.restart_if(run)
        return run

    def send_apply_async(
        self, data: bytes | None, *, force: bool = False, job_id: str | None = None
    ) -> tuple[Run, Operation]:
        """Do SendConfigurationApplyAsync: begin, and return at once; without a document the existing one is applied."""
        operation = self.gate.enter(START, force=force)
        try:
            self.admit_push(force=force)
            if data is not None:
                self._refuse_partial()
                self.files.write(store.PENDING, data)
            held = data or self._existing()
            run = self.begin("Initial", job_id)
        except BaseException:
            self.gate.leave(operation)
            raise

        def go_on() -> None:
            operation.thread = threading.get_ident()
            try:
                self.process(held, run, operation, NOBODY, None, "SendConfigurationApplyAsync")
            finally:
                self.gate.leave(operation)
            self.restart_if(run)

        self.in_background(go_on)
        return run, operation

    def apply_existing(self, *, force: bool = False, client: Client = NOBODY, stop: Any = None) -> Run:
        """Do ApplyConfiguration: apply the pending document, else the current one."""
        with self.gate.operating(START, force=force) as operation:
            data = self._existing()
            run = self.begin("Initial")
            self.process(data, run, operation, client, stop, "ApplyConfiguration")
        self.restart_if(run)
        return run

    def _existing(self) -> bytes:
        """Return what -UseExisting applies: partial configurations merged, else what is pending, else current."""
        if self.settings.listed("PartialConfigurations"):
            data = partial.merged(self.files, self.settings)
            self.files.write(store.PENDING, data)
            return data
        return self.files.read(store.PENDING) or self.current()

    def _refuse_partial(self) -> None:
        if self.settings.listed("PartialConfigurations"):
            raise refused(
                "PartialConfigurationNotPublished",
                "Partial configurations are published (Publish-DscConfiguration) and then applied with -UseExisting.",
            )

    def restore(self, *, client: Client = NOBODY, stop: Any = None) -> Run:
        """Do RollBack: apply the previous document again."""
        with self.gate.operating("Restore-DscConfiguration") as operation:
            data = self.files.read(store.PREVIOUS)
            if data is None:
                raise failed("The previous configuration does not exist.")
            self.files.write(store.PENDING, data)
            run = self.begin("Initial")
            self.process(data, run, operation, client, stop, "RollBack")
        self.restart_if(run)
        return run

    def test(self, data: bytes | None = None, *, client: Client = NOBODY, stop: Any = None) -> Run:
        """Do TestConfiguration: a document, or the current one, against the host. Nothing is changed or kept."""
        with self.gate.operating("Test-DscConfiguration") as operation:
            document, bound = self.bound(self.current() if data is None else data)
            run = self.begin("ReadOnly", document=document)
            talk = OperationOutput(self.computer, client)
            self.guarded(operation, lambda: work.test(self.host, bound, self.session(operation, talk, stop), talk, run))
            return run

    def get(
        self, data: bytes | None = None, *, client: Client = NOBODY, stop: Any = None
    ) -> list[tuple[Bound, dict[str, Any]]]:
        """Do GetConfiguration: what every resource of a document is like on the host."""
        with self.gate.operating("Get-DscConfiguration") as operation:
            _, bound = self.bound(self.current() if data is None else data)
            session = self.session(operation, OperationOutput(self.computer, client), stop)
            try:
                found: list[tuple[Bound, dict[str, Any]]] = self.guarded(
                    operation, lambda: [(each, session.get(each)) for each in bound]
                )
            except ResourceFailed as failure:
                raise _refusal(failure) from failure
            return found

    def direct(self, bound: Bound, method: str, *, client: Client = NOBODY, stop: Any = None) -> Any:
        """Run one function of a resource: get gives its properties, test a Boolean, set whether to reboot."""
        with self.gate.operating("Invoke-DscResource") as operation:
            session = self.session(operation, OperationOutput(self.computer, client), stop)
            act: dict[str, Callable[[Bound], Any]] = {"get": session.get, "test": session.test, "set": session.change}
            try:
                return self.guarded(operation, lambda: act[method](bound))
            except ResourceFailed as failure:
                raise _refusal(failure) from failure

    def remove(self, stages: int) -> None:
        """Do RemoveConfiguration: 1 Current, 2 Pending, 4 Previous."""
        with self.gate.operating("Remove-DscConfigurationDocument"):
            for bit, name in _STAGES:
                if stages & bit:
                    self.files.remove(name)
            if stages & 1:
                self.files.remove(store.BACKUP)
            if stages & 2:
                self.reboot_job = None

    def cancel(self, *, force: bool = False) -> None:
        """Do StopConfiguration: ask the operation that runs to end, and wait for it."""
        _ = force
        running = self.gate.running
        if running is not None and running.thread != threading.get_ident():
            running.cancelled.set()
            self.gate.wait(running)

    # -- what it does by itself -----------------------------------------------------------------------

    def due(self) -> bool:
        """Return whether the host's clock has come to the next check or pull; cheap."""
        now, settings = self.host.clock.now(), self.settings
        if settings.refresh == "pull" and self.cycle.interval_elapsed("pull", now, settings["RefreshFrequencyMins"]):
            return True
        if self.files.read(store.CURRENT) is None and self.files.read(store.PENDING) is None:
            return False
        return self.cycle.interval_elapsed("check", now, settings["ConfigurationModeFrequencyMins"])

    def tick(self) -> Run | None:
        """Do what is due by the host's clock: pull, and check. Return the last run, None when nothing was to be done.

        For tests, after they have moved the clock; ``psnet lab up`` calls it by itself. What fails is in the history.
        """
        with self.gate.locked():
            now, settings = self.host.clock.now(), self.settings
            pulls = settings.refresh == "pull" and self.cycle.take("pull", now, settings["RefreshFrequencyMins"])
            checks = self.cycle.take("check", now, settings["ConfigurationModeFrequencyMins"])
            run = self._quietly(self.update) if pulls else None
            return self._quietly(self.check) if checks and run is None else run

    def _quietly(self, act: Callable[[], Run | None]) -> Run | None:
        """Do something whose failure is in the history, and return its run; one that is in the way is left out."""
        before = len(self.history.runs())
        try:
            return act()
        except HostRefusal as refusal:
            log.info("%s: %s", self.host.name, refusal.message)
            runs = self.history.runs()
            return runs[-1] if len(runs) > before else None

    def update(self, *, client: Client = NOBODY, stop: Any = None) -> Run | None:
        """Do what Update-DscConfiguration does: pull, and apply what is new; None when nothing is."""
        with self.gate.operating("Update-DscConfiguration") as operation:
            run = self._pulled(operation, client, stop, self.begin("Initial"))
        if run is not None:
            self.restart_if(run)
        return run

    def update_async(self) -> tuple[Run, Operation]:
        """Begin to pull, and return at once."""
        operation = self.gate.enter("Update-DscConfiguration")
        run = self.begin("Initial")

        def go_on() -> None:
            operation.thread = threading.get_ident()
            try:
                self._pulled(operation, NOBODY, None, run)
            finally:
                self.gate.leave(operation)
            self.restart_if(run)

        self.in_background(go_on)
        return run, operation

    def _pulled(self, operation: Operation, client: Client, stop: Any, run: Run) -> Run | None:
        from psnet.lab.lcm.pull import fetch  # noqa: PLC0415 - a server's client, needed by few hosts

        try:
            data = fetch(self, OperationOutput(self.computer, client))
        except HostRefusal as refusal:
            run.status, run.error = "Failure", refusal.message
            self.save_run(run)
            raise
        if data is None:
            return None
        self.files.write(store.PENDING, data)
        self.process(data, run, operation, client, stop, "PerformRequiredConfigurationChecks")
        return run

    def check(self, *, client: Client = NOBODY, stop: Any = None) -> Run | None:
        """Do PerformRequiredConfigurationChecks: a check of consistency now."""
        with self.gate.operating(CHECK) as operation:
            run = consistency.check(self, operation, client, stop)
        if run is not None:
            self.restart_if(run)
        return run

    # -- settings ---------------------------------------------------------------------------------

    def send_settings(self, data: bytes, *, client: Client = NOBODY, force: bool = False) -> None:
        """Do SendMetaConfigurationApply."""
        with self.gate.operating("Set-DscLocalConfigurationManager", force=force):
            talk = OperationOutput(self.computer, client)
            talk.step("Start", "Set")
            settings = parse_settings(data)
            before = self.files.read(store.META)
            if before is not None:
                self.files.write(store.META_BACKUP, before)
            self.files.write(store.META, data)
            self.cycle.begin(self.host.clock.now())
            if any(item.url for name in LISTS for item in settings.listed(name)):
                from psnet.lab.lcm.pull import register  # noqa: PLC0415 - a server's client, needed by few hosts

                register(self, settings)
            talk.step("End", "Set")


def _refusal(failure: ResourceFailed) -> HostRefusal:
    error = failure.error
    return HostRefusal(error["FullyQualifiedErrorId"], error["Message"], error["Category"], target=TARGET)
