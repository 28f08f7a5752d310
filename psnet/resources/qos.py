"""Bandwidth limits of endpoints: QOS with MaximumOutgoingBandwidthInBytes (reference: hns.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from psnet.resources.base import Context, Finding
from psnet.resources.endpoint_policy import EndpointPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(bit|kbit|mbit|gbit|kbps|mbps|gbps|B/s|kB/s|MB/s|GB/s)")
_BITS = {"bit": 1, "kbit": 10**3, "mbit": 10**6, "gbit": 10**9, "kbps": 10**3, "mbps": 10**6, "gbps": 10**9}
_BYTES = {"B/s": 1, "kB/s": 10**3, "MB/s": 10**6, "GB/s": 10**9}


def _rate(value: Any) -> Any:
    """Read a rate: a number of bytes per second, or a text such as 100 Mbit or 12.5 MB/s."""
    if not isinstance(value, str) or value.strip().isdigit():
        return value
    text = value.strip()
    match = _RATE.fullmatch(text) or _RATE.fullmatch(text.lower())
    if match is None:
        raise ValueError(f"{text} is no rate: write bytes per second, or 100 Mbit, or 12.5 MB/s")
    number, unit = float(match[1]), match[2]
    return int(number * _BYTES[unit]) if unit in _BYTES else int(number * _BITS[unit] / 8)


Rate = Annotated[int, BeforeValidator(_rate, json_schema_input_type=int | str)]


class Qos(EndpointPolicy):
    """The limit of what an endpoint sends."""

    kind: ClassVar[str] = "qos"
    section: ClassVar[str] = "qos"
    policy_type: ClassVar[str] = "QOS"

    maximum_outgoing_bandwidth: Rate = Field(
        ge=1, le=2**63, description="bytes per second, or a text such as 100 Mbit or 12.5 MB/s"
    )

    def title(self) -> str:
        """Return the endpoint and the limit."""
        return f"{self.endpoint} at most {self.maximum_outgoing_bandwidth} B/s out"

    def policies(self) -> list[dict[str, Any]]:
        """Return the one policy."""
        return [{"Type": "QOS", "MaximumOutgoingBandwidthInBytes": self.maximum_outgoing_bandwidth}]

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield the findings against the resource on this host."""
        yield from super().check(context)
        if self.isolation(context) == "synthetic VM NIC":
            yield Finding(
                id="qos-hyperv",
                severity="warning",
                resource=str(self.identity),
                reason="the endpoint is the synthetic NIC of a utility VM: no source says that HNS limits it there",
                remedy="measure it, or use a container without Hyper-V isolation",
                source="hns.md, QOS",
            )
