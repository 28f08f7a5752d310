"""vmcompute.dll!HNSCall, for scripts that declare it with Add-Type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.lab.host import LabHost

# The declaration of microsoft/SDN's helper, in which white space and parameter names are free.
_SIGNATURE = re.compile(
    r'\[DllImport\("vmcompute\.dll"\)\]\s*public\s+static\s+extern\s+void\s+HNSCall\(\s*'
    + r"\s*,\s*".join([r"\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*string\s+\w+"] * 3)
    + r"\s*,\s*\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*out\s+string\s+\w+\s*\)\s*;"
)


def declares_hnscall(source: str) -> bool:
    """Say whether a member definition is exactly the known P/Invoke declaration of HNSCall."""
    return _SIGNATURE.fullmatch(source.strip()) is not None


def hns_call(host: LabHost, method: str, path: str, request: str) -> str:
    """Answer HNSCall; the response is the out parameter."""
    return host.hns.call(method, path, request)
