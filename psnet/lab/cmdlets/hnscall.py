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
    r'\[DllImport\("vmcompute\.dll"\)\]\s*public\s+static\s+extern\s+(void|int|System\.Int32)\s+HNSCall\(\s*'
    + r"\s*,\s*".join([r"\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*string\s+\w+"] * 3)
    + r"\s*,\s*\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*out\s+string\s+\w+\s*\)\s*;"
)


def declares_hnscall(source: str, *, returns: bool = False) -> bool:
    """Say whether a member definition is exactly the known declaration of HNSCall, with or without its HRESULT."""
    match = _SIGNATURE.fullmatch(source.strip())
    return match is not None and (match[1] != "void") == returns


def _hns_call(host: Host, arguments: list[Any]) -> None:
    """Answer HNSCall(method, path, request, [ref] response)."""
    if len(arguments) != _ARGUMENTS or not isinstance(arguments[3], Reference):
        raise UnsupportedError("HNSCall with other than four arguments, the last one by reference")
    method, path, request = (to_string(item) for item in arguments[:3])
    if host.charges is not None:
        host.charges.hns(method, path)
    arguments[3].value = host.hns.call(method, path, request)


def _hns_result(host: Host, arguments: list[Any]) -> int:
    """Answer as _hns_call does and return the HRESULT: what HNS refuses stands in its answer, the call went well."""
    _hns_call(host, arguments)
    return 0  # rule: hns-call-result


def hns_native_types() -> list[NativeType]:
    """Return what Add-Type may declare on a host with HNS."""
    return [
        NativeType(matches=declares_hnscall, methods={"HNSCall": _hns_call}),
        NativeType(matches=lambda text: declares_hnscall(text, returns=True), methods={"HNSCall": _hns_result}),
    ]
