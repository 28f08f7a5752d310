"""One host's pipeline, and the same over many hosts."""

from psnet.fleet.confirm import Confirmation
from psnet.fleet.converge import HostResult, apply_host, observe_host, plan_host
from psnet.fleet.pool import over_hosts

__all__ = ["Confirmation", "HostResult", "apply_host", "observe_host", "over_hosts", "plan_host"]
