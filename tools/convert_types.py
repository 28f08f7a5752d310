"""Pack the list of .NET Framework's public types for ``psnet.powershell.facts.dotnet``.

Usage: python tools/convert_types.py dotnet-types.txt

A line of the list: name | kind | base | number of constructors | static members | instance members of its own.
Where it comes from: Mono's assemblies of its 4.5-4.8 profile.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "psnet" / "powershell" / "facts" / "data" / "dotnet-types.txt.gz"


def main() -> None:
    """Write the packed list."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    kept = sorted(line for line in lines if line and not line.startswith("#"))
    TARGET.write_bytes(gzip.compress("\n".join(kept).encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
