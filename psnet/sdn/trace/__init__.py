"""Policy questions answered without touching anything: may this address reach that one at a port, and why."""

from psnet.sdn.trace.engine import Endpoint, Tracer
from psnet.sdn.trace.packet import Answer, Path, Question, Step

__all__ = ["Answer", "Endpoint", "Path", "Question", "Step", "Tracer"]
