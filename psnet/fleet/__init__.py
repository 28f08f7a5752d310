"""One host's pipeline, and the same over many hosts."""

from psnet.fleet.converge import HostResult, apply_host, observe_host, plan_host
from psnet.fleet.pool import over_hosts

__all__ = ["HostResult", "apply_host", "observe_host", "over_hosts", "plan_host"]
