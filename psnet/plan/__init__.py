"""From what is wanted and what is there to ordered changes; pure, no I/O."""

from psnet.plan.build import plan
from psnet.plan.model import Change, Plan

__all__ = ["Change", "Plan", "plan"]
