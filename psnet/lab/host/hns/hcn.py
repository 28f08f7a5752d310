"""HCN: the Hcn* functions of computenetwork.dll over the state of HNS (reference: hns.md, "Two APIs").

Every function returns an HRESULT; the last out string is the error document. Handles are numbers that Create and
Open give and Close takes back; Delete takes the id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psnet.lab.host.hns import calls, documents, endpoints
from psnet.lab.host.hns import hcn_documents as v2
from psnet.lab.host.hns.objects import HnsError

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

_EMPTY: Final = "00000000-0000-0000-0000-000000000000"
_UNSUPPORTED: Final = 0x803B0015
_TEXTS: Final = {
    0x803B0001: "The network was not found",
    0x803B0002: "The endpoint was not found",
    0x803B0006: "An adapter was not found",
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
    _UNSUPPORTED: "The specified request is unsupported",
    0x803B0016: "Port mapping is not supported on the given network",
    0x803B0018: "Cannot modify a switch shared by multiple networks",
    0x803B001B: "Invalid JSON document string",
    0x803B001E: "IP address is either invalid or not part of any configured subnet(s)",
    0x803B002D: "The internal port must exist and cannot be zero",
    0x803B0030: "The prefix provided is invalid",
    0x803B0032: "The provided subnet configuration is invalid or missing parameters",
    0x803B0034: "The endpoint must be attached to complete the operation",
}


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
        try:
            answer: Answer = _VERBS[verb](self, kind, arguments)
        except HnsError as error:
            text = _TEXTS.get(error.code) or str(error)
            record = {"Success": False, "Error": f"{text}. ", "ErrorCode": error.code}
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
            "LoadBalancer": [item.id for item in self.hns.lists if item.policies[0]["Type"] == "ELB"],
        }[kind]
        return Answer(text=json.dumps([item.upper() for item in ids]))

    def _create(self, kind: str, arguments: list[Any]) -> Answer:
        network = self._held("Network", arguments.pop(0)) if kind == "Endpoint" else ""
        wanted, settings = str(arguments[0]).lower(), self._settings(str(arguments[1]))
        if wanted != _EMPTY and any(wanted == item.id for item in self._all(kind)):
            raise HnsError("", 0x803B0010 if kind == "Network" else 0x803B0012)
        if kind == "Network":
            made: Any = self.hns.create(**v2.network_to_v1(settings))
            if wanted != _EMPTY:
                self._rename_network(made, wanted)
        elif kind == "Endpoint":
            data = v2.endpoint_to_v1(settings)
            made = endpoints.create_endpoint(self.hns, calls.network_of(self.hns, network), data)
            made.id = made.id if wanted == _EMPTY else wanted
        else:
            made = calls.create_list(self.hns, *v2.balancer_to_v1(settings))
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
        if kind == "Network":
            document = (
                documents.network_document(found, self.hns.links)
                if major == 1
                else v2.network_to_v2(found, self.schema)
            )
        elif kind == "Endpoint":
            document = (
                documents.endpoint_document(found, self.hns.network_of(found))
                if major == 1
                else v2.endpoint_to_v2(found, self.schema)
            )
        else:
            document = documents.policy_list_document(found) if major == 1 else v2.balancer_to_v2(found, self.schema)
        return Answer(text=json.dumps(document))

    def _modify(self, kind: str, arguments: list[Any]) -> Answer:
        found = self._found(kind, self._held(kind, arguments[0]))
        request = self._json(str(arguments[1]))
        v2.keys(request, "ResourceType RequestType Settings", _UNSUPPORTED)
        if kind != "Endpoint" or request.get("ResourceType") != "Policy":
            raise HnsError("", _UNSUPPORTED)
        settings = v2.keys(request.get("Settings"), "Policies", v2.INVALID_POLICY)
        given = [v2.policy_to_v1(item) for item in v2.list_of(settings.get("Policies"), v2.INVALID_POLICY)]
        action = request.get("RequestType")
        if action == "Add":
            given = [*found.policies, *given]
        elif action == "Remove":
            if any(item not in found.policies for item in given):
                raise HnsError("", 0x803B0008)
            given = [item for item in found.policies if item not in given]
        elif action != "Update":
            raise HnsError("", _UNSUPPORTED)
        endpoints.set_policies(self.hns, self.hns.network_of(found), found, given)
        return Answer()

    def _delete(self, kind: str, arguments: list[Any]) -> Answer:
        found = self._found(kind, str(arguments[0]))
        if kind == "Network":
            self.hns.remove(found)
        elif kind == "Endpoint":
            self.hns.remove_endpoint(found)
        else:
            self.hns.lists.remove(found)
        return Answer()

    def _close(self, kind: str, arguments: list[Any]) -> Answer:
        self._held(kind, arguments[0])
        del self.handles[int(arguments[0])]
        return Answer()

    # -- parts -----------------------------------------------------------------------------------

    def _all(self, kind: str) -> list[Any]:
        known: dict[str, list[Any]] = {
            "Network": self.hns.networks,
            "Endpoint": self.hns.endpoints,
            "LoadBalancer": self.hns.lists,
        }
        return known[kind]

    def _found(self, kind: str, identifier: str) -> Any:
        try:
            wanted = str(UUID(identifier))
        except ValueError:
            raise HnsError("", 0x803B0019) from None
        look = {"Network": calls.network_of, "Endpoint": calls.endpoint_of, "LoadBalancer": calls.list_of}[kind]
        return look(self.hns, wanted)

    def _opened(self, kind: str, identifier: str) -> Answer:
        handle, self._next = self._next, self._next + 1
        self.handles[handle] = (kind, identifier)
        return Answer(handle=handle)

    def _held(self, kind: str, handle: Any) -> str:
        held = self.handles.get(int(handle))
        if held is None or held[0] != kind:
            raise HnsError(self.hns.text(87), 0x80070006)
        return held[1]

    def _settings(self, text: str) -> dict[str, Any]:
        data = self._json(text)
        asked = data.get("SchemaVersion") or {}
        if asked.get("Major") != self.schema[0] or not 0 <= asked.get("Minor", 0) <= self.schema[1]:
            raise HnsError("", _UNSUPPORTED)
        return data

    def _json(self, text: str) -> dict[str, Any]:
        return endpoints.read_json(self.hns, text)


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
