"""Making a resource's document of what a client sent: ids, paths, instance ids, ETags, references."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.sdn.documents import checked
from psnet.lab.sdn.errors import SdnError, dangling, invalid
from psnet.lab.sdn.references import references
from psnet.lab.sdn.resource_paths import place_of
from psnet.lab.sdn.types import sdn_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.ids import Ids
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.resource_paths import Kind, Place

_ID: Final = re.compile(r"[^/?#\\%]{1,128}")


def with_child(old: Document | None, place: Place, given: Any) -> Document:
    """Return the root's document with one descendant put in."""
    whole: Document = copy.deepcopy(old or {})
    node = whole
    for kind, name in zip(place.kinds[1:-1], place.ids[1:-1], strict=True):
        node = next(item for item in node["Properties"][kind.holder] if item["ResourceId"].lower() == name.lower())
    siblings = node["Properties"].setdefault(place.kind.holder, [])
    if not isinstance(given, dict):
        raise invalid(f"'{place.ref()}' is not an object.")
    sent = {**{key: value for key, value in given.items() if key.lower() != "resourceid"}, "ResourceId": place.ids[-1]}
    for at, item in enumerate(siblings):
        if item["ResourceId"].lower() == place.ids[-1].lower():
            siblings[at] = sent
            return whole
    siblings.append(sent)
    return whole


def composed(root: Place, given: Any, old: Document | None, ids: Ids) -> Document:
    """Return the checked document of a whole root resource, without ETag and state."""
    made = checked(sdn_type(root.kind.type), given, root.kind.type)
    sent = made.get("ResourceId") or root.ids[0]
    if sent.lower() != root.ids[0].lower():
        raise invalid(f"The resourceId '{sent}' is not that of the address, '{root.ids[0]}'.", root.ref())
    name = old["ResourceId"] if old else root.ids[0]
    return _placed(root.kind, {**made, "ResourceId": name}, "", old, ids)


def _placed(kind: Kind, made: Document, parent: str, old: Document | None, ids: Ids) -> Document:
    name = made.get("ResourceId", "")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise invalid(f"'{name}' is not a valid resourceId in {kind.segment}.", parent)
    if "Properties" not in made:
        raise invalid(f"'{parent}/{kind.segment}/{name}' has no properties.", parent)
    ref = f"{parent}/{kind.segment}/{name}"
    placed: Document = {
        "Tags": made.get("Tags"),
        "ResourceRef": ref,
        "InstanceId": old["InstanceId"] if old else ids.guid(),
        "Etag": "",
        "ResourceMetadata": made.get("ResourceMetadata"),
        "ResourceId": name,
        "Properties": made["Properties"],
    }
    for child in kind.children:
        seen: dict[str, Document] = {}
        before = {item["ResourceId"].lower(): item for item in (old or {}).get("Properties", {}).get(child.holder, [])}
        for item in made["Properties"].get(child.holder, []):
            key = str(item.get("ResourceId", "")).lower()
            if key in seen:
                raise SdnError(400, "DuplicateResourceName", f"{ref} has two {child.segment} '{key}'.", target=ref)
            seen[key] = _placed(child, item, ref, before.get(key), ids)
        placed["Properties"][child.holder] = list(seen.values())
    return {key: value for key, value in placed.items() if value is not None}


def stamp(kind: Kind, item: Document, etag: str, state: str) -> None:
    """Give a resource and its children an ETag and a provisioning state ([MS-NCNBI] 1.3.2.6, case 1)."""
    item["Etag"] = etag
    item["Properties"] = {"ProvisioningState": state, **_without_state(item["Properties"])}
    for child in kind.children:
        for each in item["Properties"].get(child.holder, []):
            stamp(child, each, etag, state)


def set_state(kind: Kind, item: Document, state: str) -> None:
    """Give a resource and its children a provisioning state; the ETag stays."""
    stamp(kind, item, item["Etag"], state)


def _without_state(properties: Document) -> Document:
    return {key: value for key, value in properties.items() if key != "ProvisioningState"}


def children(kind: Kind, item: Document) -> Iterator[tuple[Kind, str]]:
    """Return (kind, path) of every descendant."""
    for child in kind.children:
        for each in item["Properties"].get(child.holder, []):
            yield child, each["ResourceRef"]
            yield from children(child, each)


def drop(root: Document, place: Place) -> None:
    """Take a descendant out of its root."""
    node = root
    for kind, name in zip(place.kinds[1:-1], place.ids[1:-1], strict=True):
        node = next(item for item in node["Properties"][kind.holder] if item["ResourceId"].lower() == name.lower())
    siblings = node["Properties"][place.kind.holder]
    siblings[:] = [item for item in siblings if item["ResourceId"].lower() != place.ids[-1].lower()]


def resolved(controller: Controller, root: Place, made: Document) -> None:
    """Check that every reference leads to a provisioned resource of the right type, and write it as that one's path."""
    own = {ref.lower(): (kind.type, ref) for kind, ref in children(root.kind, made)}
    for each in references(root.kind.type, made):
        key = each.target.lower()
        if key in own:
            found_type, ref = own[key]
        else:
            found = controller.find(each.target)
            if found is None or key.startswith(f"{made['ResourceRef']}/".lower()):
                raise dangling(each.target, each.holder)
            found_type, ref = place_of(each.target).kind.type, found["ResourceRef"]
            state = found["Properties"]["ProvisioningState"]
            if state != "Succeeded":
                message = f"Resource {ref} used by resource {each.holder} is not in Succeeded state but {state}."
                raise SdnError(409, "ReferencedResourceNotProvisioned", message, target=each.holder)
        if found_type != each.field.type and not (each.field.type == "Subnet" and found_type.endswith("Subnet")):
            raise invalid(f"'{ref}' is no {each.field.type}.", f"{each.holder}.{each.field.json}")
        each.value["ResourceRef"] = ref
