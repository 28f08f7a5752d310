"""What every kind of target has in common: its Protocol, and the pipeline that converges one."""

from psnet.targets.pipeline import apply_plan, converge
from psnet.targets.protocol import Applied, Confirmation, Connection, HostResult, Target, TargetKind

__all__ = ["Applied", "Confirmation", "Connection", "HostResult", "Target", "TargetKind", "apply_plan", "converge"]
