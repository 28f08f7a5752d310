"""The prompt of ``psnet shell``: IPython when it is there, Python's own otherwise."""

from __future__ import annotations

import ast
import code
import sys
from typing import TYPE_CHECKING, Any

import psnet
from psnet.report.display import displayhook

if TYPE_CHECKING:
    from psnet.shell.fleet import Fleet

EXAMPLES = """\
fleet                                         the hosts; fleet["web"], fleet["web:&prod"], fleet["web01"], fleet.web01
fleet.observe()                               what each host has; an error of one hides no other
fleet.run("Get-NetAdapter")                   any PowerShell on each host
fleet.plan(psnet.load_site("site.yaml"))      what would change; fleet.apply(..., canary=True, serial="20%") changes it
host.networks                                 container networks, looked at now; .endpoints, .mappings, .firewall_rules
host.networks["web"].plan(subnet="10.9.0.0/24")                  what it would take; .apply(...) does it
host.networks.new("web", mode="nat", subnet="172.20.0.0/24")     a draft: .plan(), .apply()
host.ps.Get_NetNat()                          any cmdlet, its parameters completed and checked before it travels
host.ps.New_NetFirewallRule.script(DisplayName="x", LocalPort=[80, 443], Protocol="TCP")      only the PowerShell
help(host.ps.New_NetNat)                      its parameters, their values, the builds that have it
"""


def examples() -> None:
    """Print what can be typed here."""
    print(EXAMPLES, end="")  # noqa: T201 - it was asked for at a prompt


def namespace(fleet: Fleet | None) -> dict[str, Any]:
    """Return the names that a prompt begins with: psnet, fleet, a name for each host, and host for the first."""
    names: dict[str, Any] = {"psnet": psnet, "examples": examples}
    if fleet is not None:
        names["fleet"] = fleet
        for item in fleet.inventory_hosts:
            word = item.name.replace("-", "_").replace(".", "_")
            if word.isidentifier() and word not in names:
                names[word] = fleet.host(item.name)
        names["host"] = fleet.host(fleet.inventory_hosts[0].name)
    return names


def banner(fleet: Fleet | None) -> str:
    """Return what is said first."""
    hosts = f"fleet is {fleet!r}, host is {fleet.inventory_hosts[0].name}" if fleet is not None else "no inventory"
    return f"psnet {psnet.__version__}: {hosts}; examples() shows what to type"


def start(fleet: Fleet | None) -> None:
    """Run a prompt until it is left."""
    names = namespace(fleet)
    try:
        import IPython  # noqa: PLC0415 - the extra psnet[shell]
        from traitlets.config import Config  # noqa: PLC0415 - as above
    except ImportError:
        _plain(names, banner(fleet))
        return
    config = Config()
    config.TerminalInteractiveShell.banner1 = f"{banner(fleet)}\n"
    config.InteractiveShellApp.extensions = ["psnet.shell.magic"]
    IPython.start_ipython(argv=[], user_ns=names, config=config)


def _plain(names: dict[str, Any], text: str) -> None:
    try:
        import readline  # noqa: PLC0415 - not on Windows
        import rlcompleter  # noqa: PLC0415 - as above

        readline.set_completer(rlcompleter.Completer(names).complete)
        readline.parse_and_bind("tab: complete")
    except ImportError:
        pass
    sys.displayhook = displayhook(sys.displayhook)
    code.InteractiveConsole(names).interact(banner=text, exitmsg="")


def execute(fleet: Fleet | None, source: str) -> None:
    """Run lines as if they were typed, showing what each expression gives; the first error ends them."""
    names = namespace(fleet)
    before, sys.displayhook = sys.displayhook, displayhook(sys.displayhook)
    try:
        for statement in _statements(source):
            exec(compile(statement, "<psnet shell>", "single"), names)  # noqa: S102 - the user's own Python
    finally:
        sys.displayhook = before


def _statements(source: str) -> list[str]:
    return [ast.get_source_segment(source, node) + "\n" for node in ast.parse(source).body]  # type: ignore[operator]
