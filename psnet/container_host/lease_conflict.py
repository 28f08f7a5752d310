"""The error for a host that another psnet holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.errors import BusyError

if TYPE_CHECKING:
    from psnet.state import LeaseState
    from psnet.transport import Output

_IDS: Final = ("PSNet.HostBusy", "PSNet.HostChanged")
_REMEDY: Final = "wait until that psnet has ended, plan again, and apply; nothing was changed"


def busy_error(lease: LeaseState, host: str) -> BusyError:
    """Return the error for a host that is held."""
    run = f" (run {lease.run})" if lease.run else ""
    who = f"{lease.user} on {lease.controller}{run}"
    return BusyError(
        f"{who} works on this host, until {lease.until} at the latest", host=host, step="applying", remedy=_REMEDY
    )


def raise_busy(output: Output, host: str, step: str) -> None:
    """Raise BusyError when a script ended because somebody else holds the host, or has held it since."""
    for item in output.errors:
        if item.error_id.startswith(_IDS):
            raise BusyError(item.message, host=host, step=step, remedy=_REMEDY)
