"""The state of the Local Configuration Managers of a fleet: states, runs, and drifted resources."""

from psnet.dsc.status.model import DscResult, LcmState, ResourceState, RunState, read_lcm, read_resources, read_run

__all__ = ["DscResult", "LcmState", "ResourceState", "RunState", "read_lcm", "read_resources", "read_run"]
