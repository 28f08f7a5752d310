"""The answers of a recording by question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_interface
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_OID, uuid5

from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.recording import Record


#: The source of what `psnet record` wrote.
OWN: Final = "psnet record"
#: The reply to a change shows a moment, no state of a host.
_REPLY: Final = re.compile(r"(POST |New-).*|.*response.*", re.IGNORECASE)
#: The build from which on Get-NetNat does not list the NATs of HNS (claims c01, c02).
_NAT_UNSEEN: Final = 16299
_NETNAT: Final = "Get-NetNat"
_OF_HNS: Final = re.compile(r"H[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def kind_of(document: dict[str, Any]) -> str:
    """Return a network's type, by its other fields where the report was cut before it."""
    signs = {"DrMacAddress": "overlay", "GatewayMac": "ICS", "GatewayMacHash": "ICS", "NatName": "nat"}
    found = (kind for sign, kind in signs.items() if sign in document)
    return str(document.get("Type") or next(found, "nat" if document.get("Name") == "nat" else "Transparent"))


def _nat(document: dict[str, Any]) -> dict[str, Any]:
    subnets = document.get("Subnets") or [{}]
    name = document.get("NATName", f"H{document['ID']}")
    return {"Name": name, "InternalIPInterfaceAddressPrefix": subnets[0].get("AddressPrefix"), "Active": True}


def _network(nat: dict[str, Any]) -> dict[str, Any]:
    prefix = ip_interface(str(nat["InternalIPInterfaceAddressPrefix"]))
    subnet = {"AddressPrefix": str(prefix.network), "GatewayAddress": str(prefix.network.network_address + 1)}
    return {"ID": str(nat["Name"])[1:], "Name": "nat", "Type": "nat", "Subnets": [subnet]}


@dataclass(slots=True)
class Answers:
    """What was answered and what failed, by question; ``unplayed`` are the ids of records that are no such answer.

    ``complete_objects`` says that psnet recorded every property that the objects had, not only those of a report.
    """

    answered: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    unplayed: list[str] = field(default_factory=list)
    complete_objects: bool = False

    @classmethod
    def of(cls, records: Iterable[Record], *, replies: bool = False) -> Answers:
        """Sort records by their question; documents of several records of one question are put together.

        ``replies`` takes the replies to changes too.
        """
        given = list(records)
        made = cls(complete_objects=bool(given) and all(record.source == OWN for record in given))
        for record in given:
            found = questions.question(record)
            error = questions.failure(record)
            if found is None or (_REPLY.fullmatch(record.command) and not replies):
                made.unplayed.append(record.id)
            elif error is not None:
                made.failed[found[0]] = error
            elif isinstance(found[1], list):
                made.answered[found[0]] = [*made.answered.get(found[0], ()), *questions.whole(found[1])]
            else:
                made.answered[found[0]] = found[1]
        return made

    def complete(self, build: int) -> None:
        """Add what follows: a cut report's required fields have some value, and until 2016 WinNAT shows HNS's NATs."""
        networks = self.answered.get(questions.NETWORKS)
        for place, item in enumerate(networks or ()):
            item.setdefault("ID", item.pop("Id", None) or str(uuid5(NAMESPACE_OID, f"network {place}")))
            item.setdefault("Name", f"recorded-{place}")
            item.setdefault("Type", kind_of(item))
        for place, item in enumerate(self.answered.get(questions.ENDPOINTS) or ()):
            item.setdefault("ID", str(uuid5(NAMESPACE_OID, f"endpoint {place}")))
            item.setdefault("Name", f"recorded-{place}")
            item.setdefault("VirtualNetworkName", "recorded")
        if build >= _NAT_UNSEEN:
            return
        nats = self.answered.get(_NETNAT)
        if nats is None and networks:
            self.answered[_NETNAT] = [_nat(item) for item in networks if str(item["Type"]).lower() == "nat"]
        elif nats and networks is None:
            self.answered[questions.NETWORKS] = [_network(nat) for nat in nats if _OF_HNS.fullmatch(str(nat["Name"]))]

    def objects(self, key: str) -> list[dict[str, Any]] | None:
        """Return the recorded objects of a question, None where nothing was recorded."""
        return self.answered.get(key)

    def has_any(self, *keys: str) -> bool:
        """Say whether one of these questions was recorded."""
        return any(key in self.answered for key in keys)
