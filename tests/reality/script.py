"""Scripts on a lab host, without the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file

if TYPE_CHECKING:
    from psnet.lab.engine.execute import ExecResult
    from psnet.lab.labhost import LabHost


def run(host: LabHost, text: str) -> ExecResult:
    """Run a script and return its output and errors; the ids of errors stand in ``errors``."""
    return run_file(host, text, registry=lab_registry(host))
