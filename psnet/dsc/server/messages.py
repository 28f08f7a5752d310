"""The bodies of the protocol. Nodes of later Windows say more than is read here, so unknown fields pass."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from psnet.dsc.server.paths import GUID, NAME

_MOST_NAMES: Final = 64
_SPELLED: Final = {"lcm_version": "LCMVersion", "ip_address": "IPAddress"}


def _spelling(field: str) -> str:
    """Return a field's name as the protocol spells it."""
    return _SPELLED.get(field) or "".join(part.capitalize() for part in field.split("_"))


def _one(value: Any) -> Any:
    """Take a text where a list of texts may stand, as nodes send both."""
    return () if value is None else (value,) if isinstance(value, str) else value


Text = Annotated[str, Field(max_length=1024)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_one)]
ConfigurationName = Annotated[str, Field(pattern=f"^{NAME}$")]


class Body(BaseModel):
    """A body as a node sends it."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=_spelling)


class AgentInformation(Body):
    """Who registers; addresses are separated by ; or ,."""

    lcm_version: Text = ""
    node_name: Text
    ip_address: Text = ""


class RegistrationInformation(Body):
    """What the node registers with: its configuration, module or report server."""

    registration_message_type: Annotated[str, Field(pattern="^[A-Za-z]{1,64}$")] = "ConfigurationRepository"


class Registration(Body):
    """RegisterDscAgent."""

    agent_information: AgentInformation
    configuration_names: Annotated[tuple[ConfigurationName, ...], Field(max_length=_MOST_NAMES)] = ()
    registration_information: RegistrationInformation


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
    start_time: Annotated[str | None, Field(max_length=40)] = None
    end_time: Annotated[str | None, Field(max_length=40)] = None
    reboot_requested: Literal["True", "False", "true", "false", True, False] | None = None
    errors: Texts = ()
    status_data: Texts = ()

    @property
    def reboot(self) -> bool:
        """Whether the node asks for a restart."""
        return str(self.reboot_requested).lower() == "true"

    def data(self) -> dict[str, Any]:
        """Return the first of the status data that is a JSON object; {} without one."""
        for text in self.status_data:
            try:
                found = json.loads(text)
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
        return {}
