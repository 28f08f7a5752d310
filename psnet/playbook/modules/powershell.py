"""powershell: a script of the user's own on the host, with typed parameters and a typed result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.script_io import answer_in, without_secrets
from psnet.powershell import Templates

if TYPE_CHECKING:
    from psnet.transport import Output

_TEXTS: Final = {"creates", "removes", "only_if"}
_ACTIONS: Final = {"stop": "Stop", "continue": "Continue", "silently_continue": "SilentlyContinue"}


class PowerShellArguments(Model):
    """A script, or a file of the controller with one; ``parameters`` go to its ``param()`` block as values."""

    script: str | None = None
    file: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    creates: str | None = Field(default=None, description="skipped when this path is there")
    removes: str | None = Field(default=None, description="skipped when this path is not there")
    only_if: str | None = Field(default=None, description="a script; skipped when it gives nothing or false")
    error_action: Literal["stop", "continue", "silently_continue"] = "stop"
    depth: int = Field(default=4, ge=2, le=20, description="how deep objects are read")
    changes: bool = Field(default=True, description="false: it only reads, and runs in check mode too")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.script is None) == (self.file is None):
            raise ValueError("give one of script and file")
        return self


class PowerShell(Module):
    """Run PowerShell on the host."""

    name = "powershell"
    arguments = PowerShellArguments
    touches = True
    feeds = True
    summary = "runs a script or a file; `$PSNet.Changed`, `.Failed`, `.Message` and `.Result` say what became of it"

    def run(self, call: Call) -> Result:
        """Run it, in one pipeline with its guards."""
        args: PowerShellArguments = call.args
        script = args.script
        if args.file is not None:
            script = (call.content or b"").decode("utf-8-sig")
        if call.check and args.changes:
            said = "a script that may change things is not run in check mode"
            return {"changed": False, "skipped": True, "msg": said}
        return run_script(call, script or "", args.parameters, args)


def run_script(
    call: Call, script: str, parameters: dict[str, Any], options: PowerShellArguments | None = None
) -> Result:
    """Run a script with its guards in one pipeline; return its result."""
    if call.secrets.contains([script, *(options.model_dump(include=_TEXTS).values() if options else ())]):
        said = "a secret stands in the script's text, which a host may log"
        return {"failed": True, "msg": said, "remedy": "give it as a parameter: it travels as the script's input"}
    args = options or PowerShellArguments(script=script, changes=False)
    fed: list[str] = []
    text = Templates().render(
        "play/script.ps1.j2",
        script=script,
        parameters=without_secrets(parameters, call.secrets, fed),
        check=call.check,
        creates=args.creates,
        creates_message=f"skipped, since {args.creates} exists",
        removes=args.removes,
        removes_message=f"skipped, since {args.removes} does not exist",
        only_if=args.only_if,
        error_action=_ACTIONS[args.error_action],
        depth=args.depth + 1,
    )
    output = call.session().run(str(text), feed=fed or None)
    return _result(output, changes=args.changes)


def _result(output: Output, *, changes: bool) -> Result:
    """Return what the wrapper printed, and the streams."""
    streams: Result = {
        "warnings": list(output.warnings),
        "errors": [{"message": item.message, "error_id": item.error_id} for item in output.errors],
    }
    answer = answer_in(output.lines())
    if answer is None:
        said = output.errors[-1].message if output.errors else "the script ended without an answer"
        return {"changed": changes, "failed": True, "msg": said, **streams}
    if answer["skipped"]:
        return {"changed": False, "skipped": True, "msg": answer["skipped"], **streams}
    result: Result = {
        "changed": bool(answer["changed"]) and changes,
        "output": answer["output"] if isinstance(answer["output"], list) else [answer["output"]],
        "result": answer["result"],
        **streams,
    }
    if answer["message"]:
        result["msg"] = answer["message"]
    if answer["failed"]:
        result |= {"failed": True, "msg": answer["message"] or "the script says that it failed"}
        result |= {key: answer[key] for key in ("error_id", "line") if answer[key] is not None}
    return result
