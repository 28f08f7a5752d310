"""JSON as ConvertTo-Json and ConvertFrom-Json of Windows PowerShell 5.1 and PowerShell 7 have it."""

from psnet.lab.dotnet.json_read import JsonError, from_json
from psnet.lab.dotnet.json_write import to_json

__all__ = ["JsonError", "from_json", "to_json"]
