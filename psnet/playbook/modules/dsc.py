"""dsc: one DSC resource through Invoke-DscResource."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from psnet._internal.model import Model
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.script_io import answer_in, without_secrets
from psnet.powershell import Raw, Templates, literal
from psnet.transport.scripts import script_error


class DscArguments(Model):
    """A resource by its name and module, and its properties."""

    resource: str = Field(min_length=1)
    module: str = "PSDesiredStateConfiguration"
    properties: dict[str, Any] = Field(default_factory=dict)


def _typed(properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties whose lists of texts are string[]: the cmdlet takes an object[] for a list of instances."""
    return {
        name: Raw(f"[string[]] {literal(value)}") if isinstance(value, list) and _texts(value) else value
        for name, value in properties.items()
    }


def _texts(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, str) for item in value)


class Dsc(Module):
    """Test a DSC resource, set it when it is not as wanted, and test again."""

    name = "dsc"
    arguments = DscArguments
    touches = True
    feeds = True
    summary = "brings one DSC resource into its state: Test, and Set where that is needed"

    def run(self, call: Call) -> Result:
        """Test, set, test, in one pipeline."""
        args: DscArguments = call.args
        fed: list[str] = []
        text = Templates().render(
            "play/dsc.ps1.j2",
            resource=args.resource,
            module=args.module,
            properties=_typed(without_secrets(args.properties, call.secrets, fed)),
            change=not call.check,
        )
        output = call.session().run(str(text), feed=fed or None)
        answer = answer_in(output.lines())
        if answer is None:
            raise script_error(output, call.name, f"asking for {args.resource}")
        result: Result = {"changed": answer["before"] is False, "in_desired_state": answer["before"]}
        if answer["message"] is not None:
            return result | {"failed": True, "msg": answer["message"], "error_id": answer["error_id"]}
        result["reboot_required"] = answer["reboot"]
        if answer["after"] is False:
            return result | {"failed": True, "msg": f"{args.resource} is still not as wanted after Set"}
        return result
