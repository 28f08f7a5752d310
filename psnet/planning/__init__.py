"""From what is wanted and what is there to ordered changes; pure, no I/O. ``psnet.plan(site, state)`` plans."""

from psnet.planning.build import plan
from psnet.planning.model import Change, Compared, Plan
from psnet.planning.price import DOWNTIMES, Downtime, Price, exceeds_allowed_downtime

__all__ = ["DOWNTIMES", "Change", "Compared", "Downtime", "Plan", "Price", "exceeds_allowed_downtime", "plan"]
