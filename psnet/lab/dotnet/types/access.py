"""Owners and permissions of files and folders: System.Security.AccessControl as far as security descriptors in SDDL go."""

from __future__ import annotations

import re
from typing import Any, Final

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.errors import UnsupportedError, argument_null, thrown
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.types import files
from psnet.lab.values import AUTOMATION_NULL, EnumValue

_SECURITY: Final = "System.Security.AccessControl"
_SID: Final = "System.Security.Principal.SecurityIdentifier"
_PRINCIPAL: Final = "System.Security.Principal.WindowsPrincipal"
_ROLE: Final = "System.Security.Principal.WindowsBuiltInRole"
_IDENTITY: Final = "System.Security.Principal.WindowsIdentity"
_WORDS: Final = {"BA": "S-1-5-32-544", "SY": "S-1-5-18", "BU": "S-1-5-32-545", "WD": "S-1-1-0"}
_ADMINISTRATOR: Final = "S-1-5-21-1004336348-1177238915-682003330-500"
_PARTS: Final = re.compile(
    r"(?:O:(?P<owner>[\w-]+?))?(?:G:(?P<group>[\w-]+?))?(?:D:(?P<access>[A-Z]*(?:\([^()]*\))*))?"
)
#: What ProgramData gives to a folder that is made in it: everybody may make files there.
_INHERITED: Final = (
    "AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
)


def _word(sid: str) -> str:
    return next((word for word, long in _WORDS.items() if long == sid), sid)


def _identifier(text: str) -> Native:
    sid = _WORDS.get(text.upper(), text)
    if not re.fullmatch(r"S-1-\d+(-\d+)*", sid):
        raise thrown("System.ArgumentException", "Value was invalid.\r\nParameter name: sddlForm")
    return Native(_SID, {"sid": sid})


constructor(_SID, "(string sddlForm)")(_identifier)
prop(_SID, "string Value", lambda value: value.state["sid"])
method(_SID, "string ToString()")(lambda value: value.state["sid"])

static(_IDENTITY, "System.Security.Principal.WindowsIdentity GetCurrent()")(
    lambda: Native(_IDENTITY, {"name": f"{current().machine_name}\\{current().user_name}"})
)
prop(_IDENTITY, "string Name", lambda value: value.state["name"])
constructor(_PRINCIPAL, f"({_IDENTITY} ntIdentity)")(lambda identity: Native(_PRINCIPAL, {"identity": identity}))
prop(_PRINCIPAL, f"{_IDENTITY} Identity", lambda value: value.state["identity"])


@method(_PRINCIPAL, f"bool IsInRole({_ROLE} role)", "bool IsInRole(string role)")
def _in_role(_: Native, role: Any) -> bool:
    name = to_string(role).rpartition("\\")[2].lower()
    if name not in {"administrator", "administrators"}:
        raise UnsupportedError(f"IsInRole of {to_string(role)}")
    return True


prop(_IDENTITY, f"{_SID} User", lambda _: _identifier(_ADMINISTRATOR))


def _made(kind: str) -> Native:
    return Native(f"{_SECURITY}.{kind}", {"owner": None, "access": None})


def _of(path: str, kind: str) -> Native:
    entry = files.entry_at(path)
    return Native(f"{_SECURITY}.{kind}", {"owner": entry.owner, "access": entry.dacl or _INHERITED})


def _set(path: str, security: Native) -> Any:
    """Write what the descriptor says; what it leaves out stays."""
    entry = files.entry_at(path)
    _apply(entry, security)
    return AUTOMATION_NULL


def _apply(entry: Any, security: Native | None) -> None:
    if security is None:
        raise argument_null("directorySecurity")
    entry.owner = security.state["owner"] or entry.owner
    entry.dacl = security.state["access"] if security.state["access"] is not None else entry.dacl


for _owner, _kind in (("System.IO.Directory", "DirectorySecurity"), ("System.IO.File", "FileSecurity")):
    _name = f"{_SECURITY}.{_kind}"
    constructor(_name, "()")(lambda kind=_kind: _made(kind))
    static(_owner, f"{_name} GetAccessControl(string path)")(lambda path, kind=_kind: _of(path, kind))
    static(_owner, f"void SetAccessControl(string path, {_name} security)")(_set)


@static("System.IO.Directory", f"System.IO.DirectoryInfo CreateDirectory(string path, {_SECURITY}.DirectorySecurity s)")
def _create(path: str, security: Native) -> Native:
    """Make a folder with its owner and permissions from the start; one that is there is left as it is."""
    made = files.make_folder(path)
    if made is not None:
        _apply(made, security)
    return Native("System.IO.DirectoryInfo", {"path": path})


_OBJECT: Final = f"{_SECURITY}.ObjectSecurity"


@method(_OBJECT, "void SetSecurityDescriptorSddlForm(string sddlForm)")
def _from_sddl(value: Native, text: str) -> Any:
    found = _PARTS.fullmatch(text or "")
    if not text or found is None:
        raise thrown("System.ArgumentException", "The SDDL form of a security descriptor object is invalid.")
    if found["owner"]:
        value.state["owner"] = _identifier(found["owner"]).state["sid"]
    if found["access"] is not None:
        value.state["access"] = found["access"]
    return AUTOMATION_NULL


@method(_OBJECT, f"string GetSecurityDescriptorSddlForm({_SECURITY}.AccessControlSections includeSections)")
def _to_sddl(value: Native, sections: EnumValue) -> str:
    names = {name.strip() for name in sections.name.split(",")}
    if not names <= {"Owner", "Access"}:
        raise UnsupportedError(f"GetSecurityDescriptorSddlForm of {sections.name}")
    owner = f"O:{_word(value.state['owner'])}" if "Owner" in names and value.state["owner"] else ""
    return owner + (f"D:{value.state['access'] or ''}" if "Access" in names else "")


@method(_OBJECT, "System.Security.Principal.IdentityReference GetOwner(type targetType)")
def _owner_of(value: Native, wanted: Any) -> Native | None:
    if str(getattr(wanted, "name", wanted)) != _SID:
        raise UnsupportedError(f"GetOwner as {wanted}")
    return _identifier(value.state["owner"]) if value.state["owner"] else None
