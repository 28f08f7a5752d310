"""Objects kept for a later line as they are now: what a script changes afterwards was shown as it was."""

from __future__ import annotations

from typing import Any

from psnet.errors import LabError
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import PS_CUSTOM, unwrap
from psnet.lab.format.cells import cell_text
from psnet.lab.values import Hashtable, Member, PSObject


def frozen(value: Any) -> Any:
    """Return a value as it is shown now: a copy of a dictionary or of an object of properties, else the value."""
    if isinstance(value, Hashtable):
        return value.copy()
    if type(value) is not PSObject or value.base is not None:
        return value
    kept = PSObject((), value.type_names, to_string=value.to_string, native=value.native)
    kept.members = {key: _frozen_member(value, member) for key, member in value.members.items()}
    return kept


def _frozen_member(owner: PSObject, member: Member) -> Member:
    if member.kind not in {"NoteProperty", "Property"}:
        return member
    if member.getter is not None:
        try:
            return Member(member.name, member.kind, member.getter(owner))
        except LabError:
            return member  # it says so when it is shown
    base = unwrap(member.value)
    bag = type(base) is PSObject and PS_CUSTOM in base.type_names
    if bag or isinstance(base, Hashtable) or (is_enumerable(base) and not isinstance(base, str)):
        return Member(member.name, member.kind, cell_text(member.value))
    return Member(member.name, member.kind, member.value)
