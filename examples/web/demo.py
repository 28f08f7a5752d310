"""`make demo`: two simulated Windows hosts, converged and proved, in under a minute."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from psnet.lab.run import make_hosts, running_lab

HERE = Path(__file__).resolve().parent
SITE = os.path.relpath(HERE / "site.yaml")


def step(console: Console, title: str, *arguments: str, inventory: Path, expect: int = 0) -> None:
    """Show a command, run it, and stop the demo when it does not end as it should."""
    console.print(Rule(title, style="dim", align="left"))
    console.print(f"[bold]$ psnet {' '.join(arguments)}[/]", highlight=False)
    console.print()
    code = subprocess.run(  # noqa: S603 - psnet itself
        [sys.executable, "-m", "psnet", *arguments],
        env={**os.environ, "PSNET_INVENTORY": str(inventory)},
        check=False,
    ).returncode
    console.print()
    if code != expect:
        console.print(f"[bold red]the demo went wrong: exit code {code}[/]")
        sys.exit(1)


def main() -> None:
    """Plan, apply, and plan again."""
    console = Console(highlight=False)
    console.print("Starting two simulated container hosts: Windows Server 2016 and 2022 ...\n")
    with (
        tempfile.TemporaryDirectory(prefix="psnet-demo-") as folder,
        running_lab(make_hosts(["2016", "2022"]), Path(folder), variables={"http_port": 8080}) as inventory,
    ):
        step(console, "What would change", "plan", SITE, inventory=inventory)
        step(console, "Change it, and verify", "apply", SITE, "--yes", inventory=inventory)
        step(console, "Nothing is left", "plan", SITE, "--detailed-exitcode", inventory=inventory)
        step(console, "What the hosts have now", "observe", inventory=inventory)
    console.print(Rule("Where to go next", style="dim", align="left"))
    console.print(
        f"""The site is [bold]{SITE}[/]; change a port in it and run

  .venv/bin/psnet lab up --os 2016 --os 2022 &          # hosts that stay, inventory in lab-hosts.yaml
  .venv/bin/psnet apply examples/minimal/site.yaml -i lab-hosts.yaml --yes
  .venv/bin/psnet render examples/minimal/site.yaml -i lab-hosts.yaml --out scripts

README.md tells the rest; examples/web/hosts.yaml shows an inventory of real hosts."""
    )


if __name__ == "__main__":
    main()
