"""Findings about resources of the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources import Finding

if TYPE_CHECKING:
    from psnet.resources.base import Severity
    from psnet.sdn.model import SdnResource


def finding(
    resource: SdnResource, identifier: str, reason: str, remedy: str, *, severity: Severity = "error", source: str = ""
) -> Finding:
    """Return a finding; one of severity error refuses the plan."""
    return Finding(
        id=f"sdn-{identifier}",
        severity=severity,
        resource=str(resource.identity),
        reason=reason,
        remedy=remedy,
        source=source,
    )
