r"""A PowerShell script with ``configuration`` blocks, run in the lab's engine for the MOF documents that it makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psnet._internal.text_files import read_data, read_text
from psnet.errors import InputError, Problem
from psnet.lab.cmdlets import lab_registry
from psnet.lab.contract.configurations import ConfigurationTarget
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.run import make_hosts
from psnet.mof import CompileResult, MofDocument, MofRefusal
from psnet.powershell.syntax import ParseErrors, ast, line_and_column, parse

if TYPE_CHECKING:
    from psnet.mof import CompileOptions, SchemaSet

_FOLDER: Final = "C:\\Configurations"
_BESIDE: Final = ("*.ps1", "*.psd1", "*.psm1", "*.json", "*.txt", "*.csv")


def compile_script(path: Path | str, schemas: SchemaSet, options: CompileOptions) -> CompileResult:
    """Run a script and return the documents that its configurations made.

    Where it only defines configurations, the last one is called without arguments. The script sees the other
    scripts and data files of its folder. Raises InputError with file and line: for what the compiler refuses, an
    error of the script, or what the engine does not simulate.
    """
    file = Path(path)
    text = read_text(file)
    try:
        tree = parse(text, language="5.1", file=str(file))
    except ParseErrors as refused:
        problems = []
        for error in refused.errors:
            line, column = line_and_column(text, error.start)
            problems.append(Problem(f"{error.error_id}: {error.message}", str(file), line, column))
        raise InputError(f"{file} is no valid script", problems) from refused
    documents, warnings = _run(file, f". '{_FOLDER}\\{_quoted(file.name)}'", schemas, options)
    names = _defined(tree)
    if not documents and names:
        call = f". '{_FOLDER}\\{_quoted(file.name)}'; & '{_quoted(names[-1])}'"
        documents, warnings = _run(file, call, schemas, options)
    return CompileResult(tuple(sorted(documents, key=lambda item: item.file)), tuple(warnings))


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _defined(tree: ast.ScriptBlock) -> list[str]:
    statements = tree.end_block.statements if tree.end_block is not None else ()
    found = [item.name for item in statements if isinstance(item, ast.ConfigurationDefinition)]
    return [name.value for name in found if isinstance(name, ast.StringConstantExpression)]


def _run(file: Path, script: str, schemas: SchemaSet, options: CompileOptions) -> tuple[list[MofDocument], list[str]]:
    (host,) = make_hosts(["2022"])
    host.files.make_folders(_FOLDER)
    for pattern in _BESIDE:
        for beside in sorted(file.parent.glob(pattern)):
            host.files.write(f"{_FOLDER}\\{beside.name}", read_data(beside))
    host.configuration_target = target = ConfigurationTarget(schemas, options)
    try:
        result = run_file(host, script, [], "5.1", registry=lab_registry(host), path=f"{_FOLDER}\\psnet-compile.ps1")
    except UnsupportedError as refused:
        remedy = "configurations may use what the lab's engine knows: docs/lab-conformance-engine.md"
        raise InputError(f"{file}: {refused}", remedy=remedy) from refused
    if target.refusals:
        raise MofRefusal([replace(each, path=str(file)) for each in target.refusals[0].refusals])
    if result.records:
        problems = []
        for record in result.records:
            extent = record.invocation.extent if record.invocation is not None else None
            message = f"{record.error_id}: {record.exception.message}"
            line = extent.line if extent is not None and extent.source.file else None
            problems.append(Problem(message, str(file), line))
        raise InputError(f"{file} gives no documents", problems)
    return target.documents, result.warnings
