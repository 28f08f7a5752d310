"""Get-Help, as far as a host without updated help knows: comments of a session's functions, and names that nothing has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.values import Array, DotNetError, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_PARTS: Final = ("Full", "Detailed", "Examples", "Parameter", "Online")
_COMMENT: Final = re.compile(r"\A\s*<#(.*?)#>", re.DOTALL)
_SECTION: Final = re.compile(r"^[ \t]*\.(\w+)[ \t]*([^\n]*)\n?(.*?)(?=^[ \t]*\.\w+[ \t]*|\Z)", re.DOTALL | re.MULTILINE)


@cmdlet(
    "Get-Help",
    """
    Name string 0 byname
    Full switch
    Detailed switch
    Examples switch
    Parameter string
    Online switch
    """,
    class_name="GetHelpCommand",
    module="Microsoft.PowerShell.Core",
)
def get_help(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the help in a function's comment; that of Windows' own commands is refused."""
    name = net.to_string(p.get("Name"))
    if not name or has_wildcards(name) or any(part in p for part in _PARTS):
        raise net.unsupported("this use of Get-Help", ctx.processor.line)
    try:
        found = ctx.runspace.find_command(name, ctx.processor.caller)
    except DotNetError:
        if name.lower().startswith("about_") or "-" not in name:
            raise net.unsupported(f"the help {name}", ctx.processor.line) from None
        text = (
            f"Get-Help could not find {name} in a help file in this session. To download updated help topics type: "
            '"Update-Help". To get help online, search for the help topic in the TechNet library at '
            "http://go.microsoft.com/fwlink/?LinkID=107116."
        )
        kind = "Microsoft.PowerShell.Commands.HelpNotFoundException"
        ctx.write_error(ErrorRecord(make_exception(kind, text), "HelpNotFound", "ResourceUnavailable"))
        return
    comment = _COMMENT.match(found.block.text) if found.block is not None else None
    if comment is None:
        raise net.unsupported(f"the help of {found.name}", ctx.processor.line)
    yield _shown(found.name, comment[1].replace("\r\n", "\n"))


def _shown(name: str, comment: str) -> PSObject:
    """Return what stands under .SYNOPSIS and .DESCRIPTION; anything else of the help is refused when it is read."""
    parts = {word.lower(): _text(first, rest) for word, first, rest in _SECTION.findall(comment)}
    shown: dict[str, Any] = {"Name": name, "Category": "Function", "Synopsis": parts.get("synopsis", "")}
    if "description" in parts:
        said = PSObject.of({"Text": parts["description"]}, "MamlParaTextItem", "System.Object")
        said.to_string = f"@{{Text={parts['description']}}}"
        shown["description"] = Array([said])
    made = PSObject.of(shown, "MamlCommandHelpInfo", "HelpInfo", "System.Object")
    for label in ("syntax", "parameters", "examples", "details", "alertSet", "relatedLinks"):
        made.members[label.lower()] = Member(label, "NoteProperty", getter=_unknown)
    return made


def _text(first: str, rest: str) -> str:
    return "\n".join(line.strip() for line in f"{first}\n{rest}".strip().split("\n"))


def _unknown(_: Any) -> Any:
    raise net.unsupported("this part of a function's help")
