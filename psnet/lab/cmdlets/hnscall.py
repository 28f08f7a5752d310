"""vmcompute.dll!HNSCall, for scripts that declare it with Add-Type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psnet.lab.contract.types import NativeType
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.values import Reference

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_ARGUMENTS = 4

# The declaration of microsoft/SDN's helper, in which white space and parameter names are free.
_SIGNATURE = re.compile(
    r'\[DllImport\("vmcompute\.dll"\)\]\s*public\s+static\s+extern\s+void\s+HNSCall\(\s*'
    + r"\s*,\s*".join([r"\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*string\s+\w+"] * 3)
    + r"\s*,\s*\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*out\s+string\s+\w+\s*\)\s*;"
)


def declares_hnscall(source: str) -> bool:
    """Say whether a member definition is exactly the known P/Invoke declaration of HNSCall."""
    return _SIGNATURE.fullmatch(source.strip()) is not None


def _hns_call(host: Host, arguments: list[Any]) -> None:
    """Answer HNSCall(method, path, request, [ref] response)."""
    if len(arguments) != _ARGUMENTS or not isinstance(arguments[3], Reference):
        raise UnsupportedError("HNSCall with other than four arguments, the last one by reference")
    method, path, request = (to_string(item) for item in arguments[:3])
    arguments[3].value = host.hns.call(method, path, request)


def hns_native_types() -> list[NativeType]:
    """Return what Add-Type may declare on a host with HNS."""
    return [NativeType(matches=declares_hnscall, methods={"HNSCall": _hns_call})]
