"""The generated parts of PSNetDsc: schema.mof files, parameter blocks and what the templates share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.powershell import Templates, literal
from psnet.powershell.syntax import ast, parse
from psnet.powershell.syntax.visit import descendants

if TYPE_CHECKING:
    from psnet.dsc.resources.model import DscClass, DscProperty

#: The functions of the push path that the module runs too, in templates/.
SHARED: Final = (
    "hns",
    "hcn",
    "hcn_result",
    "hcn_policy",
    "hcn_modify",
    "property",
    "docker",
    "folder",
    "ledger",
    "ledger_write",
    "endpoint_policy",
    "attach",
    "endpoint_again",
    "hcn_endpoint",
    "forwarding",
    "netsh",
    "cni_setting",
    "firewall",
    "lease",
    "lease_read",
)
VERBS: Final = ("Get", "Set", "Test")
#: ClassVersion of the schemas: it is raised when a property changes its meaning, the module's with any change.
SCHEMA_VERSION: Final = "2.0.0"
_MOF: Final = {"string": "String", "uint32": "UInt32", "uint64": "UInt64", "boolean": "Boolean"}
#: What machine configuration reads of a resource; every schema that names it has the same one.
_REASON: Final = (
    '[ClassVersion("1.0.0")]',
    "class Reason",
    "{",
    '    [Read, Description("What the reason is told by: Resource:Resource:Property.")] String Code;',
    '    [Read, Description("The reason, for people.")] String Phrase;',
    "};",
    "",
)


def schema_text(cls: DscClass, version: str) -> str:
    """Return the schema.mof of a resource."""
    lines = [
        *_REASON,
        f'[ClassVersion("{version}"), FriendlyName("{cls.friendly}")]',
        f"class {cls.name} : OMI_BaseResource",
        "{",
    ]
    for item in cls.properties:
        embedded = [f'EmbeddedInstance("{item.embedded}")'] if item.embedded else []
        qualifiers = [item.qualifier, *embedded, f'Description("{_quoted(item.description)}.")']
        if item.values:
            words = ", ".join(f'"{value}"' for value in item.values)
            qualifiers += [f"ValueMap{{{words}}}", f"Values{{{words}}}"]
        array = "[]" if item.is_array else ""
        lines.append(f"    [{', '.join(qualifiers)}] {_MOF[item.type]} {item.name}{array};")
    return "\n".join([*lines, "};", ""])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def parameters_of(cls: DscClass, verb: str) -> tuple[DscProperty, ...]:
    """Return the parameters of Get-, Set- or Test-TargetResource: the same, Get tells by them what differs."""
    _ = verb
    return cls.settable


def parameter_block(cls: DscClass, verb: str) -> str:
    """Return the ``param(...)`` of a function."""
    entries = []
    for item in parameters_of(cls, verb):
        mandatory = "Mandatory = $true" if item.qualifier in ("Key", "Required") else ""
        lines = [f"        [Parameter({mandatory})]"]
        if item.values:
            lines.append(f"        [ValidateSet({', '.join(literal(value) for value in item.values)})]")
        array = "[]" if item.is_array else ""
        default = f" = {literal(item.default)}" if item.default is not None else ""
        lines += [f"        [System.{_MOF[item.type]}{array}]", f"        ${item.name}{default}"]
        entries.append("\n".join(lines))
    return "param\n    (\n" + ",\n\n".join(entries) + "\n    )"


def with_parameters(text: str, cls: DscClass) -> str:
    """Return a resource's psm1 with the parameter blocks that its model asks for."""
    tree = parse(text)
    spans: list[tuple[int, int, str]] = []
    for node in descendants(tree):
        if isinstance(node, ast.FunctionDefinition):
            verb, _, noun = node.name.partition("-")
            block = node.body.param if node.body else None
            if noun == "TargetResource" and verb in VERBS and block is not None:
                spans.append((text.index("param", block.start), block.end, parameter_block(cls, verb)))
    for start, end, made in sorted(spans, reverse=True):
        text = text[:start] + made + text[end:]
    return text


def shared_text() -> str:
    """Return the functions that the module shares with what psnet pushes."""
    templates = Templates()
    parts = [str(templates.render(f"lib/{name}.ps1.j2")).rstrip("\n") for name in SHARED]
    head = "# Written by tools/dsc_schemas.py from templates/lib: what psnet pushes runs the same functions.\n"
    return head + "\n" + "\n\n".join(parts) + "\n"
