"""computenetwork.dll, for scripts that declare its Hcn* functions with Add-Type -MemberDefinition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.contract.types import NativeType
from psnet.lab.dotnet.errors import UnsupportedError, thrown
from psnet.lab.dotnet.numbers import make
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.types.credentials import pointer
from psnet.lab.values import Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.hns.hcn import Answer
    from psnet.lab.host.model import Host

# What a parameter is: g an id, t a text, h a handle; H an out handle, T an out text.
_KINDS: Final = ("Network", "Endpoint", "Namespace", "LoadBalancer")
_FUNCTIONS: Final = {
    **{f"HcnEnumerate{kind}s": "tTT" for kind in _KINDS},
    "HcnCreateNetwork": "gtHT",
    "HcnCreateEndpoint": "hgtHT",
    "HcnCreateNamespace": "gtHT",
    "HcnCreateLoadBalancer": "gtHT",
    **{f"HcnOpen{kind}": "gHT" for kind in _KINDS},
    **{f"HcnModify{kind}": "htT" for kind in _KINDS},
    **{f"HcnQuery{kind}Properties": "htTT" for kind in _KINDS},
    **{f"HcnDelete{kind}": "gT" for kind in _KINDS},
    **{f"HcnClose{kind}": "h" for kind in _KINDS},
}
_PARAMETERS: Final = {
    "g": r"\[MarshalAs\(UnmanagedType\.LPStruct\)\]\s*(?:System\.)?Guid\s+\w+",
    "t": r"\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*string\s+\w+",
    "h": r"(?:\[MarshalAs\(UnmanagedType\.SysUInt\)\]\s*)?(?:System\.)?IntPtr\s+\w+",
    "H": r"(?:\[MarshalAs\(UnmanagedType\.SysUInt\)\]\s*)?out\s+(?:System\.)?IntPtr\s+\w+",
    "T": r"\[MarshalAs\(UnmanagedType\.LPWStr\)\]\s*out\s+string\s+\w+",
}
_DECLARATION: Final = re.compile(
    r'\[DllImport\("computenetwork\.dll"\)\]\s*public\s+static\s+extern\s+(int|System\.Int32|long|System\.Int64)\s+'
    r"(Hcn\w+)\s*\(([^;]*)\)\s*;\s*"
)


def declared(source: str) -> dict[str, bool] | None:
    """Return the functions that a member definition declares, and whether each returns a long.

    None when there is anything but known declarations.
    """
    found: dict[str, bool] = {}
    place, text = 0, source.strip() + "\n"
    while place < len(text.rstrip()):
        match = _DECLARATION.match(text, place)
        if match is None or match[2] not in _FUNCTIONS or match[2] in found:
            return None
        wanted = r"\s*,\s*".join(_PARAMETERS[letter] for letter in _FUNCTIONS[match[2]])
        if re.fullmatch(rf"\s*{wanted}\s*", match[3]) is None:
            return None
        found[match[2]] = match[1] in ("long", "System.Int64")
        place = match.end()
    return found or None


def _method(name: str, *, long: bool) -> Callable[[Any, list[Any]], Any]:
    letters = _FUNCTIONS[name]

    def call(host: Host, arguments: list[Any]) -> Any:
        if len(arguments) != len(letters):
            raise UnsupportedError(f"{name} with {len(arguments)} arguments")
        if host.hcn is None:
            raise thrown("System.DllNotFoundException", "Unable to load DLL 'computenetwork.dll'.")
        outs = [item for letter, item in zip(letters, arguments, strict=True) if letter.isupper()]
        if any(not isinstance(item, Reference) for item in outs):
            raise UnsupportedError(f"{name} without [ref] for an out parameter")
        given = [
            _handle(item) if letter == "h" else to_string(item)
            for letter, item in zip(letters, arguments, strict=True)
            if letter.islower()
        ]
        answer: Answer = host.hcn.call(name, given)
        texts = [answer.text, answer.error] if letters.count("T") > 1 else [answer.error]
        for letter, item in zip(letters, arguments, strict=True):
            if letter == "T":
                item.value = texts.pop(0) or None
            elif letter == "H":
                item.value = pointer(answer.handle)
        code = answer.code if long else answer.code - (1 << 32 if answer.code >> 31 else 0)
        return make("System.Int64", code) if long else code

    return call


def _handle(value: Any) -> int:
    state = getattr(value, "state", {})
    if "text" not in state:
        raise UnsupportedError("a handle that is no IntPtr")
    return int(state["text"])


def hcn_native_types() -> list[NativeType]:
    """Return what Add-Type may declare of computenetwork.dll; each function by itself knows how it was declared."""
    narrow = {name: _method(name, long=False) for name in _FUNCTIONS}
    wide = {name: _method(name, long=True) for name in _FUNCTIONS}
    return [
        NativeType(lambda source: _returns(source, long=False), narrow),
        NativeType(lambda source: _returns(source, long=True), wide),
    ]


def _returns(source: str, *, long: bool) -> bool:
    found = declared(source)
    return found is not None and set(found.values()) == {long}
