"""Requests as people write them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Final

from psnet.errors import InputError
from psnet.sdn.trace.model import TraceRequest

_PORT: Final = re.compile(r"(\d{1,5})(?:/(tcp|udp))?", re.IGNORECASE)
_LAST: Final = 65535


def parse_request(
    source: str, destination: str, port: str, *, source_port: int = 49152, network: str | None = None
) -> TraceRequest:
    """Return the question whether an address reaches another at ``443/tcp`` or ``53/udp``, tcp unless said.

    ``network`` is the source's, by its path; ``source_port`` that of the connection. Raises InputError.
    """
    match = _PORT.fullmatch(port.strip())
    if match is None or not 1 <= int(match[1]) <= _LAST:
        raise InputError(f"--port {port} is no port", remedy="write 443/tcp or 53/udp")
    for option, text in (("--from", source), ("--to", destination)):
        try:
            ip_address(text)
        except ValueError:
            raise InputError(f"{option} {text} is no address", remedy="write an IP address") from None
    protocol: Any = (match[2] or "tcp").upper()
    return TraceRequest(
        source=source,
        destination=destination,
        protocol=protocol,
        port=int(match[1]),
        source_port=source_port,
        network=network,
    )
