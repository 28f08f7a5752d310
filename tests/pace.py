"""Bounds of time that hold on a busy computer too: as many times longer as starting a process takes longer there."""

from __future__ import annotations

import subprocess
import sys
import time

#: Seconds that starting Python takes on two cores that do nothing else.
_QUIET = 0.04


def on_a_quiet_computer(seconds: float) -> float:
    """Return what such a bound comes to here and now, at least itself."""
    began = time.monotonic()
    for _ in range(3):
        subprocess.run([sys.executable, "-I", "-c", "import json"], check=True)
    return seconds * max(1.0, (time.monotonic() - began) / 3 / _QUIET)
