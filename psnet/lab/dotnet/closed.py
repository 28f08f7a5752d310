"""Members that a type has, or may have, and that are not simulated: refused, never missing."""

from __future__ import annotations

import re
from typing import Any, Final

from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.scripttypes import script_type
from psnet.lab.dotnet.typenames import PS_CUSTOM, type_name_of
from psnet.lab.values import PSObject
from psnet.powershell.facts import dotnet

#: What every value has where its type has none: PowerShell's own Count and Length of one thing.
_SCALAR: Final = frozenset({"count", "length"})
#: What PowerShell's types.ps1xml gives to types beside their own members, in lower case.
_ADDED: Final = {
    "System.IO.FileInfo": ("versioninfo",),
    "System.Diagnostics.Process": (
        *("handles", "vm", "ws", "pm", "npm", "path", "company", "cpu", "fileversion", "productversion", "description"),
        *("product", "si"),
    ),
    "System.Security.Cryptography.X509Certificates.X509Certificate2": (
        *("dnsnamelist", "enhancedkeyusagelist", "sendastrustedissuer", "enrollmentpolicyendpoint", "policyid"),
    ),
    "System.Diagnostics.FileVersionInfo": ("fileversionraw", "productversionraw"),
}


def refuse_known(value: Any, name: str) -> None:
    """Refuse loudly a member that a value's .NET type has and that is not known here."""
    if isinstance(value, PSObject) and value.base is None and (not value.type_names or PS_CUSTOM in value.type_names):
        return
    if isinstance(value, PSObject) and value.base is None and is_instance_of_class(value):
        if name.lower() not in _NEVER:
            shown = re.split(r"[/\\]", value.type_names[0])[-1]
            raise UnsupportedError(f"the property {name} of {shown}")
        return
    kind = split_generic(type_name_of(value))[0]
    kind = "System.Type" if kind == "System.RuntimeType" else kind
    if kind and (dotnet.has_member(kind, name) or name.lower() in _ADDED.get(kind, ())):
        raise UnsupportedError(f"[{kind}].{name}")
    # An object of the lab's own making has what scripts use of its type; whether the type has more is not known.
    made = isinstance(value, PSObject) and value.base is None
    if name.lower() in _SCALAR:
        return
    if made and kind.startswith(("System.", "Microsoft.")) and dotnet.find(kind) is None and script_type(kind) is None:
        raise UnsupportedError(f"[{kind}].{name}")


#: What a CIM instance on its own host has nothing in, and what no CIM class has, in lower case.
_NEVER: Final = frozenset({"pscomputername"})


def is_instance_of_class(value: PSObject) -> bool:
    """Say whether an object is an instance of a CIM class: which other properties it has, is not known."""
    return bool(value.type_names) and value.type_names[0].startswith(
        ("Microsoft.Management.Infrastructure.CimInstance#", "System.Management.ManagementObject#")
    )
