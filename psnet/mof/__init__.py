"""MOF without PowerShell: parse documents and schemas, compile DSC configurations and meta-configurations.

A declaration is a mapping, in a file YAML::

    document: configuration        # or meta, for the LCM; optional, as all but configuration
    timezone: Europe/Berlin        # what a time without zone is local to; UTC
    modules: {NetworkingDsc: 9.0.0, Other: {version: "3.0", resources: [Other_Thing]}}
    imports: [{module: NetworkingDsc, version: 9.0.0}]    # as Import-DscResource; all modules
    variables: {plain: text}       # what $using:plain stands for in script blocks
    schemas: [DSC_Route]           # use these .schema.mof files alone
    configuration:
      name: Site
      configuration_data: {AllNodes: [{NodeName: host1, CertificateFile: host1.cer}]}
      nodes:
        - node: host1              # a name, a list of names, or null for resources outside any Node
          resources:
            - {type: Route, name: A, properties: {...}, depends_on: "[Route]B", run_as: ...}

A module's name and version come from the nearest manifest ``<Module>.psd1`` above a schema file, then from
``modules``; failing both, from the folder's name and the class's ClassVersion, with a warning.
"""

from typing import TYPE_CHECKING, Any

from psnet.mof.errors import MofRefusal, MofSyntaxError, Refusal
from psnet.mof.model import Instance, Value
from psnet.mof.options import CompileOptions, CompileResult, MofDocument
from psnet.mof.parser import parse_mof, parse_schema
from psnet.mof.schema import ModuleRule, SchemaSet, load_schemas, schemas_from_text
from psnet.mof.write import document_text

if TYPE_CHECKING:
    from psnet.mof.compiler import compile_configuration

__all__ = [
    "CompileOptions",
    "CompileResult",
    "Instance",
    "ModuleRule",
    "MofDocument",
    "MofRefusal",
    "MofSyntaxError",
    "Refusal",
    "SchemaSet",
    "Value",
    "compile_configuration",
    "document_text",
    "load_schemas",
    "parse_mof",
    "parse_schema",
    "schemas_from_text",
]


def __getattr__(name: str) -> Any:
    """Load the compiler when it is asked for: it is half of what this package loads, and few need it."""
    if name != "compile_configuration":
        raise AttributeError(name)
    from psnet.mof.compiler import compile_configuration  # noqa: PLC0415 - as above

    return compile_configuration
