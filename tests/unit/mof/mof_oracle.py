"""Recorded compilations, and how a document of ours is compared with a recorded one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from oracle_data import cases, oracle_path

from psnet.mof import ModuleRule, SchemaSet, load_schemas

if TYPE_CHECKING:
    from psnet.mof import Instance, Value

# The modules of the recorded schemas, as their README names them.
MODULES = [ModuleRule("OracleDsc", "1.2.0"), ModuleRule("OracleExtra", "3.0", frozenset({"extra_thing"}))]
# Written by psnet where the engine trips over itself (README, Comparing, 7), or refused where it is too kind.
WRITTEN_CORRECTLY = {"reals-exponent", "string-alias-lookalike-used", "pairs-bare-hashtable"}
REFUSED_FOR_SAFETY = {"credential-array-not-allowed": "InvalidPathSpecified"}
_VOLATILE = {"author", "generationdate", "generationhost"}
_IMPORT = re.compile(r"Import-DscResource -ModuleName (\w+)(?: -ModuleVersion ([\d.]+))?")
_VARIABLE = re.compile(r"""^\$(\w+) = (?:"([^"]*)"|'([^']*)'|(\d+))$""", re.MULTILINE)


@cache
def oracle_schemas() -> SchemaSet:
    return load_schemas(oracle_path("mof/schemas"), MODULES)


def oracle_cases() -> list[dict[str, Any]]:
    return cases("mof/cases.yaml")


def declaration(case: dict[str, Any]) -> dict[str, Any]:
    """What a user of psnet would write for a case; the script adds what the declaration does not hold."""
    declared = {key: case[key] for key in ("document", "timezone", "configuration") if key in case}
    if case["document"] == "configuration":
        declared["schemas"] = case["schemas"]
        asked = [(name, version) for name, version in _IMPORT.findall(case["script"]) if version]
        if asked:
            declared["imports"] = [{"module": name, "version": version} for name, version in asked]
    variables = {
        name: int(number) if number else double or single
        for name, double, single, number in _VARIABLE.findall(case["script"])
    }
    return declared | ({"variables": variables} if variables else {})


def recorded(instances: list[dict[str, Any]]) -> list[Any]:
    """Recorded instances in comparable form."""
    by_alias: dict[str, Any] = {}
    result = []
    for instance in instances:
        form = (
            instance["class"].lower(),
            (instance["alias"] or "").lower(),
            {
                name.lower(): _recorded_value(value, by_alias)
                for name, value in instance["properties"].items()
                if name.lower() != "sourceinfo"
            },
        )
        if instance["alias"]:
            by_alias[instance["alias"].lower()] = form
        result.append(_forget_volatile(form))
    return result


def _recorded_value(value: dict[str, Any], by_alias: dict[str, Any]) -> Any:
    kind = value["kind"]
    if kind == "array":
        return (kind, [_recorded_value(item, by_alias) for item in value["items"]])
    if kind == "reference":
        return (kind, by_alias[value["alias"].lower()])
    if kind == "real":
        return (kind, float(value["text"]))
    return (kind, value.get("value"))


def ours(instances: list[Instance]) -> list[Any]:
    """Instances that psnet parsed, in the same form."""
    by_alias: dict[str, Any] = {}
    result = []
    for instance in instances:
        form = (
            instance.class_name.lower(),
            (instance.alias or "").lower(),
            {name.lower(): _our_value(value, by_alias) for name, value in instance.properties.items()},
        )
        form[2].pop("sourceinfo", None)
        if instance.alias:
            by_alias[instance.alias.lower()] = form
        result.append(_forget_volatile(form))
    return result


def _our_value(value: Value, by_alias: dict[str, Any]) -> Any:
    if value.kind == "array":
        return (value.kind, [_our_value(item, by_alias) for item in value.value])
    if value.kind == "reference":
        return (value.kind, by_alias[value.value.lower()])
    if value.kind == "real":
        return (value.kind, float(value.value))
    return (value.kind, value.value)


def _forget_volatile(form: Any) -> Any:
    name, alias, properties = form
    if name != "omi_configurationdocument":
        return form
    for key in _VOLATILE:
        assert properties[key][0] == "string"
        assert properties[key][1]
    return (name, alias, {key: value for key, value in properties.items() if key not in _VOLATILE})
