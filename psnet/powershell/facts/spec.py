"""Parameters of cmdlets written down: one line a parameter, or the reference's YAML entries.

A line: ``Name type [position] [words]``. Words: ``mandatory``, ``value`` and ``byname`` (pipeline input),
``remaining``, ``alias=a,b``, ``values=A,B`` (the argument must be one of these), ``notnull``, ``notempty``,
``range=1..5``, ``dynamic`` (the file system's provider adds it), ``null``, ``emptystring``, ``emptycollection``
(allowed although mandatory), and one ``@Set[:position][:mandatory][:value][:byname]`` for each parameter set that has
the parameter (none: all).
"""

from __future__ import annotations

import re
from typing import Any

from .parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry
from .validation import NotMemberKind, NotNull, NotNullOrEmpty, Range, ValueSet


def _entry(words: list[str]) -> SetEntry:
    position = next((int(word) for word in words if word.isdigit()), None)
    return SetEntry(
        position,
        mandatory="mandatory" in words,
        by_value="value" in words,
        by_name="byname" in words,
        remaining="remaining" in words,
    )


def parse_parameter(line: str) -> ParameterInfo:
    """Return the parameter that a line describes."""
    name, kind, *words = line.split()
    options = dict(word.split("=", 1) for word in words if "=" in word and not word.startswith("@"))
    plain = [word for word in words if "=" not in word and not word.startswith("@")]
    sets = {word[1:].split(":")[0]: _entry([*plain, *word.split(":")[1:]]) for word in words if word.startswith("@")}
    validators: list[Any] = []
    if "values" in options:
        validators.append(ValueSet(options["values"].split(",")))
    if "range" in options:
        low, high = options["range"].split("..")
        validators.append(Range(int(low), int(high)))
    if "notnull" in plain:
        validators.append(NotNull())
    if "notmember" in plain:
        validators.append(NotMemberKind())
    if "notempty" in plain:
        validators.append(NotNullOrEmpty())
    return ParameterInfo(
        name,
        kind,
        sets or {ALL_SETS: _entry(plain)},
        tuple(filter(None, options.get("alias", "").split(","))),
        tuple(validators),
        allow_null="null" in plain,
        dynamic="dynamic" in plain,
        allow_empty_string="emptystring" in plain,
        allow_empty_collection="emptycollection" in plain,
    )


def parse_parameters(
    text: str, *, default_set: str | None = None, should_process: bool = False, impact: str = "Medium"
) -> CommandMetadata:
    """Return the metadata that lines of parameters describe."""
    meta = CommandMetadata(default_set=default_set, should_process=should_process, confirm_impact=impact)
    for line in filter(None, map(str.strip, text.splitlines())):
        meta.add(parse_parameter(line))
    return meta.finish()


_PIPELINE = re.compile(r"ByValue|ByPropertyName", re.IGNORECASE)


def metadata_from_reference(entry: dict[str, Any]) -> CommandMetadata:
    """Return the metadata of one cmdlet of the reference data (``cmdlets[]`` of a module's YAML).

    A position of ``positional`` (the page gives no number) counts on from the parameters before it in its
    set. A parameter that the page's syntax does not show takes part in no set but exists in all.
    """
    meta = CommandMetadata(
        default_set=entry.get("default_parameter_set"),
        should_process=bool(entry.get("supports_whatif") or entry.get("supports_confirm")),
        confirm_impact=entry.get("confirm_impact") or "Medium",
    )
    facts: dict[str, dict[str, Any]] = entry.get("parameters") or {}
    named_sets: dict[str, list[dict[str, Any]]] = entry.get("parameter_sets") or {}
    parts: dict[str, dict[str, SetEntry]] = {}
    for set_name, members in named_sets.items():
        place = 0
        for member in members:
            position = member.get("position")
            if position == "positional":
                position = place
            if isinstance(position, int):
                place = position + 1
            fact = facts.get(member["name"]) or {}
            accepts = {found.lower() for found in _PIPELINE.findall(str(fact.get("pipeline_input") or ""))}
            parts.setdefault(member["name"], {})[set_name] = SetEntry(
                position if isinstance(position, int) else None,
                mandatory=bool(member.get("mandatory")),
                by_value="byvalue" in accepts,
                by_name="bypropertyname" in accepts,
            )
    for name in dict.fromkeys([*parts, *facts]):
        if name in {"WhatIf", "Confirm"}:
            continue
        fact = facts.get(name) or {}
        values = fact.get("accepted_values")
        meta.add(
            ParameterInfo(
                name,
                str(fact.get("type") or "Object"),
                parts.get(name) or {ALL_SETS: SetEntry()},
                tuple(fact.get("aliases") or ()),
                (ValueSet([str(value) for value in values]),) if values else (),
            )
        )
    return meta.finish()
