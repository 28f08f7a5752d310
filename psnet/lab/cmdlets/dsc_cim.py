"""Invoke-CimMethod for MSFT_DSCLocalConfigurationManager, the class behind the cmdlets of DSC.

Methods and arguments: Microsoft's pages about the class. A document is a Byte[] that begins with its whole length, four
bytes, little endian (Microsoft's known-issues page of WMF 5 shows such a call).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.dsc_common import CmdletClient, lcm_of
from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import CIM_EXCEPTION, HostRefusal
from psnet.lab.lcm.objects import (
    current_instance,
    instances,
    method_result,
    settings_instance,
    status_instance,
    test_outputs,
)
from psnet.lab.lcm.refusals import CLASS, NAMESPACE, TARGET, busy, refused
from psnet.lab.values import Array, Byte, Hashtable
from psnet.mof.model import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.lcm.manager import Lcm

_CIM: Final = "Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand"
_HEADER: Final = 4
_ARRAYS: Final = "System.Byte"


class Call:
    """One call: its arguments, its client and its stop signal."""

    def __init__(self, ctx: CmdletContext, arguments: Hashtable) -> None:
        self.lcm: Lcm = lcm_of(ctx)
        self.client = CmdletClient(ctx)
        self.stop = ctx.runspace.stop
        self._given = {str(key).lower(): net.unwrap(value) for key, value in arguments.items()}

    def refuse_others(self, names: tuple[str, ...]) -> None:
        """Refuse arguments that the method does not have."""
        for name in self._given:
            if name not in names:
                raise refused("UnknownArgument", f"The method has no argument {name}.", "MetadataError")

    def document(self, *, needed: bool = True) -> bytes | None:
        """Return ConfigurationData without its length."""
        data = self._given.get("configurationdata")
        if data is None and not needed:
            return None
        if not isinstance(data, Array) or data.element_type != _ARRAYS or any(type(x) is not Byte for x in data.items):
            raise refused("InvalidConfigurationData", "ConfigurationData is a Byte[].")
        raw = bytes(data.items)
        if len(raw) < _HEADER or int.from_bytes(raw[:_HEADER], "little") != len(raw):
            raise refused(
                "InvalidConfigurationData",
                "ConfigurationData begins with its whole length as four bytes: "
                "[System.BitConverter]::GetBytes($data.Length + 4) + $data.",
            )
        return raw[_HEADER:]

    def flag(self, name: str) -> bool:
        """Return a Boolean argument."""
        value = self._given.get(name, False)
        if not isinstance(value, bool):
            raise refused("InvalidArgument", f"{name} is a Boolean.")
        return value

    def number(self, name: str) -> int:
        """Return a numeric argument."""
        value = self._given.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refused("InvalidArgument", f"{name} is a number.")
        return int(value)

    def text(self, name: str) -> str | None:
        """Return a text, None when it is not given."""
        value = self._given.get(name)
        if value is not None and not isinstance(value, str):
            raise refused("InvalidArgument", f"{name} is a String.")
        return value


def _send(call: Call) -> dict[str, Any]:
    call.lcm.send(call.document() or b"", force=call.flag("force"), client=call.client)
    return {}


def _send_apply(call: Call) -> dict[str, Any]:
    call.lcm.send_apply(call.document() or b"", force=call.flag("force"), client=call.client, stop=call.stop)
    return {}


def _send_apply_async(call: Call) -> dict[str, Any]:
    call.lcm.send_apply_async(call.document(), force=call.flag("force"), job_id=call.text("jobid"))
    return {}


def _apply(call: Call) -> dict[str, Any]:
    call.lcm.apply_existing(force=call.flag("force"), client=call.client, stop=call.stop)
    return {}


def _test(call: Call) -> dict[str, Any]:
    return test_outputs(call.lcm.test(call.document(needed=False), client=call.client, stop=call.stop))


def _get(call: Call) -> dict[str, Any]:
    found = call.lcm.get(call.document(needed=False), client=call.client, stop=call.stop)
    return {"configurations": instances(current_instance(bound, values) for bound, values in found)}


def _status(call: Call) -> dict[str, Any]:
    running = call.lcm.gate.running
    if running is not None:
        raise busy("Get-DscConfigurationStatus", running.name)
    runs = call.lcm.history.runs()[::-1]
    shown = runs if call.flag("all") else runs[:1]
    return {"configurationStatus": instances(status_instance(call.lcm, run) for run in shown)}


def _settings(call: Call) -> dict[str, Any]:
    return {"MetaConfiguration": settings_instance(call.lcm, call.lcm.settings)}


def _send_settings(call: Call) -> dict[str, Any]:
    call.lcm.send_settings(call.document() or b"", force=call.flag("force"), client=call.client)
    return {}


def _roll_back(call: Call) -> dict[str, Any]:
    call.lcm.restore(client=call.client, stop=call.stop)
    return {}


def _remove(call: Call) -> dict[str, Any]:
    call.lcm.remove(call.number("stage"))
    return {}


def _checks(call: Call) -> dict[str, Any]:
    if call.number("flags") != 1:
        raise UnsupportedError("PerformRequiredConfigurationChecks with other flags than 1, a check of consistency")
    call.lcm.check(client=call.client, stop=call.stop)
    return {}


def _stop(call: Call) -> dict[str, Any]:
    call.lcm.cancel(force=call.flag("force"))
    return {}


def _debug(call: Call) -> dict[str, Any]:
    mode = "ResourceScriptBreakAll" if call.flag("breakall") else "ForceModuleImport"
    call.lcm.change_setting("DebugMode", Value("array", (Value("string", mode),)))
    return {}


def _no_debug(call: Call) -> dict[str, Any]:
    call.lcm.change_setting("DebugMode", Value("array", (Value("string", "None"),)))
    return {}


_METHODS: Final[dict[str, tuple[str, Callable[[Call], dict[str, Any]], tuple[str, ...]]]] = {
    name.lower(): (name, act, arguments)
    for name, act, arguments in (
        ("SendConfiguration", _send, ("configurationdata", "force")),
        ("SendConfigurationApply", _send_apply, ("configurationdata", "force")),
        ("SendConfigurationApplyAsync", _send_apply_async, ("configurationdata", "force", "jobid")),
        ("ApplyConfiguration", _apply, ("force",)),
        ("TestConfiguration", _test, ("configurationdata",)),
        ("GetConfiguration", _get, ("configurationdata",)),
        ("GetConfigurationStatus", _status, ("all",)),
        ("GetMetaConfiguration", _settings, ()),
        ("SendMetaConfigurationApply", _send_settings, ("configurationdata", "force")),
        ("RollBack", _roll_back, ("configurationnumber",)),
        ("RemoveConfiguration", _remove, ("stage", "force")),
        ("PerformRequiredConfigurationChecks", _checks, ("flags",)),
        ("StopConfiguration", _stop, ("force",)),
        ("EnableDebugConfiguration", _debug, ("breakall",)),
        ("DisableDebugConfiguration", _no_debug, ()),
    )
}


@cmdlet(
    "Invoke-CimMethod",
    "ClassName string 0 mandatory alias=Class byname\nArguments object 1\nMethodName string 2 mandatory alias=Name\n"
    "Namespace string byname\nOperationTimeoutSec uint32 alias=OT",
    class_name=_CIM,
    module="CimCmdlets",
    should_process=True,
)
def invoke_cim_method(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Call a static method of the Local Configuration Manager's class; every other class is unknown here."""
    only(p, "ClassName", "MethodName", "Arguments", "Namespace", "OperationTimeoutSec")
    space = str(p.get("Namespace") or "root/cimv2").replace("\\", "/").lower()
    name, method = str(p["ClassName"]), _METHODS.get(str(p["MethodName"]).lower())
    if space != NAMESPACE.lower() or name.lower() != CLASS.lower() or method is None:
        raise UnsupportedError(f"Invoke-CimMethod {name} {p['MethodName']} in {space}")
    arguments = net.unwrap(p.get("Arguments"))
    if arguments is not None and not isinstance(arguments, Hashtable):
        raise UnsupportedError("Invoke-CimMethod with arguments that are no hashtable")
    shown, act, names = method
    if not ctx.should_process(CLASS, f"Invoke-CimMethod: {shown}"):
        return
    call = Call(ctx, arguments or Hashtable())
    try:
        call.refuse_others(names)
        outputs = act(call)
    except HostRefusal as refusal:
        call.client.flush(_write)
        _write(ctx, refusal)
        return
    call.client.flush(_write)
    yield method_result(shown, outputs)


def _write(ctx: CmdletContext, refusal: HostRefusal) -> None:
    ctx.write_error(refusal.message, refusal.error_id, refusal.category, TARGET, exception=CIM_EXCEPTION)
