"""psnet from Python: ``psnet.connect``, and a host that can be observed, planned for and converged."""

from psnet.api.host import Host, connect
from psnet.report.display import register

__all__ = ["Host", "connect"]

register()
