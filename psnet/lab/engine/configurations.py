"""``configuration`` blocks: run to collect their nodes and resources, which the project's MOF compiler makes documents of.

Source: Microsoft Learn, "DSC Configurations", "Using configuration data in DSC", "Composite resources".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.yaml import Document
from psnet.lab.dotnet.errors import make_exception, runtime_error
from psnet.lab.values import AUTOMATION_NULL, Array, Hashtable
from psnet.mof import CompileOptions, MofRefusal, compile_configuration
from psnet.powershell.facts.parameters import ParameterInfo
from psnet.powershell.syntax import ast

from . import net
from .cmdlet import CmdletSpec
from .commands import CommandInfo
from .configuration_values import EmbeddedInstance, declared_value, merged_nodes, plain
from .flow import ReturnJump, ScriptError
from .processor_script import ScriptProcessor
from .records import ErrorRecord
from .schemas_on_disk import schemas_of
from .scriptblock import ScriptBlock
from .values_of import statement_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet._internal.yaml import Path_
    from psnet.lab.contract.configurations import ConfigurationTarget

    from .arguments import Argument
    from .cmdlet import Parameters
    from .cmdlet_context import CmdletContext
    from .frame import Frame

_META: Final = re.compile(r"\[\s*DscLocalConfigurationManager\s*\(\s*\)\s*\]\s*$", re.IGNORECASE)
_USING: Final = re.compile(r"\$using:([A-Za-z_]\w*)", re.IGNORECASE)
_COMMON: Final = (
    ("InstanceName", "string"),
    ("DependsOn", "string[]"),
    ("PsDscRunAsCredential", "pscredential"),
    ("OutputPath", "string"),
    ("ConfigurationData", "object"),
)


@dataclass(slots=True)
class Collected:
    """What a running configuration has written so far."""

    name: str
    is_meta: bool
    data: Any = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)  # of the Node block that runs, else outside of any
    imports: list[dict[str, str]] = field(default_factory=list)
    in_property: int = 0
    variables: dict[str, Any] = field(default_factory=dict)  # those that script blocks take along by $using:
    places: dict[int, dict[str, tuple[int, int]]] = field(default_factory=dict)  # by id of a resource or block


def configuration_definition(frame: Frame, node: ast.ConfigurationDefinition) -> None:
    """Define a configuration: a command that makes MOF documents."""
    head, body = node.name, node.body
    assert head is not None  # noqa: S101 - the parser gives it a name
    assert isinstance(body, ast.ScriptBlockExpression)  # noqa: S101 - the parser gives it a body
    assert body.block is not None  # noqa: S101 - as above
    name = net.to_string(frame.value(head))
    block = ScriptBlock(body.block, frame.source, frame.state, text=frame.source.slice(body)[1:-1])
    command = CommandInfo("Configuration", name, block=block, module=frame.state.module)
    command.options = {"meta"} if _META.search(frame.source.text[: node.start]) else set()
    frame.runspace.define(frame.scope, command)


class ConfigurationProcessor(ScriptProcessor):
    """Runs a configuration and writes its documents; within another one it gives its resources to that."""

    collected: Collected

    def prepare(self, arguments: list[Argument]) -> None:
        """Bind the configuration's own parameters and those that every one has."""
        meta = self.meta
        meta.advanced = True
        for name, kind in _COMMON:
            if name.lower() not in meta.parameters:
                meta.add(ParameterInfo(name, kind))
        meta.finish()
        super().prepare(arguments)

    def end(self) -> None:
        """Run the body, then compile what it collected."""
        running = self.runspace.configurations
        data = self._data()
        self.collected = Collected(self.command.name, "meta" in self.command.options, data)
        running.append(self.collected)
        put = self.scope.put
        put("ConfigurationData", data)
        put("AllNodes", merged_nodes(data))
        self.scope.functions["import-dscresource"] = CommandInfo("Cmdlet", _IMPORT.name, spec=_IMPORT)
        written, self.out = self.out, _swallow
        try:
            super().end()
        finally:
            running.pop()
            self.out = written
        if running:
            return
        self._write_documents()

    def _data(self) -> Any:
        given = net.unwrap(self.bound.get("ConfigurationData"))
        if given is None or isinstance(given, Hashtable):
            return given
        path = self.runspace.full_path(net.to_string(given))
        block = self.runspace.script_block("Import-PowerShellDataFile -LiteralPath $args[0]")
        return net.collapse(self.runspace.run_block(block, [path], processor=self))

    def _write_documents(self) -> None:
        collected, host = self.collected, self.runspace.host
        blocks = list(collected.blocks)
        if collected.resources:
            blocks.append({"node": None, "resources": collected.resources})
        config: dict[str, Any] = {
            "document": "meta" if collected.is_meta else "configuration",
            "configuration": {"name": collected.name, "nodes": blocks},
        }
        if collected.data is not None:
            config["configuration"]["configuration_data"] = plain(collected.data)
        if collected.variables:
            config["variables"] = collected.variables
        if collected.imports and not collected.is_meta:
            config["imports"] = collected.imports
        target = self._target()
        schemas = schemas_of(host) if target is None else target.schemas
        options = self._options() if target is None else target.options
        try:
            source = Document(self.block.source.file or "script", config, _positions(collected, blocks))
            made = compile_configuration(config, schemas, replace(options, source=source))
        except MofRefusal as refused:
            raise self._refused(refused) from refused
        for warning in made.warnings:
            self.write_warning(warning)
        wanted = self.bound.get("OutputPath")
        folder = self.runspace.full_path(net.to_string(wanted) if wanted else f".\\{collected.name}")
        host.files.make_folders(folder)
        show = self.runspace.script_block("Get-Item -LiteralPath $args[0]")
        for document in made.documents:
            path = f"{folder}\\{document.file}"
            host.files.write(path, document.encode())
            if target is not None:
                target.documents.append(document)
            for item in self.runspace.run_block(show, [path], processor=self):
                self.write(item)

    def _target(self) -> ConfigurationTarget | None:
        found: ConfigurationTarget | None = getattr(self.runspace.host, "configuration_target", None)
        return found

    def _options(self) -> CompileOptions:
        host = self.runspace.host
        now = self.runspace.run_block(self.runspace.script_block("Get-Date -Format 'MM/dd/yyyy HH:mm:ss'"), [])
        return CompileOptions(author="Administrator", host=str(host.name), date=net.to_string(now[0]))

    def _refused(self, refused: MofRefusal) -> ScriptError:
        """Report each reason, and return the error that ends the configuration."""
        target = self._target()
        if target is not None:
            target.refusals.append(refused)
        for reason in refused.refusals:
            place = f"{reason.path}:{reason.line}:{reason.column}: " if reason.line is not None else ""
            exception = make_exception("System.InvalidOperationException", f"{place}{reason.message}")
            self.write_error(ErrorRecord(exception, reason.id, "InvalidOperation"))
        message = f"Errors occurred while processing configuration '{self.command.name}'."
        exception = make_exception("System.InvalidOperationException", message)
        return ScriptError(self.stamped(ErrorRecord(exception, "FailToProcessConfiguration", "InvalidOperation")))


def _swallow(_: Any) -> None:
    """Take what a configuration's body writes: nobody sees it."""


def _import_resources(ctx: CmdletContext, p: Parameters) -> None:
    """Note the modules that Import-DscResource names; it is a keyword of configurations and no command elsewhere."""
    running: list[Collected] = ctx.runspace.configurations
    for given in p.list("ModuleName") or []:
        module, wanted = net.unwrap(given), net.to_string(p.get("ModuleVersion"))
        if isinstance(module, Hashtable):
            wanted = net.to_string(module.get("ModuleVersion") or module.get("RequiredVersion"))
            module = module.get("ModuleName")
        entry = {"module": net.to_string(module)} | ({"version": wanted} if wanted else {})
        if entry not in running[-1].imports:
            running[-1].imports.append(entry)


_IMPORT: Final = CmdletSpec(
    "Import-DscResource",
    _import_resources,
    "Name string[] 0\nModuleName object[] 1\nModuleVersion string",
    module="PSDesiredStateConfiguration",
    cim=True,
)


# -- statements of a body ------------------------------------------------------------------------------------


def dynamic_statement(frame: Frame, node: ast.DynamicKeywordStatement) -> None:
    """``Node x { ... }`` or a resource."""
    running = frame.runspace.configurations
    if not running:
        raise runtime_error("CommandNotFoundException", f"The term '{node.keyword}' is not recognized.")
    collected = running[-1]
    if node.body is not None:
        _node_block(frame, node, collected)
        return
    properties = _properties(frame, node, collected)
    if collected.in_property:
        frame.emit(EmbeddedInstance(node.keyword, properties))
        return
    name = None if node.instance is None else net.to_string(frame.value(node.instance))
    resource: dict[str, Any] = {"type": node.keyword} | ({} if name is None else {"name": name})
    running[0].places[id(resource)] = _places(frame, node)
    nested = frame.runspace.lookup_command(node.keyword, frame.scope)
    if nested is not None and nested.kind == "Configuration":
        collected.resources.append(_composite(frame, nested, resource, properties))
        return
    for key in list(properties):
        if key.lower() == "psdscrunascredential":
            resource["run_as"] = declared_value(properties.pop(key))
    _take_along(frame, running[0], properties.values())
    resource["properties"] = {key: declared_value(value) for key, value in properties.items()}
    collected.resources.append(resource)


def _places(frame: Frame, node: ast.DynamicKeywordStatement) -> dict[str, tuple[int, int]]:
    """Return (line, column) of a statement ("") and of its properties by their names."""

    def place(part: ast.Node) -> tuple[int, int]:
        extent = frame.extent_of(part)
        return extent.line, extent.column

    pairs = node.properties.pairs if isinstance(node.properties, ast.Hashtable) else ()
    named = {key.value: place(key) for key, _ in pairs if isinstance(key, ast.StringConstantExpression)}
    return {"": place(node), **named}


def _positions(collected: Collected, blocks: list[dict[str, Any]]) -> dict[Path_, tuple[int, int]]:
    """Return where everything of a declaration was written."""
    found: dict[Path_, tuple[int, int]] = {}

    def note(item: dict[str, Any], where: Path_) -> None:
        places = collected.places.get(id(item), {})
        for name, place in places.items():
            found[(*where, "properties", name) if name else where] = place
        for key in ("resources", "expands_to"):
            for index, below in enumerate(item.get(key) or []):
                note(below, (*where, key, index))

    for index, block in enumerate(blocks):
        note(block, ("configuration", "nodes", index))
    return found


def _properties(frame: Frame, node: ast.DynamicKeywordStatement, collected: Collected) -> dict[str, Any]:
    found: dict[str, Any] = {}
    table = node.properties
    collected.in_property += 1
    try:
        for key, value in table.pairs if isinstance(table, ast.Hashtable) else ():
            held = statement_value(frame, value)
            found[net.to_string(frame.value(key))] = None if held is AUTOMATION_NULL else held
    finally:
        collected.in_property -= 1
    return found


def _node_block(frame: Frame, node: ast.DynamicKeywordStatement, collected: Collected) -> None:
    """Run a Node block once for each of its nodes."""
    given = AUTOMATION_NULL if node.instance is None else frame.value(node.instance)
    names = net.enumerate_collection(given) or ([] if given in {None, AUTOMATION_NULL} else [given])
    body = node.body
    assert body is not None  # noqa: S101 - this is a block
    if node.param is not None:
        raise net.unsupported("a param block in Node", frame.source.line_of(node.param.start))
    known = {net.to_string(each.get("NodeName")).lower(): each for each in merged_nodes(collected.data) or Array([])}
    outside, put = collected.resources, frame.scope.put
    for each in names:
        name = net.to_string(each)
        put("NodeName", name)
        put("Node", known.get(name.lower()))
        put("SelectedNodes", Array([known[n] for n in (net.to_string(one).lower() for one in names) if n in known]))
        collected.resources = []
        try:
            frame.run(body.statements, body.traps)
        except ReturnJump:
            pass
        finally:
            block = {"node": name, "resources": collected.resources}
            frame.runspace.configurations[0].places[id(block)] = _places(frame, node)
            collected.blocks.append(block)
            collected.resources = outside


def _take_along(frame: Frame, collected: Collected, values: Iterable[Any]) -> None:
    """Keep the values of variables that script blocks name with $using:."""
    for value in values:
        base = net.unwrap(value)
        for name in _USING.findall(base.text) if isinstance(base, ScriptBlock) else ():
            found = frame.scope.find(name.lower())
            if found is not None:
                collected.variables[name] = plain(found.get())


def _composite(
    frame: Frame, nested: CommandInfo, resource: dict[str, Any], properties: dict[str, Any]
) -> dict[str, Any]:
    """Run a configuration within another one and return it as a resource that stands for those of its own."""
    from .arguments import Argument  # noqa: PLC0415 - one use

    given = []
    for key, value in properties.items():
        if key.lower() == "dependson":
            several = net.enumerate_collection(value)
            resource["depends_on"] = [net.to_string(one) for one in ([value] if several is None else several)]
        elif key.lower() == "psdscrunascredential":
            resource["run_as"] = declared_value(value)
        else:
            given.append(Argument(key, value))
    assert nested.block is not None  # noqa: S101 - a configuration has one
    runner = ConfigurationProcessor(nested, frame, frame.extent, nested.name, nested.block)
    runner.prepare(given)
    runner.end()
    resource["expands_to"] = runner.collected.resources
    return resource
