"""What HCN, and HNS v1 from 2019 on, says of its own error codes (Microsoft's page HCNHResult)."""

from __future__ import annotations

from typing import Final

from psnet.lab.host.messages import win32_text

UNSUPPORTED: Final = 0x803B0015
_FACILITY_WIN32: Final = 0x8007
_TEXTS: Final = {
    0x803B0001: "The network was not found",
    0x803B0002: "The endpoint was not found",
    0x803B0006: "An adapter was not found",
    0x803B0007: "The switch-port was not found",
    0x803B0008: "An expected policy was not found",
    0x803B000A: "The provided network configuration is invalid or missing parameters",
    0x803B000B: "Invalid network type",
    0x803B000C: "The provided endpoint configuration is invalid or missing parameters",
    0x803B000D: "The provided policy configuration is invalid or missing parameters",
    0x803B000E: "Invalid policy type",
    0x803B0010: "A network with this name already exists",
    0x803B0012: "Policy information already exists on this object",
    0x803B0013: "The specified port already exists",
    0x803B0014: "This endpoint is already attached to the switch",
    UNSUPPORTED: "The specified request is unsupported",
    0x803B0016: "Port mapping is not supported on the given network",
    0x803B0017: "Endpoint is in invalid state",
    0x803B0018: "Cannot modify a switch shared by multiple networks",
    0x803B001B: "Invalid JSON document string",
    0x803B001E: "IP address is either invalid or not part of any configured subnet(s)",
    0x803B002D: "The internal port must exist and cannot be zero",
    0x803B002F: "An address provided is invalid or reserved",
    0x803B0030: "The prefix provided is invalid",
    0x803B0032: "The provided subnet configuration is invalid or missing parameters",
    0x803B0034: "The endpoint must be attached to complete the operation",
}


def code_text(code: int, culture: str) -> str | None:
    """Return the text of an HRESULT with a full stop and a blank, as the documents carry it; None for others.

    Only the Win32 codes are known in other languages.
    """
    if code >> 16 == _FACILITY_WIN32:
        return f"{win32_text(code & 0xFFFF, culture)} "
    return f"{_TEXTS[code]}. " if code in _TEXTS else None
