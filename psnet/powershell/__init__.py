"""Python values to PowerShell text, and nothing else to PowerShell."""

from psnet.powershell.literal import Raw, literal
from psnet.powershell.template import Templates

__all__ = ["Raw", "Templates", "literal"]
