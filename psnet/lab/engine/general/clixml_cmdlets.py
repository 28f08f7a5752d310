"""Export-Clixml and Import-Clixml: objects in a file, written as PSSerializer writes them.

Microsoft Learn, Export-Clixml and Import-Clixml: two levels unless -Depth says otherwise; the file is UTF-16 with a mark
in Windows PowerShell and UTF-8 without one in PowerShell 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.clixml.element import Element
from psnet.lab.clixml.reader import deserialize
from psnet.lab.clixml.serializer import NAMESPACE, Serializer
from psnet.lab.contract.files import decode
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.filesystem import expand
from psnet.lab.engine.general.items import given_paths
from psnet.lab.engine.textfile import write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet(
    "Export-Clixml",
    """
    Path string 0 @ByPath:0:mandatory
    LiteralPath string @ByLiteralPath:mandatory alias=PSPath
    InputObject psobject mandatory value null
    Depth int
    Force switch
    NoClobber switch
    Encoding string
    """,
    default_set="ByPath",
    should_process=True,
)
class ExportClixml(Cmdlet):
    """Write a file of objects."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.root = Element("Objs", {"Version": "1.1.0.1", "xmlns": NAMESPACE})
        self.writer = Serializer()

    def _path(self) -> str:
        return str(self.ctx.runspace.full_path(net.to_string(self.p.get("Path") or self.p.get("LiteralPath"))))

    def begin(self) -> None:
        """Refuse to overwrite where this was asked."""
        path = self._path()
        if self.p.switch("NoClobber") and self.ctx.runspace.host.files.find(path) is not None:
            message = f"File '{path}' already exists and NoClobber was specified."
            exception = make_exception("System.IO.IOException", message)
            raise self.ctx.fail(exception, "NoClobber", "ResourceExists", path)

    def process(self) -> None:
        """Take one object."""
        self.root.children.append(self.writer.element(self.p.get("InputObject"), int(self.p.get("Depth") or 2)))

    def end(self) -> None:
        """Write the file."""
        if not self.ctx.should_process(self._path(), "Export-Clixml"):
            return
        write_lines(
            self.ctx.runspace,
            self._path(),
            [self.root.indented("\r\n")],
            append=False,
            encoding=self.p.get("Encoding"),
            default="unicode" if self.ctx.runspace.language == "5.1" else "utf8nobom",
            newline=False,
        )


@cmdlet(
    "Import-Clixml",
    """
    Path string[] 0 @ByPath:0:mandatory:value:byname
    LiteralPath string[] @ByLiteralPath:mandatory:byname alias=PSPath
    IncludeTotalCount switch
    Skip uint64
    First uint64
    """,
    default_set="ByPath",
)
def import_clixml(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the objects of files; a file that is not there ends the command."""
    for name in ("IncludeTotalCount", "Skip", "First"):
        if name in p:
            raise net.unsupported(f"Import-Clixml -{name}", ctx.processor.line)
    for path, literal in given_paths(p):
        for full in expand(ctx, path, literal=literal):
            entry = ctx.host.files.find(full)
            if entry is None or entry.is_folder:
                kind = "System.IO.FileNotFoundException"
                raise ctx.fail(make_exception(kind, f"Could not find file '{full}'."), kind, "NotSpecified")
            yield from deserialize(decode(entry.data))
