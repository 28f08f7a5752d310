"""The limits of one host (defaults of a current Windows host)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quotas:
    """Names as in winrm/config and the shell's quotas."""

    max_envelope_size_kb: int = 500
    max_timeout_ms: int = 60000
    max_batch_items: int = 32000
    max_shells_per_user: int = 30
    max_concurrent_operations_per_user: int = 1500
    max_concurrent_commands_per_shell: int = 1000
    max_connections: int = 300
    max_processes_per_shell: int = 25
    max_concurrent_users: int = 10
    max_memory_per_shell_mb: int = 1024
    idle_timeout_ms: int = 7200000
    min_idle_timeout_ms: int = 60000

    @property
    def envelope_bytes(self) -> int:
        """The largest request, in bytes."""
        return self.max_envelope_size_kb * 1024
