"""The wire of the lab: WSMan over HTTP(S), WinRS and PSRP, for any number of simulated hosts."""

from psnet.lab.wire.api import Account, Backend, LabHostLike
from psnet.lab.wire.auth import AuthPolicy
from psnet.lab.wire.faults import Fault, FaultPlan
from psnet.lab.wire.quotas import Quotas
from psnet.lab.wire.server import HostEndpoint, LabServer
from psnet.lab.wire.stats import HostStats

__all__ = [
    "Account",
    "AuthPolicy",
    "Backend",
    "Fault",
    "FaultPlan",
    "HostEndpoint",
    "HostStats",
    "LabHostLike",
    "LabServer",
    "Quotas",
]
