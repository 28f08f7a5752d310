"""The commands of ``psnet dsc``."""

from __future__ import annotations

from psnet.cli import dsc_serve
from psnet.cli.dsc_mof import app

app.add_typer(dsc_serve.app, name="serve")

__all__ = ["app"]
