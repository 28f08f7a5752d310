"""Write what psnet is built from as CycloneDX 1.6 (``make sbom``): the package and everything it needs, as installed.

Nothing is asked of the network; the same installation gives the same file, byte for byte.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement


def name_of(text: str) -> str:
    """Return a project's normal name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", text).lower()


def needs(found: Distribution, extras: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return what a distribution needs on this Python, each with the extras that are asked of it."""
    named: dict[str, frozenset[str]] = {}
    for text in found.requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            name = name_of(wanted.name)
            named[name] = named.get(name, frozenset()) | frozenset(wanted.extras)
    return named


def reached(root: str, extras: frozenset[str]) -> dict[str, tuple[Distribution, list[str]]]:
    """Return every distribution that one needs, with the names of what it needs itself."""
    made: dict[str, tuple[Distribution, list[str]]] = {}
    waiting = [(root, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, asked = waiting.pop()
        if (name, asked) in seen:
            continue
        seen.add((name, asked))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed here
        inner = needs(found, asked)
        below = {*(made[name][1] if name in made else ()), *inner}
        made[name] = (found, sorted(below))
        waiting += list(inner.items())
    return made


def component(name: str, found: Distribution, kind: str) -> dict[str, Any]:
    """Return a distribution as CycloneDX has it."""
    version = found.version
    licence = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    made: dict[str, Any] = {
        "type": kind,
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
    }
    if licence and "\n" not in licence:
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def document(extras: frozenset[str]) -> dict[str, Any]:
    """Return the whole bill."""
    found = reached("psnet", extras)
    refs = {name: f"pkg:pypi/{name}@{item.version}" for name, (item, _) in found.items()}
    parts = [component(name, item, "library") for name, (item, _) in sorted(found.items()) if name != "psnet"]
    links = [
        {"ref": refs[name], "dependsOn": [refs[each] for each in below if each in refs]}
        for name, (_, below) in sorted(found.items())
    ]
    body = {
        "metadata": {"component": component("psnet", found["psnet"][0], "application")},
        "components": parts,
        "dependencies": links,
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1, **body}


def main() -> int:
    """Write it to the file that is named, for psnet with the extras that follow."""
    path, *extras = sys.argv[1:]
    made = document(frozenset(extras))
    Path(path).write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{path}: {len(made['components'])} components\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
