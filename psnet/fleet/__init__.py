"""One host's pipeline, and the same over many hosts."""

from psnet.fleet.answers import FleetRun, HostAnswer, Verdict
from psnet.fleet.confirm import Confirmation
from psnet.fleet.converge import HostResult, apply_host, apply_plan, observe_host, plan_host
from psnet.fleet.news import Done, News, Planned, Tell, Work
from psnet.fleet.options import RunOptions, run_options
from psnet.fleet.run import About, Listener, run_fleet
from psnet.fleet.stop import Stop

__all__ = [
    "About",
    "Confirmation",
    "Done",
    "FleetRun",
    "HostAnswer",
    "HostResult",
    "Listener",
    "News",
    "Planned",
    "RunOptions",
    "Stop",
    "Tell",
    "Verdict",
    "Work",
    "apply_host",
    "apply_plan",
    "observe_host",
    "plan_host",
    "run_fleet",
    "run_options",
]
