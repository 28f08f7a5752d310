"""Network namespaces: the host's own, and those that the containers of a pod share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.host.hns.objects import ATTACHED, DETACHED, SHARED, HnsError, Namespace

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Endpoint

#: The host's own, the same on every host.
DEFAULT: Final = "910f7d92-ba2d-4c3f-98ae-7c0ac590d2dc"
_DEFAULT_COMPARTMENT: Final = "b1062982-2b18-4b4f-b3d5-a78ddb9cdd49"

_UPDATED: Final = 133508076462025898


def all_of(hns: Hns) -> list[Namespace]:
    """Return every namespace, the host's first."""
    # rule: hns-default-namespace
    return [Namespace(DEFAULT, _DEFAULT_COMPARTMENT, 1, default=True, updated=_UPDATED), *hns.namespaces]


def namespace_of(hns: Hns, identifier: str) -> Namespace:
    """Return the namespace of an id; error 1168 when there is none."""
    found = next((item for item in all_of(hns) if item.id == identifier.lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), 0x80070490)  # rule: hns-namespace-unknown
    return found


def create(hns: Hns, schema: tuple[int, int] = (0, 0)) -> Namespace:
    """Make a namespace for containers; its compartment comes with its first endpoint."""
    made = Namespace(hns.ids.guid(), hns.ids.guid(), schema=schema, updated=hns.filetime())
    hns.namespaces.append(made)
    return made


def add_endpoint(hns: Hns, item: Namespace, endpoint: Endpoint) -> None:
    """Put an endpoint into a namespace; raise HnsError when it is attached already."""
    if endpoint.attached:
        raise HnsError(hns.text(183), 0x803B0014)  # rule: hns-attached-already
    item.compartment = item.compartment or 2 + len([each for each in hns.namespaces if each.compartment])
    item.endpoints.append(endpoint.id)
    endpoint.namespace = item.id
    endpoint.state = ATTACHED if item.default else SHARED  # rule: hns-endpoint-state-shared


def remove_endpoint(hns: Hns, item: Namespace, endpoint: Endpoint) -> None:
    """Take an endpoint out of a namespace."""
    if endpoint.id not in item.endpoints:
        raise HnsError(hns.text(1168), 0x80070490)  # rule: hns-namespace-unknown
    item.endpoints.remove(endpoint.id)
    endpoint.namespace, endpoint.state = "", DETACHED
