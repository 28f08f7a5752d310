"""Switches that were not made by HNS: HNS lists them as networks of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.host.hns.objects import Network

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Switch
    from psnet.lab.host.hns.networks import Hns

_TYPES: Final = {"External": "Transparent", "Internal": "Internal", "Private": "Private"}


def unlisted(hns: Hns) -> list[Switch]:
    """Return the switches that no network stands for."""
    known = {item.id for item in hns.networks}
    return [item for item in hns.links.switches if item.network is None and item.id not in known]


def adopt(hns: Hns) -> None:
    """Bring the list of networks up to the host's switches: a new one is added, one that is gone is dropped."""
    # rule: hns-adopted-switches
    there = {item.id for item in hns.links.switches}
    hns.networks[:] = [item for item in hns.networks if not item.adopted or item.id in there]
    for switch in unlisted(hns):
        word = _TYPES[switch.type]
        made = Network(switch.id, switch.name, word.lower(), adapter=switch.adapter, word=word, named=False)
        made.adopted, made.updated = True, hns.filetime()
        hns.networks.append(made)
