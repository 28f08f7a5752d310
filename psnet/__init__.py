"""Windows container networking as code.

Examples:
    >>> import psnet
    >>> with psnet.connect("psrp://admin@web01") as host:           # doctest: +SKIP
    ...     site = psnet.load_site("site.yaml").for_host("web01")
    ...     print(host.plan(site).counts())
    ...     host.apply(site)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from psnet.api import Host, connect
    from psnet.apply import Outcome, apply_script
    from psnet.errors import PsnetError
    from psnet.fleet.converge import HostResult
    from psnet.inventories import Inventory, load_inventory
    from psnet.planning import Change, Plan, plan
    from psnet.resources import ContainerNetwork, FirewallRule, NatStaticMapping
    from psnet.shell.fleet import open_inventory as inventory
    from psnet.site import Site, load_site, parse_site
    from psnet.state import HostState

__version__ = "0.1.0"

# Loaded when they are asked for: a command's --help needs none of them.
_WHERE: Final = {
    **dict.fromkeys(("Host", "connect"), "psnet.api"),
    **dict.fromkeys(("Outcome", "apply_script"), "psnet.apply"),
    "PsnetError": "psnet.errors",
    "HostResult": "psnet.fleet.converge",
    **dict.fromkeys(("Inventory", "load_inventory"), "psnet.inventories"),
    "HostState": "psnet.state",
    "inventory": "psnet.shell.fleet",
    **dict.fromkeys(("Change", "Plan", "plan"), "psnet.planning"),
    **dict.fromkeys(("ContainerNetwork", "FirewallRule", "NatStaticMapping"), "psnet.resources"),
    **dict.fromkeys(("Site", "load_site", "parse_site"), "psnet.site"),
}
# Called otherwise at home.
_CALLED: Final = {"inventory": "open_inventory"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module psnet has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), _CALLED.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})


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
    "inventory",
    "load_inventory",
    "load_site",
    "parse_site",
    "plan",
]
