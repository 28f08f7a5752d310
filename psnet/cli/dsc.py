"""The commands of ``psnet dsc``."""

from __future__ import annotations

from psnet.cli import dsc_deliver, dsc_lcm, dsc_serve
from psnet.cli.dsc_mof import app

app.command("start")(dsc_deliver.start)
app.command("test")(dsc_deliver.find_drift)
app.command("status")(dsc_deliver.status)
app.command("get")(dsc_deliver.get)
app.command("publish")(dsc_deliver.publish)
app.command("update")(dsc_deliver.update)
app.command("remove")(dsc_deliver.remove)
app.command("lcm")(dsc_lcm.lcm)
app.add_typer(dsc_serve.app, name="serve")

__all__ = ["app"]
