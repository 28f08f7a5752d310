"""The JSON Schema of a site file, for editors."""

from __future__ import annotations

from typing import Any, Final, get_args

from psnet._internal.json_schema import stable
from psnet.resources import KINDS
from psnet.site.model import Site
from psnet.site.schema_rules import ruled
from psnet.site.schema_words import TEMPLATE, described
from psnet.site.sections import keys, section_of

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
#: Required fields that are filled from others when they are not given.
_FILLED: Final = {"nat_static_mapping": ("name", "internal_port")}
#: A value may also be a Jinja2 template that a host's variables fill.
_TEMPLATE: Final = {"type": "string", "pattern": TEMPLATE}


def site_schema() -> dict[str, Any]:
    """Return the schema: every section with the fields of its kind; a template may stand for any value."""
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {
        "name": {"type": "string", "minLength": 1},
        **{
            name: {
                "enum": list(get_args(Site.model_fields[name].annotation)),
                "default": Site.model_fields[name].default,
            }
            for name in ("backend", "manage")
        },
    }
    for cls in KINDS.values():
        schema = stable(cls.model_json_schema(ref_template="#/$defs/{model}"))
        definitions |= {name: _open(item) for name, item in schema.pop("$defs", {}).items()}
        for short, place in cls.short_keys.items():
            schema["properties"][short] = {"description": f"short for {'.'.join(map(str, place))}"}
        if "required" in schema:
            schema["required"] = [name for name in schema["required"] if name not in _FILLED.get(cls.kind, ())]
        definitions[cls.__name__] = _open(schema)
        properties[cls.section] = {"type": "array", "items": {"$ref": f"#/$defs/{cls.__name__}"}}
    for key in keys():
        model = section_of(key).model
        schema = stable(model.model_json_schema(ref_template="#/$defs/{model}"))
        definitions |= {name: _open(item) for name, item in schema.pop("$defs", {}).items()}
        definitions[model.__name__] = _open(schema)
        properties[key] = {"$ref": f"#/$defs/{model.__name__}"}
    return described(
        {
            "$schema": _DIALECT,
            "title": "psnet site",
            "type": "object",
            "additionalProperties": False,
            "properties": properties,
            "$defs": {name: ruled(name, item) for name, item in definitions.items()},
        }
    )


def _open(schema: dict[str, Any]) -> dict[str, Any]:
    """Let a template stand for each property's value."""
    properties = schema.get("properties")
    if not properties:
        return schema
    opened = {
        name: item if "description" in item and len(item) == 1 else _or_template(item)
        for name, item in properties.items()
    }
    return {**schema, "properties": opened}


def _or_template(item: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {key: item[key] for key in ("description", "default", "title") if key in item}
    rest = {key: value for key, value in item.items() if key not in shown}
    return {**shown, "anyOf": [rest or {}, _TEMPLATE]}
