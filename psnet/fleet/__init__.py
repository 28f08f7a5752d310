"""One host's pipeline, and the same over many hosts."""

from psnet.apply.progress import Done, Planned, Progress, ProgressCallback
from psnet.fleet.answers import FleetRun, HostAnswer, Verdict
from psnet.fleet.converge import HostResult, apply_host, apply_plan, observe_host, plan_host
from psnet.fleet.operation import Operation
from psnet.fleet.options import RunOptions, run_options
from psnet.fleet.run import About, Listener, run_fleet
from psnet.fleet.stop import Stop
from psnet.targets import Confirmation

__all__ = [
    "About",
    "Confirmation",
    "Done",
    "FleetRun",
    "HostAnswer",
    "HostResult",
    "Listener",
    "Operation",
    "Planned",
    "Progress",
    "ProgressCallback",
    "RunOptions",
    "Stop",
    "Verdict",
    "apply_host",
    "apply_plan",
    "observe_host",
    "plan_host",
    "run_fleet",
    "run_options",
]
