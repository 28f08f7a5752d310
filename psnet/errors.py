"""The one exception hierarchy of psnet.

::

    PsnetError
    ├── InputError            a file or an argument is wrong (exit code 3)
    │   ├── SiteError         a declaration; carries every Problem found
    │   ├── InventoryError    hosts, groups, credentials
    │   └── UnknownNameError  no such thing; a KeyError too
    ├── PlanError             the declaration cannot be reached on that host
    │   └── ConflictError     somebody else changed it since the plan was made
    ├── RenderError           a value that may not become PowerShell
    ├── HostError             something went wrong with one host
    │   ├── UnreachableError  no session could be opened (exit code 4)
    │   │   ├── AuthenticationError
    │   │   ├── AccessDeniedError
    │   │   ├── CertificateError
    │   │   ├── QuotaError
    │   │   └── TimedOutError
    │   ├── SessionLostError  the session ended in mid-pipeline
    │   ├── WorkerLostError   the process or machine that worked on the host is gone
    │   ├── BusyError         another psnet works, or has just worked, on the host
    │   └── RemoteError       PowerShell said no; carries its FullyQualifiedErrorId
    ├── JournalError          a run could not be recorded, so it does not go on
    ├── OutputError           a file, or standard output, cannot be written
    └── LabError              the lab itself is misused

Each can be pickled with all its fields, so that it reaches the run from any worker. Each says what was being done, on
which host, to which resource, what PowerShell said, and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class PsnetError(Exception):
    """Base of every error that psnet raises on purpose.

    ``step`` is what was being done, ``remedy`` what to do next; both may be empty.
    """

    exit_code = 1

    def __init__(
        self, message: str, *, host: str | None = None, step: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.host = host
        self.step = step
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.args, self.__dict__)

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows of it: the sentence and the remedy, not the frames inside psnet."""
        lines = str(self).splitlines()  # a host may have said some of it: nothing of that moves a cursor
        return ["".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line) for line in lines]

    def __str__(self) -> str:
        where = f"{self.host}: " if self.host else ""
        doing = f"{self.step}: " if self.step else ""
        remedy = f"\n  remedy: {self.remedy}" if self.remedy else ""
        return f"{where}{doing}{self.message}{remedy}"


def _rebuilt(kind: type[PsnetError], args: tuple[Any, ...], fields: dict[str, Any]) -> PsnetError:
    """Make an error again from what was pickled, whatever its class takes to be made."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input file; ``line`` and ``column`` count from 1."""

    message: str
    path: str
    line: int | None = None
    column: int | None = None
    key: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        key = f"{self.key}: " if self.key else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{place}: {key}{self.message}{remedy}"


class InputError(PsnetError):
    """Something the user wrote is wrong; nothing was changed. ``problems`` holds all that was found."""

    exit_code = 3

    def __init__(self, message: str, problems: Sequence[Problem] = (), *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {problem}" for problem in self.problems)])


class SiteError(InputError):
    """A site declaration is wrong."""


class InventoryError(InputError):
    """An inventory, its variables or its credentials are wrong."""


class UnknownNameError(InputError, KeyError):
    """Nothing is called so; the remedy names what is."""


class PlanError(PsnetError):
    """What is declared cannot be reached on this host; the reason and the remedy say why."""

    exit_code = 3


class ConflictError(PlanError):
    """Somebody else changed what a plan changes since the plan was made; nothing was done."""


class RenderError(PsnetError):
    """A value that must not, or cannot, be written into PowerShell."""


class HostError(PsnetError):
    """Something went wrong while talking to one host.

    ``cause`` is a word that programs can tell causes apart by (docs/connections.md lists them), empty when there is
    none.
    """

    def __init__(
        self,
        message: str,
        *,
        host: str | None = None,
        step: str | None = None,
        remedy: str | None = None,
        cause: str = "",
    ) -> None:
        super().__init__(message, host=host, step=step, remedy=remedy)
        self.cause = cause


class UnreachableError(HostError):
    """No session could be opened on the host."""

    exit_code = 4


class AuthenticationError(UnreachableError):
    """The host refused the credentials."""


class AccessDeniedError(UnreachableError):
    """The host knows the user and does not let it in."""


class QuotaError(UnreachableError):
    """A quota of the host's WinRM service is used up; ``cause`` says which."""


class TimedOutError(UnreachableError):
    """The host did not answer in time; ``cause`` says which time-out."""


class CertificateError(UnreachableError):
    """The host's TLS certificate was not accepted."""


class SessionLostError(HostError):
    """The session ended while a pipeline ran; what it did is not known until the host is read again."""


class BusyError(HostError):
    """Another psnet works on the host, or has worked there since it was observed; nothing was changed."""


class ProtocolError(HostError):
    """What a host answered is not what WinRM answers, or more than its budget allows."""


class WorkerLostError(HostError):
    """The process or machine that worked on the host is gone; what it did is not known until the host is read again."""


class RemoteError(HostError):
    """PowerShell reported an error that ended the script; ``error_id`` is its FullyQualifiedErrorId."""

    def __init__(
        self,
        message: str,
        *,
        error_id: str = "",
        host: str | None = None,
        step: str | None = None,
        remedy: str | None = None,
        cause: str = "",
    ) -> None:
        super().__init__(message, host=host, step=step, remedy=remedy, cause=cause)
        self.error_id = error_id


class JournalError(PsnetError):
    """What is done cannot be recorded; nothing more is sent to a host."""


class OutputError(PsnetError):
    """What is to be written cannot be; no half of it is left."""


class LabError(PsnetError):
    """The lab was asked for something that it does not have."""

    exit_code = 3
