"""psnet's version, for rooms that must not import the whole package; it stands in the package, which is loaded first."""

from __future__ import annotations

import sys
from typing import Final

VERSION: Final[str] = sys.modules["psnet"].__version__
