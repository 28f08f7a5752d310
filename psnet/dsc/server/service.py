"""The operations of the pull protocol v2: a request's parts in, an answer out. No sockets here."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from psnet._internal.registration_signature import read_date, shared_signature
from psnet._internal.text import printable, too_deep
from psnet.dsc.server.messages import DEEPEST, ActionRequest, CertificateRotation, Registration, Report, read_json
from psnet.dsc.server.paths import is_guid
from psnet.dsc.server.store import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.dsc.server.content import Content, Item
    from psnet.dsc.server.keys import Keys
    from psnet.dsc.server.limits import FailureLimit
    from psnet.dsc.server.paths import Call
    from psnet.dsc.server.store import Agent, Store

log = logging.getLogger("psnet.dsc.server")
M = TypeVar("M", bound=BaseModel)
PROTOCOL = "2.0"
#: As what a node must have registered to be answered; as anything, where an operation is not named.
_NEEDS = {
    "action": (CONFIGURATION,),
    "configuration": (CONFIGURATION,),
    "module": (CONFIGURATION, "ResourceRepository"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, headers besides ProtocolVersion, and JSON data or bytes."""

    status: int
    data: Any = None
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def refused(status: int, reason: str, **headers: str) -> Answer:
    """Return a refusal as JSON."""
    return Answer(status, {"error": reason}, headers={name.replace("_", "-"): text for name, text in headers.items()})


@dataclass(frozen=True, slots=True)
class Service:
    """The pull server without its socket; ``skew`` are the seconds by which a node's clock may differ."""

    store: Store
    keys: Keys
    content: Content
    failures: FailureLimit
    skew: int = 300
    keep_reports: int = 100
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def handle(self, call: Call, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        """Answer one request; ``headers`` are found by lower-case name, ``address`` is the client's."""
        if headers.get("protocolversion") != PROTOCOL:
            return refused(400, f"the header ProtocolVersion must be {PROTOCOL}")
        wait = self.failures.wait(address)
        if call.operation == "register":
            return _later(wait) if wait else self._register(call, headers, body, address)
        identifier = headers.get("agentid", "").strip("{}").lower() if call.operation == "module" else call.agent
        agent = self.store.agent(identifier) if is_guid(identifier) else None
        if agent is None or not any(map(self.keys.in_use, agent.keys())):
            if wait:  # a registered node is answered even where another behind its address fails
                return _later(wait)
            self.failures.failed(address)
            log.warning("%s: an AgentId that is not registered", address)
            return refused(401, "the node is not registered")
        if not any(map(self.keys.in_use, agent.keys(*_NEEDS.get(call.operation, ())))):
            log.warning("node %s is not registered for %s with a key in use", printable(agent.node), call.operation)
            return refused(401, "the node is not registered for this")
        return self._registered(call, agent, identifier, body)

    def _registered(self, call: Call, agent: Agent, identifier: str, body: bytes) -> Answer:
        if call.operation == "action":
            return self._action(agent, identifier, body)
        self.store.seen(identifier)
        if call.operation == "configuration":
            item = self.content.configuration(call.name) if agent.may_read(call.name) else None
            return _content(item, f"configuration {call.name}", agent)
        if call.operation == "module":
            return _content(self.content.module(call.name, call.version), f"module {call.name} {call.version}", agent)
        if call.operation == "send":
            return self._send(agent, identifier, body)
        if call.operation == "rotate":
            return self._rotate(identifier, body)
        if call.operation == "node":
            return Answer(200, _node(agent, identifier))
        found = [item.body for item in self.store.reports(identifier, call.job or None)]
        if call.operation == "report":
            return Answer(200, found[0]) if found else refused(404, "there is no such report")
        return Answer(200, {"value": found})

    def _register(self, call: Call, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        reason = "the registration is not signed with a registration key, or its date is off"
        signature = shared_signature(headers.get("authorization", ""))
        date = headers.get("x-ms-date", "")
        moment = read_date(date)
        late = moment is None or abs((self.clock() - moment).total_seconds()) > self.skew
        key = None if signature is None or late else self.keys.signer(body, date, signature)
        if signature is None or moment is None or key is None:
            self.failures.failed(address)
            log.warning("%s: registration refused: %s", address, "the date is off" if late else "no key made this")
            return refused(401, reason, WWW_Authenticate="Shared")
        if not self.store.first_use(signature, moment.timestamp() + self.skew):
            self.failures.failed(address)
            log.warning("%s: registration refused: the signature was used before", address)
            return refused(401, reason, WWW_Authenticate="Shared")
        read = _read(Registration, body)
        if isinstance(read, Answer):
            return read
        closed = [name for name in read.configuration_names if not key.allows_configuration(name)]
        if closed:
            log.warning("%s: key %s does not open %s", address, key.name, ", ".join(closed))
            return refused(403, f"the registration key does not open {', '.join(closed)}")
        self.store.register(call.agent, read, key.id)
        log.info("%s: node %s registered with key %s", address, read.agent_information.node_name, key.name)
        return Answer(204)

    def _action(self, agent: Agent, identifier: str, body: bytes) -> Answer:
        read = _read(ActionRequest, body)
        if isinstance(read, Answer):
            return read
        has = {(item.configuration_name or "").lower(): (item.checksum or "").upper() for item in read.client_status}
        names = [item.configuration_name for item in read.client_status if item.configuration_name] or list(agent.names)
        if not names:
            return refused(404, "the node registered for no configuration")
        if closed := [name for name in names if not agent.may_read(name)]:
            return refused(404, f"the node did not register for {', '.join(closed)}")
        single = has.get("", "") if len(names) == 1 else ""
        each = {name: self._status(name, has.get(name.lower(), single)) for name in names}
        words = set(each.values())
        whole = next((word for word in ("GetConfiguration", "RETRY") if word in words), "OK")
        self.store.seen(identifier, whole)
        details = [{"ConfigurationName": name, "Status": word} for name, word in each.items()]
        return Answer(200, {"NodeStatus": whole, "Details": details})

    def _status(self, name: str, given: str) -> str:
        item = self.content.configuration(name)
        if item is None:
            return "RETRY"
        return "OK" if given == item.checksum else "GetConfiguration"

    def _send(self, agent: Agent, identifier: str, body: bytes) -> Answer:
        read = _read(Report, body)
        if isinstance(read, Answer):
            return read
        found = read_json(body)
        try:
            text = json.dumps(found, allow_nan=False)
        except ValueError:
            return refused(400, "the report holds numbers that JSON does not have")
        if found is None or any(_broken(part) for part in read.status_data):
            return refused(400, "the report goes deeper than 32 levels, or holds half characters")
        self.store.save_report(identifier, read, text, keep=self.keep_reports)
        log.info("node %s reported %s: %s", printable(agent.node), read.operation_type, read.outcome or "under way")
        return Answer(200, {"value": "SavedReport"})

    def _rotate(self, identifier: str, body: bytes) -> Answer:
        read = _read(CertificateRotation, body)
        if isinstance(read, Answer):
            return read
        self.store.rotate(identifier, read.certificate_information.thumbprint)
        return Answer(201)


def _node(agent: Agent, identifier: str) -> dict[str, Any]:
    """Return a node as it registered."""
    about = {"AgentId": identifier, "NodeName": agent.node, "LCMVersion": agent.lcm_version}
    return {**about, "IPAddress": agent.address, "ConfigurationNames": list(agent.names)}


def _broken(text: str) -> bool:
    """Say whether a text is JSON that cannot be kept; what is no JSON at all is only a text."""
    if too_deep(text, DEEPEST):
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return read_json(text) is None and text.strip() != "null"


def _later(wait: int) -> Answer:
    return refused(429, "too many failures", Retry_After=str(wait))


def _content(item: Item | None, what: str, agent: Agent) -> Answer:
    data = item.read() if item is not None else None
    if item is None or data is None:
        log.warning("node %s asked for %s, which is not there for it", printable(agent.node), what)
        return refused(404, f"there is no {what} for this node")
    return Answer(200, content=data, headers={"Checksum": item.checksum, "ChecksumAlgorithm": "SHA-256"})


def _read(model: type[M], body: bytes) -> M | Answer:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return refused(400, f"{place + ': ' if place else ''}{first['msg']}")
