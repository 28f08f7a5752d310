"""Policy questions answered without touching anything: may this address reach that one at a port, and why."""

from psnet.sdn.trace.model import Path, Step, TraceOutcome, TraceRequest
from psnet.sdn.trace.tracer import Endpoint, Tracer

__all__ = ["Endpoint", "Path", "Step", "TraceOutcome", "TraceRequest", "Tracer"]
