"""What the models' own checks say, as far as a JSON Schema can: rules by kind that go over several fields.

A template may stand for any value, so a rule never refuses one.
"""

from __future__ import annotations

from typing import Any, Final

from psnet.site.schema_words import TEMPLATE

Rule = dict[str, Any]
_OPEN: Final = {"type": "string", "pattern": TEMPLATE}
_NOTHING: Final = {"anyOf": [{"type": "null"}, _OPEN]}
_PORTED: Final = {
    "anyOf": [{"enum": [6, 17]}, {"type": "string", "pattern": r"^([Tt][Cc][Pp]|[Uu][Dd][Pp]|6|17)$"}, _OPEN]
}
_ICMP: Final = {
    "anyOf": [{"enum": [1, 58]}, {"type": "string", "pattern": r"^([Ii][Cc][Mm][Pp][Vv][46]|1|58)$"}, _OPEN]
}


def _mode(*modes: str) -> Rule:
    return {"required": ["mode"], "properties": {"mode": {"enum": list(modes)}}}


def _given(name: str, **more: Any) -> Rule:
    return {"required": [name], "properties": {name: more}}


_PORTS: Final = {"type": ["string", "integer", "array"], "not": {"enum": ["Any", "any", "*"]}}
_MEMBERS: Final = {"type": "array", "minItems": 1}
_SUBNETS: Final = {"subnets": {"anyOf": [{"type": "array", "maxItems": 0}, _OPEN]}}
_ADDRESSED: Final = {"anyOf": [{"required": ["subnet"]}, {"required": ["subnets"]}]}

#: Model -> the rules that each of its declarations keeps.
RULES: Final[dict[str, list[Rule]]] = {
    "ContainerNetwork": [
        {"not": {"required": ["subnet", "subnets"]}},
        {"not": {"required": ["gateway", "subnets"]}},
        {
            "if": _mode("nat"),
            "then": {
                "properties": {"adapter": _NOTHING, "subnets": {"anyOf": [{"type": "array", "maxItems": 1}, _OPEN]}}
            },
        },
        {"if": _mode("l2bridge", "l2tunnel", "overlay"), "then": _ADDRESSED},
        {
            "if": _mode("private", "internal"),
            "then": {"properties": {"adapter": _NOTHING, "subnet": _NOTHING, **_SUBNETS}},
        },
    ],
    "FirewallRule": [
        {"if": _given("local_ports", **_PORTS), "then": _given("protocol", **_PORTED)},
        {"if": _given("remote_ports", **_PORTS), "then": _given("protocol", **_PORTED)},
        {"if": _given("icmp_types", **_MEMBERS), "then": _given("protocol", **_ICMP)},
    ],
    "NatStaticMapping": [{"properties": {"protocol": _PORTED}}],
    "Endpoint": [
        {"if": _given("forwarding", const=True), "then": _given("attach", anyOf=[{"const": "host"}, _OPEN])},
        {
            "if": _given("remote", const=True),
            "then": {**_given("address", **{"not": {"type": "null"}}), "allOf": [{"properties": {"attach": _NOTHING}}]},
        },
        {
            "if": _given("provider_address", type="string"),
            "then": _given("remote", anyOf=[{"const": True}, _OPEN]),
        },
    ],
    "IpSet": [{"not": {"allOf": [_given("addresses", **_MEMBERS), _given("sets", **_MEMBERS)]}}],
    "Nat": [{"if": _given("gateway", type="string"), "then": {"required": ["switch"]}}],
    "SecretSource": [{"minProperties": 1, "maxProperties": 1}],
}


def ruled(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a model's schema with the rules that go over several of its fields."""
    rules = RULES.get(name)
    return {**schema, "allOf": [*schema.get("allOf", ()), *rules]} if rules else schema
