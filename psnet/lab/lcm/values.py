"""Values of documents as PowerShell gets them, checked against the schema on the way."""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.numbers import make
from psnet.lab.dotnet.objects import PSCredential, SecureString
from psnet.lab.lcm.refusals import NAMESPACE, refused
from psnet.lab.values import Array, Char, DateTime, PSObject
from psnet.mof.keyword import INTEGER_BOUNDS
from psnet.mof.schema import base_keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.mof.keyword import Keyword, KeywordProperty
    from psnet.mof.model import Instance, Value

    Decrypt = Callable[[str], str]

_DMTF: Final = re.compile(r"(\d{14})\.(\d{6})([+-])(\d{3})")
_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
TYPES: Final = {
    "string": "System.String",
    "boolean": "System.Boolean",
    "char16": "System.Char",
    "datetime": "System.DateTime",
    "real32": "System.Single",
    "real64": "System.Double",
    "uint8": "System.Byte",
    "sint8": "System.SByte",
    **{f"{sign}int{size}": f"System.{'U' if sign == 'u' else ''}Int{size}" for sign in "us" for size in (16, 32, 64)},
}
CIM_INSTANCE: Final = "Microsoft.Management.Infrastructure.CimInstance"
_KINDS: Final = {"string": "string", "boolean": "boolean", "char16": "char16", "datetime": "string"}


class Reader:
    """FairLock the values of one resource into PowerShell's; ``owner`` names it in refusals."""

    def __init__(
        self,
        owner: str,
        keywords: Mapping[str, Keyword],
        embedded: Mapping[str, Instance],
        decrypt: Decrypt,
    ) -> None:
        self.owner = owner
        self.keywords = {**base_keywords(), **{item.class_name.lower(): item for item in keywords.values()}}
        self.embedded = embedded
        self.decrypt = decrypt

    def properties(self, keyword: Keyword, instance: Instance, ignored: frozenset[str]) -> dict[str, Any]:
        """Return an instance's values by the schema's names; nulls are left out. Raises HostRefusal."""
        found: dict[str, Any] = {}
        for name, value in instance.properties.items():
            if name.lower() in ignored:
                continue
            prop = keyword.properties.get(name.lower())
            if prop is None:
                raise refused("UndefinedProperty", f"{self.owner}: {keyword.class_name} has no property {name}.")
            if value.kind != "null":
                found[prop.name] = self._value(prop, value)
        for prop in keyword.properties.values():
            if prop.is_mandatory and prop.name not in found and prop.name.lower() not in ignored:
                raise refused("RequiredPropertyMissing", f"{self.owner} needs a value for {prop.name}.")
        return found

    def _value(self, prop: KeywordProperty, value: Value) -> Any:
        if prop.is_array != (value.kind == "array"):
            raise self._mismatch(prop, "a list" if prop.is_array else "one value")
        if not prop.is_array:
            return self._scalar(prop, value)
        items = [self._scalar(prop, entry) for entry in value.value]
        return Array(items, CIM_INSTANCE if prop.type == "instance" else TYPES[prop.type])

    def _scalar(self, prop: KeywordProperty, value: Value) -> Any:
        kind = prop.type
        if kind == "instance":
            return self._instance(prop, value)
        if kind in INTEGER_BOUNDS:
            low, high = INTEGER_BOUNDS[kind]
            if value.kind != "integer" or not low <= value.value <= high:
                raise self._mismatch(prop, kind)
        elif kind.startswith("real"):
            if value.kind not in ("real", "integer"):
                raise self._mismatch(prop, kind)
        elif value.kind != _KINDS[kind]:
            raise self._mismatch(prop, kind)
        stored = list(prop.value_map.values()) or list(prop.values)
        if stored and str(value.value).lower() not in {item.lower() for item in stored}:
            raise refused("ValueNotInMap", f"{self.owner}: {value.value} is no value of {prop.name} ({stored}).")
        return self._plain(prop, value)

    def _plain(self, prop: KeywordProperty, value: Value) -> Any:
        kind = prop.type
        if kind in ("string", "boolean"):
            return value.value
        if kind == "char16":
            return Char(value.value)
        if kind == "datetime":
            return self._moment(prop, str(value.value))
        if kind == "real32":
            return make(TYPES[kind], struct.unpack("<f", struct.pack("<f", float(value.value)))[0])
        return make(TYPES[kind], float(value.value) if kind == "real64" else value.value)

    def _moment(self, prop: KeywordProperty, text: str) -> DateTime:
        hit = _DMTF.fullmatch(text)
        try:
            if hit is None:
                raise self._mismatch(prop, "datetime")
            moment = datetime.strptime(hit[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise self._mismatch(prop, "datetime") from None
        moment += timedelta(microseconds=int(hit[2]), minutes=int(hit[4]) * (1 if hit[3] == "-" else -1))
        return DateTime((moment - _ZERO) // timedelta(microseconds=1) * 10, 2)  # the host's zone is UTC

    def _instance(self, prop: KeywordProperty, value: Value) -> Any:
        held = self.embedded.get(str(value.value).lower()) if value.kind == "reference" else None
        keyword = self.keywords.get(held.class_name.lower()) if held is not None else None
        wanted = (prop.embedded_class or "").lower()
        if held is None or keyword is None or (wanted and wanted not in keyword.ancestors):
            raise self._mismatch(prop, f"an instance of {prop.embedded_class}")
        inner = self.properties(keyword, held, frozenset())
        if keyword.class_name.lower() == "msft_credential":
            return self.credential(inner)
        return cim_instance(keyword.class_name, inner)

    def run_as(self, value: Value | None) -> PSCredential | None:
        """Return the credential that a resource runs under, None for SYSTEM."""
        if value is None or value.kind == "null":
            return None
        held = self.embedded.get(str(value.value).lower()) if value.kind == "reference" else None
        if held is None or held.class_name.lower() != "msft_credential":
            raise refused("TypeMismatch", f"{self.owner}: PsDscRunAsCredential must be an instance of MSFT_Credential.")
        return self.credential(self.properties(self.keywords["msft_credential"], held, frozenset()))

    def credential(self, inner: dict[str, Any]) -> PSCredential:
        """Return a credential; its password is decrypted."""
        if not inner.get("UserName"):
            raise refused("CredentialWithoutUser", f"{self.owner} has a credential without UserName.")
        return PSCredential(inner["UserName"], SecureString(self.decrypt(inner.get("Password", "")), read_only=True))

    def _mismatch(self, prop: KeywordProperty, wanted: str) -> Exception:
        return refused("TypeMismatch", f"{self.owner}: {prop.name} must be {wanted}.")


def cim_instance(class_name: str, properties: Mapping[str, Any]) -> PSObject:
    """Return a CIM instance of the namespace of Desired State Configuration."""
    made = PSObject.of(
        dict(properties), f"{CIM_INSTANCE}#{NAMESPACE}/{class_name}", CIM_INSTANCE, "System.Object", kind="Property"
    )
    made.to_string = class_name
    return made
