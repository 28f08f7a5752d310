"""Paths of psnet's files that are not Python: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: The name of psnet's PowerShell module of DSC resources.
DSC_MODULE: Final = "PSNetDsc"


def dsc_module_folder() -> Path:
    """Return the folder of the module PSNetDsc."""
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_bundle" / "dsc" / DSC_MODULE
    return bundled if bundled.is_dir() else package.parent / "dsc" / DSC_MODULE
