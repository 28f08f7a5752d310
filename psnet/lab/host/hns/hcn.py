"""HCN: the Hcn* functions of computenetwork.dll over the state of HNS (reference: hns.md, "Two APIs").

Every function returns an HRESULT; the last out string is the error document. Handles are numbers that Create and
Open give and Close takes back; Delete takes the id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psnet.lab.host.hns import calls, documents, endpoint_documents, endpoints, hcn_policies, namespaces, schema
from psnet.lab.host.hns import hcn_documents as v2
from psnet.lab.host.hns.adopted import adopt
from psnet.lab.host.hns.error_texts import UNSUPPORTED, code_text
from psnet.lab.host.hns.objects import HnsError

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

_EMPTY: Final = "00000000-0000-0000-0000-000000000000"


@dataclass(slots=True)
class Answer:
    """What a function gives back: its HRESULT (0 for success), its out string, its handle and its error document."""

    code: int = 0
    text: str = ""
    handle: int = 0
    error: str = ""


@dataclass(slots=True)
class Hcn:
    """The functions over one host's HNS; ``handles`` are the open ones: (kind, id)."""

    hns: Hns
    handles: dict[int, tuple[str, str]] = field(default_factory=dict)
    _next: int = 1

    def call(self, function: str, arguments: list[Any]) -> Answer:
        """Run a function by its name; ``arguments`` are the in values in order."""
        verb, kind = _split(function)
        adopt(self.hns)
        try:
            answer: Answer = _VERBS[verb](self, kind, arguments)
        except HnsError as error:
            # rule: hcn-error-document
            text = code_text(error.code, self.hns.culture) or f"{error} "
            record = {"Success": False, "Error": text, "ErrorCode": error.code}
            return Answer(error.code, error=json.dumps(record, separators=(",", ":")))
        return answer

    @property
    def schema(self) -> tuple[int, int]:
        """The newest schema of this build."""
        return self.hns.build.hcn_schema or (2, 0)

    # -- verbs -----------------------------------------------------------------------------------

    def _enumerate(self, kind: str, arguments: list[Any]) -> Answer:
        _ = arguments
        ids = {
            "Network": [item.id for item in self.hns.networks],
            "Endpoint": [item.id for item in self.hns.endpoints],
            "Namespace": [item.id for item in namespaces.all_of(self.hns)],
            "LoadBalancer": [item.id for item in self.hns.lists if item.policies[0]["Type"] == "ELB"],
        }[kind]
        return Answer(text=json.dumps(ids))

    def _create(self, kind: str, arguments: list[Any]) -> Answer:
        network = self._held("Network", arguments.pop(0)) if kind == "Endpoint" else ""
        wanted, text = str(arguments[0]).lower(), str(arguments[1])
        if wanted != _EMPTY and any(wanted == item.id for item in self._all(kind)):
            # rule: hcn-id-taken
            raise HnsError("", 0x800700B7)
        settings, old = self._settings(text, kind)
        if kind == "Network":
            fields = v2.network_fields(settings) if old else v2.network_to_v1(settings)
            made: Any = self.hns.create(**fields, made_by=2)
            if wanted != _EMPTY:
                self._rename_network(made, wanted)
        elif kind == "Endpoint":
            data = settings if old else v2.endpoint_to_v1(settings)
            data = {name: value for name, value in data.items() if name != "VirtualNetwork"}
            made = endpoints.create_endpoint(self.hns, calls.network_of(self.hns, network, 0x803B0001), data, made_by=2)
            endpoints.add_local_route(self.hns, made)
            made.id = made.id if wanted == _EMPTY else wanted
        elif kind == "Namespace":
            version = settings.get("SchemaVersion") or {}
            made = namespaces.create(self.hns, (version.get("Major", 0), version.get("Minor", 0)))
            made.id = made.id if wanted == _EMPTY else wanted
        else:
            made = calls.create_list(self.hns, *v2.balancer_to_v1(settings), made_by=2)
            made.id = made.id if wanted == _EMPTY else wanted
        return self._opened(kind, made.id)

    def _rename_network(self, made: Any, identifier: str) -> None:
        for switch in self.hns.links.switches:
            switch.network = identifier if switch.network == made.id else switch.network
        for nat in self.hns.nat.nats:
            nat.network = identifier if nat.network == made.id else nat.network
        made.id = identifier

    def _open(self, kind: str, arguments: list[Any]) -> Answer:
        return self._opened(kind, self._found(kind, str(arguments[0])).id)

    def _query(self, kind: str, arguments: list[Any]) -> Answer:
        found = self._found(kind, self._held(kind, arguments[0]))
        query = str(arguments[1])
        asked = self._json(query) if query else {}
        major = (asked.get("SchemaVersion") or {}).get("Major", 2)
        document = self._old(kind, found) if major == 1 else self._new(kind, found)
        return Answer(text=json.dumps(document))

    def _old(self, kind: str, found: Any) -> dict[str, Any]:
        if kind == "Network":
            return documents.network_document(self.hns, found)
        if kind == "Endpoint":
            return endpoint_documents.endpoint_document(self.hns, found, self.hns.network_of(found))
        if kind == "Namespace":
            return endpoint_documents.namespace_document(self.hns, found)
        return documents.policy_list_document(self.hns, found)

    def _new(self, kind: str, found: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "Network": v2.network_to_v2,
            "Endpoint": v2.endpoint_to_v2,
            "Namespace": v2.namespace_to_v2,
            "LoadBalancer": v2.balancer_to_v2,
        }
        document: dict[str, Any] = shown[kind](found, self.schema)
        return document

    def _modify(self, kind: str, arguments: list[Any]) -> Answer:
        found = self._found(kind, self._held(kind, arguments[0]))
        request = self._json(str(arguments[1]))
        v2.keys(request, "ResourceType RequestType Settings", UNSUPPORTED)
        resource = (kind, request.get("ResourceType"))
        if resource == ("Namespace", "Endpoint"):
            return self._share(found, request)
        if resource not in (("Endpoint", "Policy"), ("Network", "Policy")):
            raise HnsError("", UNSUPPORTED)  # rule: hcn-modify
        settings = v2.keys(request.get("Settings"), "Policies", v2.INVALID_POLICY)
        given = [v2.policy_to_v1(item) for item in v2.list_of(settings.get("Policies"), v2.INVALID_POLICY)]
        network = found if kind == "Network" else self.hns.network_of(found)
        hcn_policies.check(self.hns, kind, network, given)
        if kind == "Endpoint":
            self._check_mapping(found, given)
        action = request.get("RequestType")
        sets = bool(given) and all(item["Type"] == "SetPolicy" for item in given)
        if sets and action in ("Add", "Remove", "Update"):
            given = hcn_policies.changed_sets(found.policies, given, action)
        elif action == "Add":
            given = [*found.policies, *given]  # rule: hcn-add-appends
        elif action == "Remove":
            if any(item not in found.policies for item in given):
                raise HnsError("", 0x803B0008)  # rule: hcn-remove
            given = [item for item in found.policies if item not in given]
        elif action != "Update":  # rule: hcn-update-replaces
            raise HnsError("", UNSUPPORTED)  # rule: hcn-modify
        if kind == "Network":
            found.policies = given
        else:
            endpoints.set_policies(self.hns, network, found, given, tiers=True)
        return Answer()

    def _check_mapping(self, endpoint: Any, given: list[dict[str, Any]]) -> None:
        bridged = self.hns.network_of(endpoint).type == "l2bridge" and endpoint.made_by == 1
        if bridged and any(item["Type"] == "NAT" for item in given):
            raise HnsError("", 0x803B000E)  # rule: hcn-mapping-on-v1

    def _share(self, namespace: Any, request: dict[str, Any]) -> Answer:
        """Put an endpoint into a namespace, or take it out."""
        settings = v2.keys(request.get("Settings"), "EndpointId", v2.INVALID_ENDPOINT)
        endpoint = self._found("Endpoint", str(settings.get("EndpointId")))
        if request.get("RequestType") == "Add":
            namespaces.add_endpoint(self.hns, namespace, endpoint)
        elif request.get("RequestType") == "Remove":
            namespaces.remove_endpoint(self.hns, namespace, endpoint)
        else:
            raise HnsError("", UNSUPPORTED)  # rule: hcn-modify
        return Answer()

    def _delete(self, kind: str, arguments: list[Any]) -> Answer:
        found = self._found(kind, str(arguments[0]))
        if kind == "Network":
            self.hns.remove(found)
        elif kind == "Endpoint":
            self.hns.remove_endpoint(found)
        elif kind == "Namespace":
            self._drop_namespace(found)
        else:
            self.hns.lists.remove(found)
        return Answer()

    def _drop_namespace(self, found: Any) -> None:
        if found.default:
            raise HnsError("", UNSUPPORTED)  # rule: hns-default-namespace
        for endpoint in [item for item in self.hns.endpoints if item.namespace == found.id]:
            namespaces.remove_endpoint(self.hns, found, endpoint)
        self.hns.namespaces.remove(found)

    def _close(self, kind: str, arguments: list[Any]) -> Answer:
        self._held(kind, arguments[0])
        del self.handles[int(arguments[0])]
        return Answer()

    # -- parts -----------------------------------------------------------------------------------

    def _all(self, kind: str) -> list[Any]:
        known: dict[str, list[Any]] = {
            "Network": self.hns.networks,
            "Endpoint": self.hns.endpoints,
            "Namespace": namespaces.all_of(self.hns),
            "LoadBalancer": self.hns.lists,
        }
        return known[kind]

    def _found(self, kind: str, identifier: str) -> Any:
        try:
            wanted = str(UUID(identifier))
        except ValueError:
            raise HnsError("", 0x803B0019) from None  # rule: hcn-guid
        if kind == "Namespace":
            return namespaces.namespace_of(self.hns, wanted)
        look, code = _LOOKS[kind]
        return look(self.hns, wanted, code)  # rule: hcn-not-found

    def _opened(self, kind: str, identifier: str) -> Answer:
        handle, self._next = self._next, self._next + 1
        self.handles[handle] = (kind, identifier)
        return Answer(handle=handle)

    def _held(self, kind: str, handle: Any) -> str:
        held = self.handles.get(int(handle))
        if held is None or held[0] != kind:
            raise HnsError(self.hns.text(87), 0x80070006)  # rule: hcn-handle
        return held[1]

    def _settings(self, text: str, kind: str) -> tuple[dict[str, Any], bool]:
        """Return a document and whether it is one of v1: those carry no SchemaVersion."""
        data = self._json(text)
        asked = data.get("SchemaVersion")
        # rule: hcn-v1-document
        if asked is None and kind in ("Network", "Endpoint"):
            if not schema.fits(data, schema.NETWORK if kind == "Network" else schema.ENDPOINT):
                raise HnsError(
                    "", v2.INVALID_NETWORK if kind == "Network" else v2.INVALID_ENDPOINT
                )  # rule: hns-object-fields
            return data, True
        if kind == "Namespace":
            return data, False
        asked = asked or {}
        if asked.get("Major") != self.schema[0] or not 0 <= asked.get("Minor", 0) <= self.schema[1]:
            raise HnsError("", UNSUPPORTED)  # rule: hcn-schema-version
        return data, False

    def _json(self, text: str) -> dict[str, Any]:
        return endpoints.read_json(self.hns, text)


_LOOKS: Final[dict[str, tuple[Any, int]]] = {
    "Network": (calls.network_of, 0x803B0001),
    "Endpoint": (calls.endpoint_of, 0x803B0002),
    "LoadBalancer": (calls.list_of, 0x803B0008),
}


def _split(function: str) -> tuple[str, str]:
    name = function.removeprefix("Hcn")
    for verb in _VERBS:
        if name.startswith(verb):
            kind = name.removeprefix(verb).removesuffix("Properties")
            return verb, kind.removesuffix("s") if verb == "Enumerate" else kind
    raise KeyError(function)


_VERBS: Final[dict[str, Any]] = {
    "Enumerate": Hcn._enumerate,  # noqa: SLF001 - the class's own table
    "Create": Hcn._create,  # noqa: SLF001 - as above
    "Open": Hcn._open,  # noqa: SLF001 - as above
    "Query": Hcn._query,  # noqa: SLF001 - as above
    "Modify": Hcn._modify,  # noqa: SLF001 - as above
    "Delete": Hcn._delete,  # noqa: SLF001 - as above
    "Close": Hcn._close,  # noqa: SLF001 - as above
}
