"""One host's pipeline, and the same over many hosts."""

from psnet.apply.progress import Done, Planned, Progress, ProgressCallback
from psnet.fleet.converge import HostResult, apply_host, apply_plan, observe_host, plan_host
from psnet.fleet.operation import Operation
from psnet.fleet.options import RunOptions, run_options
from psnet.fleet.results import FleetRun, HostRun, ResultStatus
from psnet.fleet.run import Listener, RunInfo, run_fleet
from psnet.fleet.stop import Stop
from psnet.targets import Confirmation

__all__ = [
    "Confirmation",
    "Done",
    "FleetRun",
    "HostResult",
    "HostRun",
    "Listener",
    "Operation",
    "Planned",
    "Progress",
    "ProgressCallback",
    "ResultStatus",
    "RunInfo",
    "RunOptions",
    "Stop",
    "apply_host",
    "apply_plan",
    "observe_host",
    "plan_host",
    "run_fleet",
    "run_options",
]
