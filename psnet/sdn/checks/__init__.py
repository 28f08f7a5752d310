"""Checks of a declaration before anything is sent to the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.sdn.checks.addresses import check_addresses
from psnet.sdn.checks.hosts import check_hosts
from psnet.sdn.checks.policies import check_policies
from psnet.sdn.checks.references import check_references
from psnet.sdn.checks.vips import check_vips
from psnet.sdn.state import ControllerState
from psnet.sdn.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Finding
    from psnet.sdn.model import Sdn

__all__ = ["check_hosts", "check_sdn", "lint_sdn"]


def check_sdn(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Yield what is wrong with the section ``sdn:`` on a controller that has ``state``."""
    broken = list(check_references(sdn, state))
    yield from broken
    yield from _within(sdn, Topology.of_declared(sdn, state))


def lint_sdn(sdn: Sdn) -> Iterator[Finding]:
    """Yield what is wrong with the section ``sdn:`` on any controller: what only a controller can say is left out."""
    yield from _within(sdn, Topology.of_declared(sdn, ControllerState(url=sdn.controller.base)))


def _within(sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    yield from check_addresses(sdn, topology)
    yield from check_vips(sdn, topology)
    yield from check_policies(sdn, topology)
