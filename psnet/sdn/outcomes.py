"""The outcomes of a controller's plan, one a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.apply import Outcome


@dataclass(frozen=True, slots=True)
class PlanOutcomes:
    """What became of a plan; ``conflicts`` are the paths that somebody changed, and then nothing was done.

    ``lost`` says that the session ended first: what is not known is not known until the controller is read again.
    """

    outcomes: tuple[Outcome, ...] = ()
    conflicts: tuple[str, ...] = ()
    lost: bool = False
