"""Write the modules of the Ansible collection from the models: ``python tools/ansible_docs.py [--check]``."""

from __future__ import annotations

import pprint
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from ansible_modules import ABOUT, CHANGES, CONFIRMATION, SAID
from resource_docs import EXAMPLES

from psnet.playbook.modules import Registry
from psnet.resources import KINDS, Resource
from psnet.sdn import Sdn
from psnet.site.model import Site

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
#: Dictionaries that may be false as well, which the schema does not say.
_OR_FALSE: Final = frozenset({"firewall"})
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
    **CONFIRMATION,
}
LICENCE: Final = """# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
MODULE: Final = (
    LICENCE
    + '''"""{title}

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
{documentation}"""

EXAMPLES = r"""
{examples}"""

RETURN = r"""
{returned}"""
'''
)
ACTION: Final = (
    LICENCE
    + '''"""The action of ``{name}``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """{title}"""

    module = "{name}"
'''
)
SHORT: Final = (
    LICENCE
    + '''"""The short name ``psnet.{name}``, which psnet play knows."""

from ansible_collections.psnet.windows_containers.plugins.action.{name} import ActionModule

__all__ = ["ActionModule"]
'''
)
SPECS: Final = (
    LICENCE
    + '''"""The options of every module with their types, as its documentation has them."""

from __future__ import annotations

#: The modules whose tasks may go to a host together.
RESOURCES = frozenset(
    {{
{resources}    }}
)
SPECS = {specs}
'''
)


def _first_line(cls: type[Resource]) -> str:
    return (cls.__doc__ or "").strip().splitlines()[0]


def _option(name: str, schema: dict[str, Any], definitions: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """Return one option in ansible-doc's form."""
    branches = [_resolved(item, definitions) for item in schema.get("anyOf", [schema])]
    branches = [item for item in branches if item.get("type") != "null"]
    first = _widest(branches)
    said = str(schema.get("description") or SAID.get(name) or _SAID.get(name) or _words(name, first))
    made: dict[str, Any] = {"description": _sentence(said)}
    made["type"] = _TYPES.get(str(first.get("type", "")), "str" if "enum" in first else "raw")
    kinds = {str(item.get("type")) for item in branches if "enum" not in item}
    if name in _OR_FALSE or (len(kinds) > 1 and made["type"] != "list"):
        made["type"] = "raw"
        if "properties" in first:
            made["description"] += f" A dictionary of {', '.join(first['properties'])}."
    if made["type"] == "list":
        made["elements"] = _elements(first, definitions, made)
    elif "enum" in first and len(branches) == 1:
        made["choices"] = list(first["enum"])
    if "properties" in first and made["type"] == "dict":
        made["suboptions"] = _options(first, definitions)
    if required:
        made["required"] = True
    elif schema.get("default") not in (None, [], {}) and not isinstance(schema["default"], dict):
        made["default"] = schema["default"]
    return made


def _sentence(text: str) -> str:
    """Return a description as a whole sentence."""
    whole = text.strip()
    whole = whole[0].upper() + whole[1:] if whole[:1].islower() and not whole.startswith(("file:",)) else whole
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


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
        options[short] = {"description": f"It is short for C({'.'.join(map(str, place))}).", "type": "str"}
    for name, option in options.items():
        if name not in ("name", "endpoint") and option.pop("required", False):
            option["description"] += " It is needed with O(state=present)."
        if name not in ("name", "endpoint"):
            option.pop("default", None)  # what is not given is neither compared nor set
    return {
        "module": cls.kind,
        "short_description": _first_line(cls).removesuffix("."),
        "description": [
            _first_line(cls),
            "Observes the host, changes what differs, and verifies; only options that are given are compared and set.",
            *_RUNS,
        ],
        "author": "The psnet developers (@psnet)",
        "requirements": ["psnet"],
        "options": options | _OPTIONS,
        "attributes": _attributes("Says what would change, given what the tasks before it would have made."),
    }


_RUNS: Final = ["Runs on the controller through psnet; nothing is copied to the host."]


def _attributes(check: str | None = None) -> dict[str, Any]:
    said = "Says what would change." if check is None else check
    return {
        "check_mode": {"support": "full", "description": said},
        "diff_mode": {"support": "full", "description": "Shows the changes as psnet plan does."},
        "platform": {"support": "full", "platforms": "windows", "description": "The hosts that it works on."},
    }


def _parts(name: str) -> dict[str, Any]:
    """Return the options of the modules that take the parts of a site."""
    schema = (Sdn if name == "sdn" else Site).model_json_schema()
    names = Sdn.model_fields if name == "sdn" else [cls.section for cls in KINDS.values()]
    found: dict[str, Any] = {}
    for part in names:
        said = schema.get("properties", {}).get(part, {})
        kind = _resolved(said, schema.get("$defs", {})).get("type", "array")
        made = {"type": "list", "elements": "dict"} if kind == "array" else {"type": "dict"}
        found[part] = {"description": f"The section C({part}) of a site, as docs/resources has it.", **made}
    return found


def _other(name: str) -> dict[str, Any]:
    """Return the documentation of a module that is no resource."""
    about = ABOUT[name]
    module = Registry().find(name)
    assert module is not None  # noqa: S101 - ABOUT names modules of the registry
    schema = module.arguments.model_json_schema()
    options = _options(schema, schema.get("$defs", {})) if schema.get("properties") else {}
    options |= about.get("options", {})
    if name in ("site", "sdn"):
        options |= _parts(name)
    found: dict[str, Any] = {
        "module": name,
        "short_description": about["short"],
        "description": [*about["description"], *_RUNS],
        "author": "The psnet developers (@psnet)",
        "requirements": ["psnet"],
        "attributes": _attributes(about.get("check")),
    }
    return found | ({"options": options} if options else {})


def _spec(options: dict[str, Any]) -> dict[str, Any]:
    """Return options as an argument spec; what must be there, psnet says with the line."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        made = {key: option[key] for key in ("type", "elements", "choices", "aliases") if key in option}
        if "suboptions" in option:
            made["options"] = _spec(option["suboptions"])
            if set(made["options"]) and option.get("type") == "list":
                made.pop("options")  # psnet names the nearest word of what stands in a list
        found[name] = made
    return found


def _examples(cls: type[Resource], name: str) -> list[dict[str, Any]]:
    declared = yaml.safe_load(EXAMPLES[cls.kind])[cls.section]
    module = f"{COLLECTION}.{name}"
    declared = declared[:1] if name != cls.kind else declared
    found = [{"name": f"Make the {cls.kind.replace('_', ' ')} {_name(item)}", module: item} for item in declared]
    key = next(word for word in ("name", "endpoint", "network") if word in declared[0])
    gone = {key: declared[0][key], "state": "absent"}
    return [*found, {"name": "Take it away", module: gone}]


def _name(item: dict[str, Any]) -> str:
    return str(item.get("name") or item.get("endpoint"))


class _Indented(yaml.SafeDumper):
    """Lists within mappings stand two spaces in, as ansible-lint has them."""

    def increase_indent(self, *given: Any, **named: Any) -> None:
        """Go one step in."""
        super().increase_indent(*given[:1], **{**named, "indentless": False})


def _yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=100)
    return text


def documentation() -> dict[str, dict[str, Any]]:
    """Return the documentation of every module, by name."""
    found = {cls.kind: _documentation(cls) for cls in KINDS.values()}
    docker = _documentation(KINDS["container_network"])
    docker |= {"module": "docker_network", "short_description": "A container network that Docker makes"}
    docker["options"] = {name: item for name, item in docker["options"].items() if name != "backend"}
    return found | {"docker_network": docker} | {name: _other(name) for name in ABOUT}


def files() -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of every file that the models give."""
    plugins = ROOT / "ansible" / "plugins"
    described = documentation()
    for name, about in described.items():
        cls = KINDS.get("container_network" if name == "docker_network" else name)
        title = about["short_description"] + "."
        examples = yaml.safe_load(ABOUT[name]["examples"]) if cls is None else _examples(cls, name)
        returned = ABOUT[name].get("returned", CHANGES) if cls is None else CHANGES
        text = MODULE.format(
            title=title, documentation=_yaml(about), examples=_yaml(examples), returned=_yaml(returned)
        )
        yield plugins / "modules" / f"{name}.py", text
        yield ROOT / "ansible" / "short_names" / f"psnet.{name}.py", SHORT.format(name=name)
        if cls is not None:
            yield plugins / "action" / f"{name}.py", ACTION.format(name=name, title=title)
    specs = {name: _spec(about.get("options", {})) for name, about in sorted(described.items())}
    resources = "".join(f'        "{name}",\n' for name in sorted(set(described) - set(ABOUT)))
    text = SPECS.format(resources=resources, specs=pprint.pformat(specs, width=110, sort_dicts=False))
    yield plugins / "plugin_utils" / "specs.py", _formatted(text)


def _formatted(text: str) -> str:
    """Return Python as ruff formats it."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--quiet", "--stdin-filename", "specs.py", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main() -> int:
    """Write the files, or with --check say which are not as the models are."""
    stale = []
    for path, text in files():
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(path)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is not as the models are: run tools/ansible_docs.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
