"""One psnet works on a host at a time: who holds a host, and for how long."""

from __future__ import annotations

import getpass
import secrets
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from psnet.planning.model import Plan

#: A lease ends by itself after this many seconds; a script that runs for longer renews it.
SECONDS: Final = 300


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


#: How the id begins of a lease that is held for the host's own LCM: what it runs there takes none of its own.
FOR_LCM: Final = "lcm-"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who asks for a host: a user of a controller, and the run, which may be empty; ``id`` tells two of them apart."""

    run: str = ""
    user: str = field(default_factory=_user)
    controller: str = field(default_factory=socket.gethostname)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    seconds: int = SECONDS

    def values(self, plan: Plan | None = None) -> dict[str, Any]:
        """Return what a template takes; of a plan, the host must not have been held since its state was observed."""
        return {
            "id": self.id,
            "run": self.run,
            "user": self.user,
            "controller": self.controller,
            "seconds": self.seconds,
            "serial": -1 if plan is None else plan.lease.serial if plan.lease is not None else 0,
        }


def lcm_lease(seconds: int) -> Lease:
    """Return a lease for the host's Local Configuration Manager: resources of PSNetDsc know it by its id."""
    return Lease(id=f"{FOR_LCM}{secrets.token_hex(8)}", seconds=seconds)
