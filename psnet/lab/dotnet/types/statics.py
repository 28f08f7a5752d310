"""Default values of structures, and types that only lend their name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psnet.lab.dotnet.bases import is_value_type, split_generic
from psnet.lab.dotnet.enums import is_enum, make_enum
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.numbers import CLASSES
from psnet.lab.dotnet.objects import DateTimeOffset, Guid, KeyValue
from psnet.lab.values import Char, DateTime, SwitchParameter, TimeSpan


def default_value(type_name: str) -> Any:
    """Return ``default(T)``: null for classes, zero and its like for structures."""
    if type_name == "System.Boolean":
        return False
    if type_name == "System.Decimal":
        return Decimal(0)
    if type_name in CLASSES:
        return CLASSES[type_name](0)
    if is_enum(type_name):
        return make_enum(type_name, 0)
    simple: dict[str, Any] = {
        "System.Char": Char("\0"),
        "System.DateTime": DateTime(0),
        "System.TimeSpan": TimeSpan(0),
        "System.Guid": Guid("00000000-0000-0000-0000-000000000000"),
        "System.DateTimeOffset": DateTimeOffset(0, 0),
        "System.Management.Automation.SwitchParameter": SwitchParameter(is_present=False),
        "System.Collections.DictionaryEntry": KeyValue(None, None),
    }
    if type_name in simple:
        return simple[type_name]
    if split_generic(type_name)[0] == "System.Collections.Generic.KeyValuePair`2":
        return KeyValue(None, None, type_name)
    if is_value_type(type_name) and not type_name.startswith("System.Nullable`1"):
        raise UnsupportedError(f"the default value of {type_name}")
    return None
