"""Modules that stay on the controller: debug, assert, fail, set_fact, include_vars, pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ConfigDict, Field

from psnet._internal.model import Model
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.source import found, is_name, read_variables
from psnet.playbook.template import TemplateFault, lazily

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class _Here(Module):
    """A module that stays on the controller: what it is given goes nowhere."""

    feeds = True


_OF_DEBUG: Final = ("changed", "failed", "failed_when_result", "attempts")


class DebugArguments(Model):
    """``msg`` is shown, or the value of ``var`` (an expression)."""

    msg: Any = "Hello world!"
    var: str | None = None
    verbosity: int = 0


class Debug(_Here):
    """Show a message or a variable."""

    name = "psnet.debug"
    aliases = ("debug", "ansible.builtin.debug")
    arguments = DebugArguments
    summary = "shows a message (`msg`) or the value of an expression (`var`)"

    def run(self, call: Call) -> Result:
        """Show it."""
        if call.args.var is None:
            return {"changed": False, "msg": call.args.msg, "_show": True, "_hide": _OF_DEBUG}
        try:
            value = call.templar.value(call.args.var, call.scope)
        except TemplateFault as fault:
            if fault.variable is None:
                raise
            value = f"VARIABLE IS NOT DEFINED!: {fault.message}"
        return {"changed": False, call.args.var: value, "_show": True, "_hide": _OF_DEBUG}


_SHOWN: Final[Result] = {"_show": True, "_hide": ("failed",)}


class AssertArguments(Model):
    """Conditions that must hold."""

    that: list[Any] | str | bool
    fail_msg: str | None = Field(default=None, alias="msg")
    success_msg: str | None = None
    quiet: bool = False
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Assert(_Here):
    """Fail unless conditions hold."""

    name = "psnet.assert"
    aliases = ("assert", "ansible.builtin.assert")
    arguments = AssertArguments
    summary = "fails unless every condition in `that` holds"

    def raw(self) -> frozenset[str]:
        """Leave the conditions alone: they are expressions."""
        return frozenset({"that"})

    def run(self, call: Call) -> Result:
        """Answer one condition after the other."""
        that = call.args.that if isinstance(call.args.that, list) else [call.args.that]
        for condition in that:
            if not call.templar.holds(condition, call.scope):
                return {
                    "changed": False,
                    "failed": True,
                    "assertion": condition,
                    "evaluated_to": False,
                    "msg": call.args.fail_msg or "Assertion failed",
                }
        said = call.args.success_msg or "All assertions passed"
        return {"changed": False, "msg": said, **({} if call.args.quiet else _SHOWN)}


class FailArguments(Model):
    """Why."""

    msg: str = "Failed as requested from task"


class Fail(_Here):
    """Fail."""

    name = "psnet.fail"
    aliases = ("fail", "ansible.builtin.fail")
    arguments = FailArguments
    summary = "fails with a message"

    def run(self, call: Call) -> Result:
        """Fail."""
        return {"changed": False, "failed": True, "msg": call.args.msg}


class _Anything(Model):
    model_config = ConfigDict(frozen=True, extra="allow")


class SetFact(_Here):
    """Give a host variables for the rest of the run."""

    name = "psnet.set_fact"
    aliases = ("set_fact", "ansible.builtin.set_fact")
    arguments = _Anything
    summary = "gives the host variables for the rest of the run"

    def names(self) -> frozenset[str] | None:
        """Take any name."""
        return None

    def run(self, call: Call) -> Result:
        """Set them."""
        values = dict(call.args.__pydantic_extra__ or {})
        values.pop("cacheable", None)
        bad = [name for name in values if not is_name(name)]
        if bad or not values:
            return {"failed": True, "msg": f"{bad[0]!r} is no name of a variable" if bad else "no variable is given"}
        return {"changed": False, "ansible_facts": values, "_set": values}


class IncludeVarsArguments(Model):
    """A file, or a folder of files, of variables."""

    file: str | None = None
    dir: str | None = None
    name: str | None = Field(default=None, description="put them under this variable")


class IncludeVars(_Here):
    """Read variables from files on the controller."""

    name = "psnet.include_vars"
    aliases = ("include_vars", "ansible.builtin.include_vars")
    arguments = IncludeVarsArguments
    free = "file"
    summary = "reads variables from a file or a folder on the controller"

    def run(self, call: Call) -> Result:
        """Read them; templates in them are filled where they are used."""
        if (call.args.file is None) == (call.args.dir is None):
            return {"failed": True, "msg": "give one of file and dir"}
        files = self._files(call)
        if files is None:
            return {"failed": True, "msg": f"there is no {call.args.file or call.args.dir} in the folders of variables"}
        values: dict[str, Any] = {}
        for path in files:
            values |= read_variables(path, call.templar.secrets)
        given: Mapping[str, Any] = {call.args.name: values} if call.args.name else values
        shown = call.templar.fill(values, call.scope.with_(lazily(given)))
        facts = {call.args.name: shown} if call.args.name else shown
        names = [str(path) for path in files]
        return {
            "changed": False,
            "ansible_facts": facts,
            "ansible_included_var_files": names,
            "_include": lazily(given),
        }

    def _files(self, call: Call) -> list[Path] | None:
        folders = [folder / "vars" for folder in call.folders] + list(call.folders)
        if call.args.file is not None:
            path = found([call.args.file], folders)
            return [path] if path else None
        for folder in folders:
            below = folder / call.args.dir
            if below.is_dir():
                return sorted(item for item in below.rglob("*") if item.suffix in (".yml", ".yaml", ".json"))
        return None


class PauseArguments(Model):
    """How long."""

    seconds: float = 0
    minutes: float = 0


class Pause(_Here):
    """Wait on the controller."""

    name = "psnet.pause"
    aliases = ("pause", "ansible.builtin.pause")
    arguments = PauseArguments
    summary = "waits `seconds` or `minutes`"

    def run(self, call: Call) -> Result:
        """Wait."""
        seconds = call.args.seconds + 60 * call.args.minutes
        call.clock.sleep(seconds)
        return {"changed": False, "delta": seconds}


CONTROL: tuple[Module, ...] = (Debug(), Assert(), Fail(), SetFact(), IncludeVars(), Pause())
