"""From changes to a script, and from its output to outcomes."""

from psnet.apply.outcome import Outcome, Status, latest_outcome, read_outcomes
from psnet.planning.script import apply_script, step_texts

__all__ = ["Outcome", "Status", "apply_script", "latest_outcome", "read_outcomes", "step_texts"]
