"""[Net.ServicePointManager]: what a session sets before it calls the web; the lab's web calls do not read it."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import DotNetError, EnumValue

from . import net

SERVICE_POINTS: Final = "System.Net.ServicePointManager"
_PROTOCOLS: Final = "System.Net.SecurityProtocolType"
_CALLBACK: Final = "System.Net.Security.RemoteCertificateValidationCallback"
_SETTABLE: Final = frozenset({"securityprotocol", "servercertificatevalidationcallback"})
#: Plain settings: name, type and what they are at first (Microsoft Learn, ServicePointManager).
_PLAIN: Final[dict[str, tuple[str, str, Any]]] = {
    "expect100continue": ("Expect100Continue", "System.Boolean", True),
    "usenaglealgorithm": ("UseNagleAlgorithm", "System.Boolean", True),
    "checkcertificaterevocationlist": ("CheckCertificateRevocationList", "System.Boolean", False),
    "defaultconnectionlimit": ("DefaultConnectionLimit", "System.Int32", 2),
}
#: Ssl3, Tls, Tls11, Tls12 and Tls13: the setter refuses every other bit (.NET Framework, ServicePointManager.cs).
_KNOWN_BITS: Final = 48 | 192 | 768 | 3072 | 12288
#: Windows 10 1709, the first whose powershell.exe leaves the choice to the system.
_SYSTEM_CHOOSES: Final = 16299


def read(values: dict[str, Any], name: str, build: int | None) -> Any:
    """Return a property of the session, ``MISSING`` for those that are not kept here."""
    key = name.lower()
    if key in _PLAIN:
        return values.get(key, _PLAIN[key][2])
    if key not in _SETTABLE:
        return net.MISSING
    if key in values or key != "securityprotocol":
        return values.get(key)
    if build is not None and build < _SYSTEM_CHOOSES:
        raise net.unsupported("the SecurityProtocol that Windows Server 2016 begins with")
    return net.enum_value(_PROTOCOLS, 0)


def write(values: dict[str, Any], name: str, value: Any) -> bool:
    """Set a property of the session; say whether it is one that is kept here."""
    key = name.lower()
    if key == "securityprotocol":
        values[key] = _protocols(value)
        return True
    if key == "servercertificatevalidationcallback":
        values[key] = None if value is None else _set("ServerCertificateValidationCallback", value, _CALLBACK)
        return True
    if key in _PLAIN:
        made = _set(_PLAIN[key][0], value, _PLAIN[key][1])
        if _PLAIN[key][1] == "System.Int32" and made <= 0:
            raise net.unsupported(f"{_PLAIN[key][0]} {made}")
        values[key] = made
        return True
    return False


def _protocols(value: Any) -> EnumValue:
    made: EnumValue = _set("SecurityProtocol", value, _PROTOCOLS)
    if made.value & ~_KNOWN_BITS:
        refused = make_exception("System.NotSupportedException", "The requested security protocol is not supported.")
        raise _refused("SecurityProtocol", refused)
    return made


def _set(name: str, value: Any, type_name: str) -> Any:
    try:
        return net.convert(value, type_name)
    except DotNetError as error:
        raise _refused(name, error.exception) from None


def _refused(name: str, inner: Any) -> DotNetError:
    exception = make_exception(
        "System.Management.Automation.SetValueInvocationException",
        f'Exception setting "{name}": "{inner.message}"',
        inner,
    )
    return DotNetError(exception, error_id="ExceptionWhenSetting", category="NotSpecified")
