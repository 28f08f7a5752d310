"""A declaration -> MOF documents, or every reason why not. Nothing here touches a file but certificates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psnet.mof.check import SHAPE
from psnet.mof.configuration_data import node_data
from psnet.mof.convert import to_text
from psnet.mof.declaration import Declaration, read_declaration
from psnet.mof.diagnostics import Diagnostics
from psnet.mof.errors import MofRefusal
from psnet.mof.evaluate import Context, Evaluator
from psnet.mof.metaconfiguration import complete_settings
from psnet.mof.model import Instance, Value
from psnet.mof.node import NodeState
from psnet.mof.options import CompileOptions, CompileResult, MofDocument
from psnet.mof.secrets import Secrets
from psnet.mof.write import document_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.yaml import Path_
    from psnet.mof.configuration_data import NodeData
    from psnet.mof.schema import SchemaSet

_UNFIT_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^\.*$|[. ]$')


def compile_configuration(
    config: Mapping[str, Any], schemas: SchemaSet, options: CompileOptions | None = None
) -> CompileResult:
    """Compile a configuration (or meta-configuration) to one document a node.

    ``config`` is the mapping {name, configuration_data, nodes}, or one that holds it under ``configuration``
    beside document, timezone, modules, imports, variables, schemas. Raises MofRefusal with every reason
    found, in the order in which the real compiler would find them; InputError when it is no declaration.
    """
    options = options or CompileOptions()
    report = Diagnostics(options.source)
    declared = read_declaration(config, schemas, options, report)
    compiler = _Compiler(declared, options, report)
    documents = compiler.run()
    if report.refusals:
        raise MofRefusal(list(dict.fromkeys(report.refusals)), declared.name)
    guessed = {module.name for module in schemas.modules.values() if module.guessed}
    for name in sorted(guessed & {keyword.module for keyword in declared.keywords.values()}):
        report.warn(f"no manifest says which module the schemas belong to: {name} is the folder's name")
    return CompileResult(tuple(sorted(documents, key=lambda item: item.file)), tuple(report.warnings))


class _Compiler:
    def __init__(self, declared: Declaration, options: CompileOptions, report: Diagnostics) -> None:
        self.declared = declared
        self.options = options
        self.report = report
        self.nodes: dict[str, NodeState] = {}  # by lower-case name
        self.nameless: NodeState | None = None
        self.context = Context(
            declared.keywords,
            report,
            declared.zone,
            declared.variables,
            declared.bad,
            options.source.path if options.source is not None else None,
            declared.is_meta,
        )

    def run(self) -> list[MofDocument]:
        declared, report = self.declared, self.report
        data = node_data(declared.data, ("configuration_data",), report)
        if data is None:
            return []
        for index, block in enumerate(declared.blocks):
            self._block(block, data, ("nodes", index))
        nodes = list(self.nodes.values())
        if self.nameless is not None and self._written(self.nameless):
            if "localhost" in self.nodes:  # an empty block is enough
                report.refuse(
                    "LocalHostNodeNotAllowed",
                    "resources outside any node go to localhost, so that no node may have that name",
                    ("nodes",),
                )
            self.nameless.validate(report)
            nodes.insert(0, self.nameless)
        return [document for node in nodes if (document := self._document(node)) is not None]

    def _block(self, block: Mapping[str, Any], data: Mapping[str, NodeData], where: Path_) -> None:
        if not isinstance(block, dict) or not isinstance(block.get("resources") or [], list):
            return
        raw = block.get("node")
        if raw is None:
            if self.nameless is None:
                self.nameless = NodeState(None, Secrets(None, self.options))
            Evaluator(self.nameless, self.context).block(block.get("resources"), (*where, "resources"))
            return
        names = [to_text(item) for item in (raw if isinstance(raw, list) else [raw])]
        if names == [""]:
            return
        for name in names:
            if _UNFIT_NAME.search(name):
                self.report.refuse(SHAPE, f"{name!r} cannot be a file name, so no node either", (*where, "node"))
                continue
            node = self._node(name, data)
            Evaluator(node, self.context).block(block.get("resources"), (*where, "resources"))
            if node.secrets.domain_user:
                self.report.warn(
                    f"a domain account's password goes into the document of node '{node.label}'; "
                    "PSDscAllowDomainUser: true in its configuration data accepts that"
                )
            node.validate(self.report)

    def _node(self, name: str, data: Mapping[str, NodeData]) -> NodeState:
        known = self.nodes.get(name.lower())
        if known is None:
            held = data.get(name.lower(), {"nodename": name})
            known = self.nodes[name.lower()] = NodeState(name, Secrets(held, self.options))
        return known

    @staticmethod
    def _written(node: NodeState) -> bool:
        return bool(node.instances or node.settings)

    def _document(self, node: NodeState) -> MofDocument | None:
        if not self._written(node):
            return None
        self.report.refusals += node.invalid
        node.finish(self.declared.name)
        instances = list(node.instances)
        if self.declared.is_meta:
            settings = complete_settings(node, self.report)
            if settings is None:
                return None
            instances.append(settings)
        instances.append(self._footer(node))
        options = self.options
        header = (
            f"@TargetNode='{node.label}'",
            f"@GeneratedBy={options.author}",
            f"@GenerationDate={options.date}",
            f"@GenerationHost={options.host}",
        )
        suffix = ".meta.mof" if self.declared.is_meta else ".mof"
        return MofDocument(node.label + suffix, document_text(instances, header), tuple(instances))

    def _footer(self, node: NodeState) -> Instance:
        def text(value: str) -> Value:
            return Value("string", value)

        if self.declared.is_meta:
            newer = self.context.newer_settings
            seen = self.context.settings_seen
            additional = ["MSFT_DSCMetaConfiguration:StatusRetentionTimeInDays"] if seen else []
        else:
            newer, additional = node.uses_run_as, ["Omi_BaseResource:ConfigurationName"]
        fields = {
            "Version": text("2.0.0"),
            "MinimumCompatibleVersion": text("2.0.0" if newer else "1.0.0"),
            "CompatibleVersionAdditionalProperties": Value("array", tuple(map(text, additional))),
            "Author": text(self.options.author),
            "GenerationDate": text(self.options.date),
            "GenerationHost": text(self.options.host),
        }
        if node.secrets.encrypted:
            fields["ContentType"] = text("PasswordEncrypted")
        fields["Name"] = text(self.declared.name)
        return Instance("OMI_ConfigurationDocument", None, fields)
