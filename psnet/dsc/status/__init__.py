"""What the Local Configuration Managers of a fleet say: states, runs, and which resources have drifted."""

from psnet.dsc.status.model import DscResult, LcmState, ResourceState, RunState, read_lcm, read_resources, read_run

__all__ = ["DscResult", "LcmState", "ResourceState", "RunState", "read_lcm", "read_resources", "read_run"]
