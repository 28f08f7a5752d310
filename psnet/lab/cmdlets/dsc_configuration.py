"""The cmdlets of PSDesiredStateConfiguration that deal with configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.dsc_common import document_in, lcm_of, local_only, waiting, write_remote
from psnet.lab.cmdlets.dsc_job import configuration_job
from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.objects import current_instance, method_result, status_instance, test_outputs
from psnet.lab.lcm.refusals import busy, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_REMOTE: Final = ("ComputerName", "CimSession", "Credential", "ThrottleLimit", "AsJob")
_STAGES: Final = {"current": 1, "pending": 2, "previous": 4}


@cmdlet("Start-DscConfiguration")
def start_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Apply the document of a folder, or the one that is there already."""
    only(p, "Wait", "Force", "Path", "UseExisting", "JobName", *_REMOTE)
    local_only(p)
    lcm = lcm_of(ctx)
    if not p.switch("UseExisting") and "Path" not in p:
        raise UnsupportedError("Start-DscConfiguration without -Path and -UseExisting")
    if not ctx.should_process("localhost", "Start-DscConfiguration"):
        return
    existing, force, stop = p.switch("UseExisting"), p.switch("Force"), ctx.runspace.stop
    if not p.switch("Wait"):
        yield from _begin(ctx, p, force=force)
        return
    with waiting(ctx, "ApplyConfiguration" if existing else "SendConfigurationApply") as client:
        if existing:
            lcm.apply_existing(force=force, client=client, stop=stop)
        else:
            lcm.send_apply(document_in(ctx, str(p["Path"])), force=force, client=client, stop=stop)
    yield from ()


def _begin(ctx: CmdletContext, p: Parameters, *, force: bool) -> Iterator[Any]:
    """Begin without waiting, and return the job."""
    lcm = lcm_of(ctx)
    try:
        data = None if p.switch("UseExisting") else document_in(ctx, str(p["Path"]))
        run, operation = lcm.send_apply_async(data, force=force)
    except HostRefusal as refusal:
        write_remote(ctx, refusal)
        return
    yield configuration_job(lcm, str(p.get("JobName") or ""), run, operation)


@cmdlet("Update-DscConfiguration")
def update_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Pull, and apply what is new."""
    only(p, "Wait", "JobName", *_REMOTE)
    local_only(p)
    if not ctx.should_process("localhost", "Update-DscConfiguration"):
        return
    lcm = lcm_of(ctx)
    if p.switch("Wait"):
        with waiting(ctx, "PerformRequiredConfigurationChecks") as client:
            lcm.update(client=client, stop=ctx.runspace.stop)
        return
    try:
        run, operation = lcm.update_async()
    except HostRefusal as refusal:
        write_remote(ctx, refusal)
        return
    yield configuration_job(lcm, str(p.get("JobName") or ""), run, operation, "Update-DscConfiguration")


@cmdlet("Publish-DscConfiguration")
def publish_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Keep a document as the pending one, without applying it."""
    only(p, "Path", "Force", *_REMOTE)
    local_only(p)
    if ctx.should_process("localhost", "Publish-DscConfiguration"):
        with waiting(ctx, "SendConfiguration") as client:
            data = document_in(ctx, str(p["Path"]))
            lcm_of(ctx).send(data, force=p.switch("Force"), client=client)
    yield from ()


@cmdlet("Test-DscConfiguration")
def test_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Say whether the host is in its desired state: as text, or in detail."""
    only(p, "Detailed", "Path", "ReferenceConfiguration", *_REMOTE)
    local_only(p)
    with waiting(ctx, "TestConfiguration") as client:
        data = None
        if "Path" in p:
            data = document_in(ctx, str(p["Path"]))
        elif "ReferenceConfiguration" in p:
            data = _reference(ctx, str(p["ReferenceConfiguration"]))
        run = lcm_of(ctx).test(data, client=client, stop=ctx.runspace.stop)
        if data is not None or p.switch("Detailed"):
            yield method_result("TestConfiguration", test_outputs(run), "localhost")
        else:
            yield "True" if not run.bad else "False"  # Microsoft's page: a string value


def _reference(ctx: CmdletContext, path: str) -> bytes:
    entry = ctx.host.files.find(ctx.runspace.full_path(path))
    if entry is None or entry.is_folder:
        raise refused("InvalidConfigPath", f"The file {path} does not exist.", "ObjectNotFound")
    return bytes(entry.data)


@cmdlet("Get-DscConfiguration")
def get_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return what every resource of the current configuration is like."""
    only(p, *_REMOTE)
    local_only(p)
    for bound, found in lcm_of(ctx).get(stop=ctx.runspace.stop):
        yield current_instance(bound, found)


@cmdlet("Get-DscConfigurationStatus")
def get_status(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the last run, or all of them, the newest first."""
    only(p, "All", *_REMOTE)
    local_only(p)
    lcm = lcm_of(ctx)
    running = lcm.gate.running
    if running is not None:
        raise busy("Get-DscConfigurationStatus", running.name)
    runs = lcm.history.runs()[::-1]
    for run in runs if p.switch("All") else runs[:1]:
        yield status_instance(lcm, run)


@cmdlet("Restore-DscConfiguration")
def restore_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Apply the previous configuration again."""
    only(p, *_REMOTE)
    local_only(p)
    if ctx.should_process("localhost", "Restore-DscConfiguration"):
        with waiting(ctx, "RollBack") as client:
            lcm_of(ctx).restore(client=client, stop=ctx.runspace.stop)
    yield from ()


@cmdlet("Stop-DscConfiguration")
def stop_configuration(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Cancel the operation that runs."""
    only(p, "Force", *_REMOTE)
    local_only(p)
    if ctx.should_process("localhost", "Stop-DscConfiguration"):
        lcm_of(ctx).cancel(force=p.switch("Force"))
    yield from ()


@cmdlet("Remove-DscConfigurationDocument")
def remove_document(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove the current, the pending or the previous document."""
    only(p, "Stage", "Force", *_REMOTE)
    local_only(p)
    stages = sum({_STAGES[str(item).lower()] for item in p.list("Stage") or []})
    if ctx.should_process("localhost", "Remove-DscConfigurationDocument"):
        lcm_of(ctx).remove(stages)
    yield from ()
