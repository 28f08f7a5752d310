"""Values that PowerShell gives to Invoke-DscResource, converted to what the schema declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.objects import PSCredential
from psnet.lab.engine import net
from psnet.lab.lcm.refusals import refused
from psnet.lab.lcm.values import CIM_INSTANCE, TYPES, cim_instance
from psnet.lab.values import Array, DotNetError, Hashtable

if TYPE_CHECKING:
    from psnet.lab.lcm.modules import ResourceClass
    from psnet.mof.keyword import KeywordProperty


def typed_values(resource: ResourceClass, table: Hashtable) -> dict[str, Any]:
    """Return a resource's values by the schema's names; raises HostRefusal."""
    owner, known = resource.keyword.name, resource.keyword.properties
    found: dict[str, Any] = {}
    for key, value in table.items():
        prop = known.get(str(key).lower())
        if prop is None or prop.name.lower() in ("dependson", "psdscrunascredential"):
            raise refused("UndefinedProperty", f"{owner} has no property {key}.")
        if value is not None:
            found[prop.name] = _typed(owner, prop, value)
    for prop in known.values():
        if prop.is_mandatory and prop.name not in found:
            raise refused("RequiredPropertyMissing", f"{owner} needs a value for {prop.name}.")
    return found


def _typed(owner: str, prop: KeywordProperty, value: Any) -> Any:
    plain = net.unwrap(value)
    if prop.type == "instance":
        return _instance(owner, prop, plain)
    kind = TYPES[prop.type] + ("[]" if prop.is_array else "")
    try:
        made = net.convert(value, kind)
    except DotNetError as error:
        raise refused("TypeMismatch", f"{owner}: {prop.name}: {error.message}") from error
    allowed = {item.lower() for item in prop.values}
    for item in made.items if isinstance(made, Array) else [made]:
        if allowed and net.to_string(item).lower() not in allowed:
            raise refused("ValueNotInMap", f"{owner}: {net.to_string(item)} is no value of {prop.name}.")
    return made


def _instance(owner: str, prop: KeywordProperty, value: Any) -> Any:
    kind = (prop.embedded_class or "").lower()
    if kind == "msft_credential" and isinstance(value, PSCredential) and not prop.is_array:
        return value
    if kind == "msft_keyvaluepair" and isinstance(value, Hashtable) and prop.is_array:
        pairs = [{"Key": net.to_string(key), "Value": net.to_string(held)} for key, held in value.items()]
        return Array([cim_instance("MSFT_KeyValuePair", pair) for pair in pairs], CIM_INSTANCE)
    raise refused("TypeMismatch", f"{owner}: {prop.name} takes {prop.embedded_class}; the lab makes no such instance.")
