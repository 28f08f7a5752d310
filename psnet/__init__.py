"""Windows container networking as code.

>>> import psnet
>>> with psnet.connect("psrp://admin@web01") as host:           # doctest: +SKIP
...     site = psnet.load_site("site.yaml").for_host("web01")
...     print(host.plan(site).counts())
...     host.apply(site)
"""

from __future__ import annotations

from typing import Any

from psnet.api import Host, connect
from psnet.apply import Outcome, apply_script
from psnet.errors import PsnetError
from psnet.fleet.converge import HostResult
from psnet.inventory import Inventory, load_inventory
from psnet.observe.state import HostState
from psnet.plan import Change, Plan, plan
from psnet.resources import ContainerNetwork, FirewallRule, NatStaticMapping
from psnet.site import Site, load_site, parse_site

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """Give IPython and Jupyter ``%%powershell HOSTS`` (``%load_ext psnet``)."""
    from psnet.shell.magic import load_ipython_extension as load  # noqa: PLC0415 - for notebooks

    load(shell)


__all__ = [
    "Change",
    "ContainerNetwork",
    "FirewallRule",
    "Host",
    "HostResult",
    "HostState",
    "Inventory",
    "NatStaticMapping",
    "Outcome",
    "Plan",
    "PsnetError",
    "Site",
    "apply_script",
    "connect",
    "load_inventory",
    "load_site",
    "parse_site",
    "plan",
]
