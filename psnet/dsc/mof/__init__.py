"""MOF without PowerShell: parse documents and schemas, compile DSC configurations and meta-configurations."""

from psnet.dsc.mof.compiler import compile_configuration
from psnet.dsc.mof.errors import MofRefusal, MofSyntaxError, Refusal
from psnet.dsc.mof.model import Instance, Value
from psnet.dsc.mof.options import CompileOptions, CompileResult, MofDocument
from psnet.dsc.mof.parser import parse_mof, parse_schema
from psnet.dsc.mof.schema import ModuleRule, SchemaSet, load_schemas, schemas_from_text
from psnet.dsc.mof.write import document_text

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
