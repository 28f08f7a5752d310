"""Convert the list of Windows PowerShell 5.1's own commands (YAML) to what ``psnet.powershell.facts.inbox`` loads.

Usage: python tools/convert_inbox.py inbox-commands-5.1.yaml

The list is what one real engine (5.1.14393) said of every command of every module that Windows Server brings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).resolve().parent.parent / "psnet" / "powershell" / "facts" / "data" / "inbox-5.1.json"


def convert(module: dict[str, Any]) -> dict[str, Any]:
    """Return a module: its version, its commands as [kind, {parameter: type}], the aliases that it exports."""
    commands = {name: [fact["kind"], fact["parameters"]] for name, fact in module["commands"].items()}
    return {"version": str(module["version"]), "commands": commands, "aliases": module.get("aliases") or []}


def main() -> None:
    """Write the file of facts."""
    modules = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    made = {name: convert(module) for name, module in modules.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(fact, separators=(',', ':'))}" for name, fact in made.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
