"""From what is wanted and what is there to ordered changes; pure, no I/O. ``psnet.plan(site, state)`` plans."""

from psnet._internal.callable import callable_module
from psnet.plan.build import plan
from psnet.plan.model import Change, Compared, Plan
from psnet.plan.price import DOWNTIMES, Downtime, Price, too_dear

__all__ = ["DOWNTIMES", "Change", "Compared", "Downtime", "Plan", "Price", "plan", "too_dear"]

callable_module(__name__, plan)
