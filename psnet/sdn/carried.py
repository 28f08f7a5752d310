"""What a backend says about a plan that it carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.apply import Outcome


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a plan; ``conflicts`` are the paths that somebody changed, and then nothing was done."""

    outcomes: tuple[Outcome, ...] = ()
    conflicts: tuple[str, ...] = ()
