"""IPython and Jupyter: ``%load_ext psnet``, then ``%%powershell HOSTS`` runs a cell on hosts.

HOSTS is an expression (``web01``, ``fleet["web"]``) of the notebook, a host or a fleet.
"""

from __future__ import annotations

from typing import Any

from psnet.errors import InputError
from psnet.report.display import register


def load_ipython_extension(shell: Any) -> None:
    """Register the cell magic."""

    def powershell(line: str, cell: str) -> Any:
        """Run the cell as PowerShell on a host or a fleet and return what it gives."""
        if not line.strip():
            raise InputError("which host?", remedy="write %%powershell web01, or %%powershell fleet['web']")
        target = shell.ev(line)
        if not hasattr(target, "run"):
            raise InputError(f"{line.strip()} is neither a host nor a fleet", remedy="give one of psnet's")
        return target.run(cell)

    register()
    shell.register_magic_function(powershell, magic_kind="cell", magic_name="powershell")
