"""Convert the reference's cmdlet facts (YAML) to what the lab loads (JSON): names, sets, types, values.

Usage: python tools/convert_cmdlets.py REFERENCE_FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).resolve().parent.parent / "psnet" / "powershell" / "facts" / "data"
MODULES = (
    "Containers",
    "Hyper-V",
    "NetAdapter",
    "NetNat",
    "NetSecurity",
    "NetTCPIP",
    "HostNetworkingService",
    "DnsClient",
    "NetConnection",
    "NetQos",
    "NetworkController",
    "PSDesiredStateConfiguration",
)
FACTS = ("type", "aliases", "accepted_values", "pipeline_input", "since_docset")


def convert(cmdlet: dict[str, Any]) -> dict[str, Any]:
    """Return what binding needs of one cmdlet."""
    parameters = {
        name: {key: fact[key] for key in FACTS if fact.get(key) not in (None, [], "False")}
        for name, fact in (cmdlet.get("parameters") or {}).items()
    }
    made = {
        "name": cmdlet["name"],
        "default_parameter_set": cmdlet.get("default_parameter_set"),
        "parameter_sets": cmdlet.get("parameter_sets") or {},
        "parameters": parameters,
        "supports_whatif": bool(cmdlet.get("supports_whatif")),
    }
    first = (cmdlet.get("availability") or {}).get("first_docset")
    return made | ({"first_docset": first} if first else {})


def slim(cmdlet: dict[str, Any]) -> dict[str, Any]:
    """Return a cmdlet's facts without the words for named and optional: 155 cmdlets of one module are all alike."""
    sets = {
        name: [{key: item[key] for key in item if item[key] not in (False, None, "named")} for item in members]
        for name, members in cmdlet["parameter_sets"].items()
    }
    return cmdlet | {"parameter_sets": sets}


def main() -> None:
    """Write one JSON file a module."""
    source = Path(sys.argv[1]) / "cmdlets"
    TARGET.mkdir(parents=True, exist_ok=True)
    for module in MODULES:
        data = yaml.safe_load((source / f"{module}.yaml").read_text(encoding="utf-8"))
        made = [convert(item) for item in data["cmdlets"]]
        if module == "NetworkController":
            made = [slim(item) for item in made]
        text = json.dumps(made, separators=(",", ":"), sort_keys=True)
        (TARGET / f"{module}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
