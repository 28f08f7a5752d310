"""psnet's version, for modules that must not import the whole package, which holds it and is loaded first."""

from __future__ import annotations

import sys
from typing import Final

VERSION: Final[str] = sys.modules["psnet"].__version__
