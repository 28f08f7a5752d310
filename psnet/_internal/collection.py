"""Where the Ansible collection is: in a wheel's bundle, else in the checkout. It is GPL, and only ever run."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def collection() -> Path:
    """Return the collection's folder."""
    package = Path(__file__).resolve().parent.parent
    bundled = package / "_bundle" / "ansible_collections" / "psnet" / "windows_containers"
    return bundled if bundled.is_dir() else package.parent / "ansible"
