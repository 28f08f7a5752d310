"""Counters of one host, for benchmarks and tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class HostStats:
    """Requests count at HTTP level, so the legs of an NTLM handshake are in ``requests`` (as ``Logon``)."""

    requests: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    connections: int = 0
    open_connections: int = 0
    shells: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    injected: int = 0

    def copy(self) -> HostStats:
        """Return a snapshot."""
        return HostStats(
            self.requests,
            self.bytes_in,
            self.bytes_out,
            self.connections,
            self.open_connections,
            self.shells,
            Counter(self.operations),
            self.faults,
            self.injected,
        )
