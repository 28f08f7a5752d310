"""Script blocks as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import CommandMetadata
    from psnet.powershell.syntax import ast

    from .extent import Source
    from .scope import SessionState

TYPE_NAME = "System.Management.Automation.ScriptBlock"


class ScriptBlock(PSObject):
    """``{ ... }``: its tree, its text, and the session state in which it runs.

    ``parameters`` are those of ``function f($a)``, which stand outside the block. ``is_filter`` makes the unnamed
    body a process block (the parser does that for filters already). ``definition`` is what its Ast shows: a function's is
    the whole definition.
    """

    __slots__ = ("_metadata", "body", "definition", "file_level", "parameters", "source", "state")

    def __init__(
        self,
        body: ast.ScriptBlock,
        source: Source,
        state: SessionState | None,
        *,
        text: str | None = None,
        parameters: tuple[ast.Parameter, ...] | None = None,
    ) -> None:
        self.body = body
        self.source = source
        self.state = state
        self.parameters = parameters
        self.file_level = False
        self.definition: ast.Node = body
        self._metadata: CommandMetadata | None = None
        super().__init__((), (TYPE_NAME, "System.Object"), to_string=source.slice(body) if text is None else text)
        self.native = self

    @property
    def text(self) -> str:
        """What stands between the braces."""
        return str(self.to_string)

    def all_parameters(self) -> tuple[ast.Parameter, ...]:
        """Return the parameters wherever they were written."""
        if self.parameters is not None:
            return self.parameters
        return self.body.param.parameters if self.body.param else ()

    def attributes(self) -> tuple[Any, ...]:
        """Return the attributes before ``param``."""
        return self.body.param.attributes if self.body.param else ()

    def cached_metadata(self) -> CommandMetadata | None:
        """Return the metadata if it was made already."""
        return self._metadata

    def keep_metadata(self, meta: CommandMetadata) -> CommandMetadata:
        """Remember the metadata and return it."""
        self._metadata = meta
        return meta

    def bound_to(self, state: SessionState | None) -> ScriptBlock:
        """Return the same block bound to another session state."""
        other = ScriptBlock(self.body, self.source, state, text=self.text, parameters=self.parameters)
        other.file_level, other.definition = self.file_level, self.definition
        return other
