"""Redirections: streams into the output, into files, into nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import FileError
from psnet.powershell.syntax import ast

from . import net
from .flow import ScriptError
from .streams import ignore

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame
    from .streams import Streams

_OUT_FILE = "Microsoft.PowerShell.Commands.OutFileCommand"
_FIELDS = {
    "error": "error",
    "warning": "warning",
    "verbose": "verbose",
    "debug": "debug",
    "information": "information",
}


def _open(frame: Frame, path: str) -> None:
    """Refuse a file that cannot be opened before the command runs, as the Out-File that a redirection is does."""
    from .processor_cmdlet import record_of_file  # noqa: PLC0415 - processors need redirections

    files = frame.runspace.host.files
    try:
        files.folder_of(path)
        there = files.find(path)
        if there is not None and there.is_folder:
            raise FileError("folder", path)
        if there is not None and "ReadOnly" in there.attributes:
            raise FileError("denied", path)
    except FileError as refused:
        record = record_of_file(FileError(refused.kind, path))
        record.error_id, record.activity = f"{record.error_id},{_OUT_FILE}", "out-file"
        raise ScriptError(record) from refused


class Redirection:
    """The redirections of one command; ``apply`` gives the output and streams under them."""

    def __init__(self, frame: Frame, nodes: tuple[ast.Node, ...]) -> None:
        self.frame = frame
        self.files: list[tuple[str, bool, list[Any]]] = []
        self.to_file: dict[str, Callable[[Any], None]] = {}
        self.merged: list[str] = []
        for node in nodes:
            if isinstance(node, ast.FileRedirection):
                self._file(frame, node)
            elif isinstance(node, ast.MergingRedirection):
                self._merge(frame, node)

    def _file(self, frame: Frame, node: ast.FileRedirection) -> None:
        assert node.target is not None  # noqa: S101 - the parser gives it a target
        target = frame.value(node.target)
        handler: Callable[[Any], None] = ignore
        if target is not None:
            path = frame.runspace.full_path(net.to_string(target))
            _open(frame, path)
            kept: list[Any] = []
            self.files.append((path, node.append, kept))
            handler = kept.append
        names = ["output", *_FIELDS] if node.stream == "All" else [node.stream.lower()]
        for name in names:
            self.to_file[name] = handler

    def _merge(self, frame: Frame, node: ast.MergingRedirection) -> None:
        if node.to_stream != "Output":
            raise net.unsupported(f"a merge into {node.to_stream}", frame.source.line_of(node.start))
        self.merged += list(_FIELDS) if node.from_stream == "All" else [node.from_stream.lower()]

    def output(self, out: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return the output under the redirections."""
        return self.to_file.get("output", out)

    def apply(self, out: Callable[[Any], None], streams: Streams) -> tuple[Callable[[Any], None], Streams]:
        """Return the output and the streams under the redirections."""
        target = self.output(out)
        changes: dict[str, Callable[[Any], None]] = {}
        for name, handler in self.to_file.items():
            if name in _FIELDS:
                changes[name] = handler
        for name in self.merged:
            changes[name] = target
        return target, streams.changed(**changes) if changes else streams

    def close(self) -> None:
        """Write the files."""
        for path, append, kept in self.files:
            self.frame.runspace.write_redirected(path, kept, append=append)
        self.files = []
