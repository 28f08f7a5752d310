"""Write the resource modules of the Ansible collection from the models: ``python tools/ansible_docs.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from resource_docs import EXAMPLES

from psnet.resources import KINDS, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
COLLECTION: Final = "psnet.windows_containers"
_TYPES: Final = {
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "number": "float",
    "object": "dict",
    "array": "list",
}
#: What the models leave to their names.
_SAID: Final = {
    "name": "What it is called; this and the host make it the same thing.",
    "network": "The container network that it belongs to, by name.",
    "endpoint": "The endpoint, by its name or by its container's.",
    "mode": "The mode of the network.",
    "subnets": "The prefixes with their gateways; most networks have one, see C(subnet).",
    "dns_servers": "The DNS servers that containers get.",
    "dns_suffix": "The DNS suffix that containers get.",
    "adapter": "The adapter that the network's switch is bound to, by name.",
    "mac_pools": "Ranges of MAC addresses for endpoints.",
    "mac": "The MAC address, such as 00-15-5D-00-00-01.",
    "protocol": "TCP, UDP, ICMPv4, ICMPv6, Any, or a protocol number.",
    "external_address": "The address of the host that is listened on; 0.0.0.0 is every one.",
    "external_port": "The port or range outside, such as 8080 or 27000-27009.",
    "internal_address": "The address inside.",
    "internal_port": "The port or range inside; a range is as long as the one outside.",
    "firewall": "The firewall rule made along with it; null for none.",
    "rules": "The rules; lower priorities are looked at first.",
    "routes": "The routes.",
    "members": "The endpoints behind it.",
    "vips": "The addresses in front.",
    "prefix": "The prefix, such as 172.20.0.0/24.",
    "gateway": "The gateway inside the prefix.",
}
_OPTIONS: Final[dict[str, Any]] = {
    "state": {
        "description": "Whether it is to be there.",
        "type": "str",
        "choices": ["present", "absent"],
        "default": "present",
    },
    "backend": {
        "description": "How container networks are made; C(auto) is the first that gives what is declared.",
        "type": "str",
        "choices": ["auto", "containers", "hns", "docker"],
        "default": "auto",
    },
    "confirm_within": {
        "description": "Seconds in which a change that cuts the connection has to be confirmed.",
        "type": "int",
        "default": 120,
    },
    "rollback": {
        "description": "Whether such a change is taken back when it is not confirmed.",
        "type": "bool",
        "default": True,
    },
}
_RETURN: Final[dict[str, Any]] = {
    "changes": {
        "description": "Each change with its operation, kind, name, fields and status.",
        "returned": "always",
        "type": "list",
        "elements": "dict",
    },
    "ending": {
        "description": "How a change that cut the connection ended, C(confirmed), C(rolled back) or C(unknown).",
        "returned": "when there was one",
        "type": "str",
    },
    "remedy": {
        "description": "What to do when the plan is refused.",
        "returned": "when the plan is refused",
        "type": "str",
    },
}
MODULE: Final = '''"""{title}

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
{documentation}"""

EXAMPLES = r"""
{examples}"""

RETURN = r"""
{returned}"""
'''
ACTION: Final = '''"""The action of ``{name}``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """{title}"""

    kind = "{name}"
'''


def _first_line(cls: type[Resource]) -> str:
    return (cls.__doc__ or "").strip().splitlines()[0]


def _option(name: str, schema: dict[str, Any], definitions: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """Return one option in ansible-doc's form."""
    branches = [_resolved(item, definitions) for item in schema.get("anyOf", [schema])]
    branches = [item for item in branches if item.get("type") != "null"]
    first = _widest(branches)
    made: dict[str, Any] = {"description": str(schema.get("description") or _SAID.get(name) or _words(name, first))}
    made["type"] = _TYPES.get(str(first.get("type", "")), "str" if "enum" in first else "raw")
    if len({item.get("type") for item in branches if "enum" not in item}) > 1 and made["type"] not in ("list", "dict"):
        made["type"] = "raw"
    if made["type"] == "list":
        made["elements"] = _elements(first, definitions, made)
    elif "enum" in first and len(branches) == 1:
        made["choices"] = list(first["enum"])
    if "properties" in first and made["type"] == "dict":
        made["suboptions"] = _options(first, definitions)
    if required:
        made["required"] = True
    return made


def _widest(branches: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the branch that says most: a list before an object before a word."""
    order = ("array", "object")
    return next((item for kind in order for item in branches if item.get("type") == kind), branches[0])


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return definitions[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema


def _elements(schema: dict[str, Any], definitions: dict[str, Any], made: dict[str, Any]) -> str:
    item = _resolved(schema.get("items", {}), definitions)
    if "properties" in item:
        made["suboptions"] = _options(item, definitions)
    return _TYPES.get(str(item.get("type", "")), "str" if "enum" in item else "raw")


def _words(name: str, schema: dict[str, Any]) -> str:
    said = str(schema.get("description") or name.replace("_", " ").capitalize()).splitlines()[0]
    return said if said.endswith(".") else f"{said}."


def _options(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    needed = set(schema.get("required", ()))
    return {
        name: _option(name, item, definitions, required=name in needed) for name, item in schema["properties"].items()
    }


def _documentation(cls: type[Resource]) -> dict[str, Any]:
    schema = cls.model_json_schema()
    definitions = schema.get("$defs", {})
    options = _options(schema, definitions)
    for short, place in cls.short_keys.items():
        options[short] = {"description": f"Short for C({'.'.join(map(str, place))}).", "type": "str"}
    for name, option in options.items():
        if name not in ("name", "endpoint") and option.pop("required", False):
            option["description"] += " Needed with C(state=present)."
    return {
        "module": cls.kind,
        "short_description": _first_line(cls).removesuffix("."),
        "description": [
            _first_line(cls),
            "Observes the host, changes what differs, and verifies; only options that are given are compared and set.",
            "Runs on the controller through the psnet library; nothing is copied to the host.",
        ],
        "author": "The psnet developers",
        "requirements": ["psnet"],
        "options": options | _OPTIONS,
        "attributes": {
            "check_mode": {"support": "full", "description": "Says what would change."},
            "diff_mode": {"support": "full", "description": "Shows the changes as psnet plan does."},
        },
    }


def _examples(cls: type[Resource]) -> list[dict[str, Any]]:
    declared = yaml.safe_load(EXAMPLES[cls.kind])[cls.section]
    found = [
        {"name": f"{cls.kind.replace('_', ' ')} {_name(item)}", f"{COLLECTION}.{cls.kind}": item} for item in declared
    ]
    key = "name" if "name" in declared[0] else "endpoint"
    gone = {key: declared[0][key], "state": "absent"}
    return [*found, {"name": "take it away", f"{COLLECTION}.{cls.kind}": gone}]


def _name(item: dict[str, Any]) -> str:
    return str(item.get("name") or item.get("endpoint"))


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
    return text


def files() -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of every file that the models give."""
    for cls in KINDS.values():
        yield (
            ROOT / "ansible" / "plugins" / "modules" / f"{cls.kind}.py",
            MODULE.format(
                title=_first_line(cls),
                documentation=_yaml(_documentation(cls)),
                examples=_yaml(_examples(cls)),
                returned=_yaml(_RETURN),
            ),
        )
        action = ACTION.format(name=cls.kind, title=_first_line(cls))
        yield ROOT / "ansible" / "plugins" / "action" / f"{cls.kind}.py", action


def main() -> int:
    """Write the files, or with --check say which are not as the models are."""
    stale = []
    for path, text in files():
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(path)
        else:
            path.write_text(text, encoding="utf-8")
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is not as the models are: run tools/ansible_docs.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
