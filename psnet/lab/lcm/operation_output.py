"""The messages of the Local Configuration Manager's operations.

The forms of its lines are those that Microsoft's pages show for Start- and Test-DscConfiguration -Verbose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from psnet.lab.lcm.model import ResourceRun


class Client(Protocol):
    """Receives messages of an operation: a cmdlet that waits, or nothing."""

    def verbose(self, text: str) -> None:
        """Take a verbose line."""

    def warning(self, text: str) -> None:
        """Take a warning."""

    def error(self, message: str, error_id: str, category: str) -> None:
        """Take the error of a resource."""


class NullClient:
    """The client of what runs by itself."""

    def verbose(self, text: str) -> None:
        """Discard the message."""

    def warning(self, text: str) -> None:
        """Discard the message."""

    def error(self, message: str, error_id: str, category: str) -> None:
        """Discard the message."""


class OperationOutput:
    """Writes the lines of one operation."""

    def __init__(self, computer: str, client: Client) -> None:
        self.computer = computer
        self.client = client

    def step(self, word: str, what: str, resource: str = "", rest: str = "") -> None:
        """Write ``LCM:  [ Start  Set      ]  [[X]Y]``; ``rest`` follows at its end."""
        line = f"[{self.computer}]: LCM:  [ {word:<6} {what:<8} ]"
        if resource:
            line += f"  [{resource}]"
        self.client.verbose(f"{line}{rest}")

    def line(self, resource: str, text: str) -> None:
        """Write what a resource or the engine itself (resource "") says."""
        self.client.verbose(f"[{self.computer}]:                            [{resource}] {text}")

    def warning(self, resource: str, text: str) -> None:
        """Write a resource's warning."""
        self.client.warning(f"[{self.computer}]:                            [{resource}] {text}")

    def error(self, run: ResourceRun) -> None:
        """Write a resource's error."""
        if run.error is not None:
            self.client.error(run.error["Message"], run.error["FullyQualifiedErrorId"], run.error["Category"])
