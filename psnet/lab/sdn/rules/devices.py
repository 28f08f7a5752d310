"""Credentials, servers, MAC pools, and the settings of every virtual switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.sdn.errors import SdnError, invalid

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document


def check_credential(controller: Controller, made: Document, old: Document | None) -> None:
    """Check that a credential has what its type needs; a password that is not sent again is kept."""
    _ = controller
    fields, ref = made["Properties"], made["ResourceRef"]
    if old is not None and "Value" not in fields and old["Properties"]["Type"] == fields["Type"] == "UsernamePassword":
        fields["Value"] = old["Properties"]["Value"]
    if not fields.get("Value"):
        raise invalid(f"{ref} has no value.", ref)
    if (fields["Type"] == "UsernamePassword") != bool(fields.get("UserName")):
        raise invalid(f"{ref}: a credential of the type {fields['Type']} and its userName do not fit.", ref)


def check_connections(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a server: connections with addresses of its own."""
    _ = old
    mine = {address for each in made["Properties"].get("Connections", []) for address in each["ManagementAddresses"]}
    for type_name in ("Server", "VirtualServer"):
        for item in controller.all(type_name):
            theirs = {
                address for each in item["Properties"].get("Connections", []) for address in each["ManagementAddresses"]
            }
            shared = mine & theirs
            if item["ResourceRef"] != made["ResourceRef"] and shared:
                raise SdnError(
                    400,
                    "ManagementAddressInUse",
                    f"{min(shared)} is a management address of {item['ResourceRef']}.",
                    target=made["ResourceRef"],
                )


def check_mac_pool(controller: Controller, made: Document, old: Document | None) -> None:
    """Check that a MAC pool is a range, apart from the others."""
    _ = old
    low, high = _range(made)
    if low > high:
        raise invalid(f"{made['ResourceRef']} ends before it starts.", made["ResourceRef"])
    for item in controller.all("MacPool"):
        if item["ResourceRef"] != made["ResourceRef"]:
            start, end = _range(item)
            if low <= end and start <= high:
                raise SdnError(400, "MacPoolsOverlap", f"{made['ResourceRef']} overlaps {item['ResourceRef']}.")


def _range(item: Document) -> tuple[int, int]:
    fields = item["Properties"]
    return int(fields["StartMacAddress"], 16), int(fields["EndMacAddress"], 16)


def check_switch(controller: Controller, made: Document, old: Document | None) -> None:
    """Check the QoS settings of every virtual switch."""
    _ = controller, old
    settings = made["Properties"].get("QosSettings", {})
    if not 0 <= settings.get("LinkSpeedPercentage", 0) <= 100:
        raise invalid("linkSpeedPercentage is 0 to 100.", made["ResourceRef"])
