"""What the cmdlets of PSDesiredStateConfiguration share: their errors, their client, their documents."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError, make_exception
from psnet.lab.engine.records import ErrorRecord, InvocationInfo
from psnet.lab.host.refusal import CIM_EXCEPTION, HostRefusal
from psnet.lab.lcm.refusals import CLASS, NAMESPACE, refused
from psnet.powershell.facts.cmdlets import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.lcm.manager import Lcm

MODULE: Final = "PSDesiredStateConfiguration"
_LOCAL: Final = "localhost"


def dsc_entries() -> list[dict[str, Any]]:
    """Return the facts of the module's cmdlets; it is version 1.1 on every build.

    Where a page's syntax and its parameter section disagree, a parameter that one of them requires is required.
    """
    found = entries(MODULE, "2025")
    for entry in found:
        for members in entry["parameter_sets"].values():
            for member in members:
                member["mandatory"] = member["mandatory"] or bool(member.get("parameter_section_required"))
    return found


class CmdletClient:
    """A cmdlet that waits: it passes on what is said at once, and errors when the operation has ended."""

    def __init__(self, ctx: CmdletContext) -> None:
        self._ctx = ctx
        self._errors: list[HostRefusal] = []

    def verbose(self, text: str) -> None:
        """Write a verbose line."""
        self._ctx.write_verbose(text)

    def warning(self, text: str) -> None:
        """Write a warning."""
        self._ctx.write_warning(text)

    def error(self, message: str, error_id: str, category: str) -> None:
        """Keep an error for the end: an error action of Stop must not leave the operation half done."""
        self._errors.append(HostRefusal(error_id, message, category))

    def flush(self, write: Callable[[CmdletContext, HostRefusal], None] | None = None) -> None:
        """Write the errors."""
        errors, self._errors = self._errors, []
        for refusal in errors:
            (write or write_remote)(self._ctx, refusal)


def write_remote(ctx: CmdletContext, refusal: HostRefusal) -> None:
    """Write an error as the CIM class reports it."""
    ctx.write_error(remote_record(refusal))


def remote_record(refusal: HostRefusal) -> ErrorRecord:
    """Return an error as the CIM class reports it: its id has no cmdlet's name at its end."""
    record = ErrorRecord(make_exception(CIM_EXCEPTION, refusal.message), refusal.error_id, refusal.category, None)
    record.invocation = InvocationInfo(None, None)
    if refusal.target is not None:
        record.target_name, record.target_type = refusal.target, "String"
    return record


@contextmanager
def waiting(ctx: CmdletContext, method: str) -> Iterator[CmdletClient]:
    """Run a method of the Local Configuration Manager for a cmdlet, with its lines around and its errors after."""
    client = CmdletClient(ctx)
    start = ctx.host.clock.now()
    ctx.write_verbose(
        f"Perform operation 'Invoke CimMethod' with following parameters, ''methodName' = {method},'className' = "
        f"{CLASS},'namespaceName' = {NAMESPACE}'."
    )
    try:
        yield client
    except HostRefusal as refusal:
        client.flush()
        write_remote(ctx, refusal)
    client.flush()
    ctx.write_verbose("Operation 'Invoke CimMethod' complete.")
    seconds = (ctx.host.clock.now() - start).total_seconds()
    ctx.write_verbose(f"Time taken for configuration job to complete is {seconds:.3f} seconds")


def local_only(p: Parameters) -> None:
    """Refuse loudly to work on other hosts, with other credentials or as a job of CDXML."""
    for name in ("CimSession", "Credential", "AsJob"):
        if name in p:
            raise UnsupportedError(f"parameter -{name}: the lab's hosts manage themselves only")
    for name in p.list("ComputerName") or []:
        if str(name).lower() != _LOCAL:
            raise UnsupportedError(
                f"-ComputerName {name}: from a remote session a host reaches itself as localhost only"
            )


def lcm_of(ctx: CmdletContext) -> Lcm:
    """Return the host's Local Configuration Manager."""
    found: Lcm = ctx.host.lcm
    return found


def document_in(ctx: CmdletContext, path: str, suffix: str = ".mof") -> bytes:
    """Return ``localhost.mof`` of a folder; documents for other computers are refused.

    A session over the network cannot go on to another computer, nor to its own by its name (the second hop has
    no credentials), so that a document must be named localhost.
    """
    folder = ctx.runspace.full_path(path)
    entry = ctx.host.files.find(folder)
    if entry is None or not entry.is_folder:
        raise refused("InvalidConfigPath", f"The folder {path} does not exist.", "ObjectNotFound")
    names = [item.name for item in (entry.children or {}).values() if not item.is_folder]
    found = [name for name in names if name.lower().endswith(suffix)]
    if suffix == ".mof":
        found = [name for name in found if not name.lower().endswith(".meta.mof")]
    if not found:
        raise refused("NoConfigurationFile", f"The folder {path} holds no *{suffix}.", "ObjectNotFound")
    for name in found:
        if name.lower() != f"{_LOCAL}{suffix}":
            raise UnsupportedError(
                f"{name}: name the document localhost{suffix}; the lab's hosts manage themselves only"
            )
    return bytes(ctx.host.files.read(f"{folder}\\{found[0]}"))
