"""The bodies of the protocol. Nodes of later Windows say more than is read here, so unknown fields pass."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from psnet._internal.text import UNPRINTABLE, too_deep
from psnet.dsc.server.paths import GUID, NAME

_MOST_NAMES: Final = 64
DEEPEST: Final = 32
_UNPRINTABLE: Final = re.compile(f"[{UNPRINTABLE}]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPELLED: Final = {"lcm_version": "LCMVersion", "ip_address": "IPAddress"}


def _spelling(field: str) -> str:
    """Return a field's name as the protocol spells it."""
    return _SPELLED.get(field) or "".join(part.capitalize() for part in field.split("_"))


def _one(value: Any) -> Any:
    """Take a text where a list of texts may stand, as nodes send both."""
    return () if value is None else (value,) if isinstance(value, str) else value


def _one_line(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise ValueError("control characters and invisible ones are not taken here")
    return text


#: A text that is shown and logged: one line that is what it looks like.
Text = Annotated[str, Field(max_length=1024), AfterValidator(_one_line)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_one)]
ConfigurationName = Annotated[str, Field(pattern=f"^{NAME}$")]


class Body(BaseModel):
    """Base of the protocol's request bodies; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=_spelling)


class AgentInformation(Body):
    """Who registers; addresses are separated by ; or ,."""

    lcm_version: Text = ""
    node_name: Text
    ip_address: Text = ""


class CertificateInformation(Body):
    """The certificate that the node made for itself, as it says. Nodes prove themselves by their AgentId here."""

    thumbprint: Annotated[str | None, Field(pattern="^[0-9A-Fa-f]{40,128}$")] = None


class RegistrationInformation(Body):
    """What the node registers with: its configuration, module or report server."""

    certificate_information: CertificateInformation = CertificateInformation()
    registration_message_type: Annotated[str, Field(pattern="^[A-Za-z]{1,64}$")] = "ConfigurationRepository"


class Registration(Body):
    """RegisterDscAgent."""

    agent_information: AgentInformation
    configuration_names: Annotated[tuple[ConfigurationName, ...], Field(max_length=_MOST_NAMES)] = ()
    registration_information: RegistrationInformation


class CertificateRotation(Body):
    """CertificateRotation: the node has made itself another certificate ([MS-DSCPM] 3.12.5.1.1.1)."""

    certificate_information: CertificateInformation


class ClientStatus(Body):
    """One configuration as the node has it; no checksum when it has none."""

    checksum: Annotated[str | None, Field(pattern="^([0-9A-Fa-f]{64})?$")] = None
    configuration_name: Annotated[str | None, Field(pattern=f"^({NAME})?$")] = None
    checksum_algorithm: Literal["SHA-256"] = "SHA-256"


class ActionRequest(Body):
    """GetDscAction."""

    client_status: Annotated[tuple[ClientStatus, ...], Field(max_length=_MOST_NAMES)] = ()


class Report(Body):
    """SendReport. ``status_data`` holds JSON texts: the resources in and out of their desired state."""

    job_id: Annotated[str, Field(pattern=f"^{GUID}$")]
    operation_type: Text = ""
    status: Text | None = None
    start_time: Annotated[Text | None, Field(max_length=40)] = None
    end_time: Annotated[Text | None, Field(max_length=40)] = None
    reboot_requested: Literal["True", "False", "true", "false", True, False] | None = None
    errors: Texts = ()
    status_data: Texts = ()

    @property
    def reboot(self) -> bool:
        """Whether the node asks for a restart."""
        return str(self.reboot_requested).lower() == "true"

    @property
    def outcome(self) -> Literal["success", "failure"] | None:
        """How the operation ended; None while it goes on.

        DSC for Linux says no Status: its end is an EndTime, and a failure stands in Errors and in the status data's
        Error (LCM/scripts/StatusReport.sh).
        """
        said = (self.status or "").lower()
        if not said and not self.end_time:
            return None
        data = self.data()
        if said == "failure" or data.get("ResourcesNotInDesiredState"):
            return "failure"
        if not said and (data.get("Error") or any(self.errors)):
            return "failure"
        return "success"

    def data(self) -> dict[str, Any]:
        """Return the first of the status data that is a JSON object; {} without one."""
        for text in self.status_data:
            found = read_json(text)
            if isinstance(found, dict):
                return found
        return {}


def read_json(text: str | bytes) -> Any:
    """Return what a JSON text says; None when it is none, goes deeper than 32 levels, or holds half characters."""
    if too_deep(text, DEEPEST):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        if any(isinstance(item, str) and _SURROGATE.search(item) for item in level):
            return None
        level = [part for item in level for part in _parts(item)]
        if not level:
            return found
    return None


def _parts(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item, *item.values()]
    return item if isinstance(item, list) else []


def merged(first: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Return two reports of one job as one: what the later says, where it says something; all errors.

    A node may send a job's beginning after its end (it repeats what it could not send): the end counts.
    """
    if first.get("EndTime") and not later.get("EndTime"):
        first, later = later, first
    errors = list(dict.fromkeys(text for body in (first, later) for text in _one(body.get("Errors")) or ()))
    said = {name: value for name, value in later.items() if value not in (None, "", [])}
    return {**later, **first, **said, "Errors": errors}
