"""The model of the Network Controller: resources by path, ETags, provisioning, what is enforced.

Both faces, cmdlets and REST, go through ``get``, ``collection``, ``put`` and ``delete``; everything is refused with
``SdnError``. Provisioning runs on the clock: a write is Updating until it is due, and every call settles what is due.
"""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, Any

from psnet.lab.host.clock import Clock
from psnet.lab.host.ids import Ids
from psnet.lab.sdn import compose, enforced, provisioning
from psnet.lab.sdn.errors import SdnError, busy, etag_mismatch, in_use, no_parent, not_found
from psnet.lab.sdn.provisioning import DEFAULT_SECONDS, Faults, Operation, SdnFault
from psnet.lab.sdn.references import Index, Reference, back_references, indexed, references
from psnet.lab.sdn.resource_paths import ROOTS, Place, place_of, root_kind
from psnet.lab.sdn.rules import check
from psnet.lab.sdn.rules.gateways import peering_state
from psnet.lab.sdn.types import sdn_type
from psnet.lab.sdn.typetable import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.lab.host.model import Host
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.resource_paths import Kind


class Controller:
    """A Network Controller. ``authentication`` is None or X509 (who may call); ``seconds`` a write's usual time.

    ``nodes`` is at how many addresses REST answers.
    ``enforced`` holds what was pushed southbound: the documents whose last write succeeded, by lower-case path.
    ``hosts`` are the lab's other hosts; ``unhealthy`` the IP configurations (lower-case paths) that probes find down.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        seed: str = "nc",
        authentication: str = "None",
        seconds: float = DEFAULT_SECONDS,
        nodes: int = 1,
        faults: tuple[SdnFault, ...] = (),
    ) -> None:
        self.clock = clock or Clock()
        self.ids = Ids(f"sdn/{seed}")
        self.authentication = authentication
        self.seconds = seconds
        self.nodes = nodes
        self.faults = Faults(faults)
        self.documents: dict[str, Document] = {}
        self.enforced: dict[str, Document] = {}
        self.operations: dict[str, Operation] = {}
        self.pending: list[Operation] = []
        self.urls: list[str] = []
        self.thumbprints: set[str] = set()
        self.hosts: Sequence[Host] = ()
        self.unhealthy: set[str] = set()
        self.lock = threading.RLock()

    # -- reading ---------------------------------------------------------------------------------------------------

    def show(self, path: str) -> Document:
        """Return one resource as the answer to a write does; raises SdnError (404)."""
        with self.lock:
            self.settle()
            place = place_of(path)
            if place.collection:
                raise not_found(path)
            return self._shown(place.kind, self._stored(place))

    def get(self, path: str) -> Document:
        """Return one resource as a client reads it; raises SdnError (404)."""
        with self.lock:
            shown = self.show(path)
            self._lost(str(shown["ResourceRef"]))
            return shown

    def collection(self, path: str) -> list[Document]:
        """Return a collection."""
        with self.lock:
            self.settle()
            place = place_of(path)
            if len(place.kinds) == 1:
                found = [item for item in self.documents.values() if _root_is(item, place.kind)]
            else:
                parent = self._stored(Place(place.kinds[:-1], place.ids[: len(place.kinds) - 1]))
                found = parent["Properties"].get(place.kind.holder, [])
            known = indexed(self.known())
            shown = [self._shown(place.kind, item, known) for item in found]
            for item in shown:
                self._lost(str(item["ResourceRef"]))
            return shown

    def find(self, ref: str) -> Document | None:
        """Return a stored resource by its path, None when there is none."""
        with self.lock:
            try:
                place = place_of(ref)
                return None if place.collection else self._stored(place)
            except SdnError:
                return None

    def all(self, type_name: str) -> Iterator[Document]:
        """Return every stored root resource of a type."""
        kind = next(each for each in ROOTS if each.type == type_name)
        return (item for item in list(self.documents.values()) if _root_is(item, kind))

    def known(self) -> Iterator[Reference]:
        """Return every reference of every stored resource."""
        for item in list(self.documents.values()):
            yield from references(_root(item).type, item)

    def _stored(self, place: Place) -> Document:
        found = self.documents.get(f"/{place.kinds[0].segment}/{place.ids[0]}".lower())
        for kind, name in zip(place.kinds[1:], place.ids[1:], strict=True):
            items = found["Properties"].get(kind.holder, []) if found else []
            found = next((item for item in items if item["ResourceId"].lower() == name.lower()), None)
        if found is None:
            raise not_found(place.ref())
        return found

    def _shown(self, kind: Kind, item: Document, known: Index | None = None) -> Document:
        known = indexed(self.known()) if known is None else known
        shown = copy.deepcopy({key: value for key, value in item.items() if key != "Properties"})
        properties = {**back_references(kind.type, item["ResourceRef"], known), **copy.deepcopy(item["Properties"])}
        if kind.type == "Credential" and properties.get("Type") == "UsernamePassword":
            properties.pop("Value", None)  # [MS-NCNBI] 3.1.5.2: a password is not given back
        if kind.type == "NetworkConnection":
            # rule: sdn-shared-secret-hidden
            properties.get("IpSecConfiguration", {}).pop("SharedSecret", None)
        if kind.type == "VirtualNetworkPeering":
            properties["PeeringState"] = peering_state(self, item)
        if kind.type == "NetworkInterface":
            properties.update(self._server(item["ResourceRef"]))
        for child in kind.children:
            inner = item["Properties"].get(child.holder, [])
            properties[child.holder] = [self._shown(child, each, known) for each in inner]
        order = ["ProvisioningState", *(field.name for field in sdn_type(RESOURCES[kind.type]).fields.values())]
        return {**shown, "Properties": {name: properties[name] for name in dict.fromkeys(order) if name in properties}}

    def _server(self, interface: str) -> Document:
        """Return the reference to the server whose host has a port of an interface."""
        carried = enforced.enforced_at(self, interface)
        if carried is not None and carried[1] is not None:
            return {"Server": {"ResourceRef": carried[0]}}
        if not any(host.hns.endpoints for host in self.hosts):
            return {}
        for port in enforced.ports(self):
            found = enforced.placed(self, port) if port.interface == interface else None
            if found is not None:
                return {"Server": {"ResourceRef": found[0]}}
        return {}

    # -- writing ---------------------------------------------------------------------------------------------------

    def _to_change(self, path: str) -> tuple[Place, Place, Document | None]:
        """Return the place that a request changes, the top resource that holds it, and that one's document."""
        self.settle()
        place = place_of(path)
        if place.collection:
            raise SdnError(405, "MethodNotAllowed", f"{path} is a collection.", target=path)
        root = Place(place.kinds[:1], place.ids[:1])
        return place, root, self.documents.get(root.ref().lower())

    def put(self, path: str, given: Any, etag: str | None = None) -> Operation:
        """Create or replace a resource; ``etag`` must be its present one. Returns the operation to wait for."""
        with self.lock:
            place, root, old = self._to_change(path)
            self._may_write(place, old, etag)
            whole = compose.with_child(old, place, given) if len(place.kinds) > 1 else given
            made = compose.composed(root, whole, old, self.ids)
            compose.resolved(self, root, made)
            check(self, root.kind.type, made, old)
            self._kept(made, old, root)
            operation = self._begin(root.ref(), deletes=False)
            compose.stamp(root.kind, made, self._etag(), "Updating")
            self.documents[root.ref().lower()] = made
            self.settle()
            return operation

    def delete(self, path: str, etag: str | None = None) -> Operation | None:
        """Remove a resource; None when there is none. Refused while something refers to it."""
        with self.lock:
            place, root, old = self._to_change(path)
            if self.find(place.ref()) is None or place.kind.single:
                return None
            self._may_write(place, old, etag)
            self._unused(place)
            assert old is not None  # noqa: S101 - found above
            operation = self._begin(place.ref(), deletes=True)
            etag = self._etag()
            compose.stamp(root.kind, old, etag, "Updating")
            compose.stamp(place.kind, self._stored(place), etag, "Deleting")
            self.settle()
            return operation

    def operation(self, operation_id: str) -> Operation | None:
        """Return an operation by its id."""
        with self.lock:
            self.settle()
            return self.operations.get(operation_id)

    def _may_write(self, place: Place, old: Document | None, etag: str | None) -> None:
        parent = Place(place.kinds[:-1], place.ids[:-1])
        if parent.kinds and self.find(parent.ref()) is None:
            raise no_parent(place.ref(), parent.ref())
        present = self.find(place.ref())
        if etag is not None:
            actual = "" if present is None else str(present["Etag"])
            if etag not in (actual, "*") or not actual:
                raise etag_mismatch(etag, actual or "(none)", place.ref())
        state = old["Properties"]["ProvisioningState"] if old else "Succeeded"
        if state in ("Updating", "Deleting"):
            raise busy(place.ref(), state)

    def _kept(self, made: Document, old: Document | None, root: Place) -> None:
        """Refuse to drop a child that somebody refers to."""
        if old is None:
            return
        left = {ref.lower() for _, ref in compose.children(root.kind, made)}
        for kind, ref in compose.children(root.kind, old):
            if ref.lower() not in left:
                self._unused_ref(kind.type, ref, root.ref())

    def _unused(self, place: Place) -> None:
        if place.kind.type == "Credential":
            return  # [MS-NCNBI] 3.1.5.2: the reference is removed from the devices instead
        self._unused_ref(place.kind.type, place.ref(), place.ref())
        stored = self._stored(place)
        for kind, ref in compose.children(place.kind, stored):
            self._unused_ref(kind.type, ref, place.ref())

    def _unused_ref(self, type_name: str, ref: str, within: str) -> None:
        for each in self.known():
            inside = f"{each.holder}/".lower().startswith(f"{within}/".lower())
            if each.target.lower() == ref.lower() and not inside:
                raise in_use(type_name, ref, each.holder_type, each.holder)

    def _begin(self, ref: str, *, deletes: bool) -> Operation:
        made = provisioning.begun(self.faults, self.clock, self.ids.guid(), ref, deletes=deletes, seconds=self.seconds)
        self.operations[made.id] = made
        self.pending.append(made)
        return made

    def _etag(self) -> str:
        return f'W/"{self.ids.guid()}"'

    # -- provisioning ----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Finish the operations that are due."""
        now = self.clock.now()
        for operation in list(self.pending):
            if operation.due <= now:
                self.pending.remove(operation)
                operation.status = "Failed" if operation.code else "Succeeded"
                self._remove(operation) if operation.deletes else self._provisioned(operation)

    def _provisioned(self, operation: Operation) -> None:
        found = self.documents.get(operation.path.lower())
        if found is None:
            return
        compose.set_state(_root(found), found, operation.status)
        found["Properties"]["ConfigurationState"] = {
            "Status": "Failure" if operation.failed() else "Success",
            "DetailedInfo": [
                {
                    "Source": _root(found).type,
                    "Message": operation.message or "Success",
                    "Code": operation.code or "Success",
                }
            ],
            "LastUpdatedTime": operation.due.isoformat(),
        }
        if not operation.failed():
            self.enforced[operation.path.lower()] = copy.deepcopy(found)

    def _remove(self, operation: Operation) -> None:
        place = place_of(operation.path)
        if len(place.kinds) == 1:
            self.documents.pop(operation.path.lower(), None)
            self.enforced.pop(operation.path.lower(), None)
            if place.kind.type == "Credential":
                self._forget(operation.path)
            return
        root = self._stored(Place(place.kinds[:1], place.ids[:1]))
        compose.drop(root, place)
        compose.set_state(place.kinds[0], root, "Succeeded")
        self.enforced[root["ResourceRef"].lower()] = copy.deepcopy(root)

    def _forget(self, ref: str) -> None:
        for item in self.documents.values():
            for each in item["Properties"].get("Connections", []):
                if each.get("Credential", {}).get("ResourceRef", "").lower() == ref.lower():
                    del each["Credential"]

    def touch(self, path: str) -> None:
        """Write a resource as somebody else would: its ETag changes."""
        with self.lock:
            self.settle()
            place = place_of(path)
            found = self._stored(Place(place.kinds[:1], place.ids[:1]))
            compose.stamp(place.kinds[0], found, self._etag(), found["Properties"]["ProvisioningState"])

    def _lost(self, ref: str) -> None:
        if self.faults.next_fault("lost", ref) is not None:
            self.touch(ref)


def _root(item: Document) -> Kind:
    found = root_kind(str(item["ResourceRef"]).split("/", 2)[1])
    assert found is not None  # noqa: S101 - only known kinds are stored
    return found


def _root_is(item: Document, kind: Kind) -> bool:
    return str(item["ResourceRef"]).startswith(f"/{kind.segment}/")
