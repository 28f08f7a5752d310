"""Get-Help, as far as a host without updated help knows: comments of a session's functions, and names that nothing has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.commands import prepare
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.values import Array, DotNetError, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.engine.commands import CommandInfo
    from psnet.lab.engine.scriptblock import ScriptBlock

_PARTS: Final = ("Full", "Detailed", "Examples", "Online")
_BLOCK: Final = r"<#(?P<block>(?:(?!#>).)*)#>"
_LINES: Final = r"(?P<lines>(?:[ \t]*#[^\n]*(?:\n|\Z))+)"
_FIRST: Final = re.compile(rf"\A\s*(?:{_BLOCK}|{_LINES})", re.DOTALL)
_BEFORE: Final = re.compile(rf"(?:{_BLOCK}[ \t]*\n?|{_LINES})[ \t]*\n?[ \t]*\Z", re.DOTALL)
_LAST: Final = re.compile(rf"(?:{_BLOCK}|{_LINES})\s*\Z", re.DOTALL)
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
    comment = _comment(found.block) if found.block is not None else None
    if comment is None:
        raise net.unsupported(f"the help of {found.name}", ctx.processor.line)
    prepare(ctx, found)
    sections = [(word.lower(), first.strip(), rest) for word, first, rest in _SECTION.findall(comment)]
    if "Parameter" not in p:
        yield _shown(found, sections)
        return
    for info in _parameters(found, sections):
        if net.is_like(net.to_string(info.members["name"].value), net.to_string(p["Parameter"])):
            yield info


def _comment(block: ScriptBlock) -> str | None:
    """Return the comment that is a function's help: at the start of its body, at its end, or right before the function."""
    body = block.text.replace("\r\n", "\n")
    before = (
        block.source.text[: block.definition.start].replace("\r\n", "\n") if block.definition is not block.body else ""
    )
    for found in (_FIRST.match(body), _LAST.search(body), _BEFORE.search(before)):
        if found is None:
            continue
        text = found["block"] or "\n".join(line.strip()[1:] for line in (found["lines"] or "").split("\n"))
        if _SECTION.search(text):
            return str(text)
    return None


def _shown(command: CommandInfo, sections: list[tuple[str, str, str]]) -> PSObject:
    """Return the parts that the comment gives; the others are refused when they are read."""
    parts = {word: _text(first, rest) for word, first, rest in sections}
    shown: dict[str, Any] = {"Name": command.name, "Category": "Function", "Synopsis": parts.get("synopsis", "")}
    for word in ("component", "role", "functionality"):
        shown[word.capitalize()] = parts.get(word, "")
    if "description" in parts:
        shown["description"] = Array([_paragraph(parts["description"])])
    listed = Array([_example(number, text) for number, text in enumerate(_examples(sections), 1)])
    kind = "MamlCommandHelpInfo"
    if listed.items:
        shown["examples"] = PSObject.of(
            {"example": net.collapse(list(listed.items))}, f"{kind}#examples", "System.Object"
        )
    found = _parameters(command, sections)
    if found:
        shown["parameters"] = PSObject.of(
            {"parameter": net.collapse(list(found))}, f"{kind}#parameters", "System.Object"
        )
    made = PSObject.of(shown, kind, "HelpInfo", "System.Object")
    for label in ("syntax", "parameters", "examples", "details", "alertSet", "relatedLinks"):
        if label not in shown:
            made.members[label.lower()] = Member(label, "NoteProperty", getter=_unknown)
    return made


def _examples(sections: list[tuple[str, str, str]]) -> list[str]:
    return [f"{first}\n{rest}".strip() for word, first, rest in sections if word == "example"]


def _example(number: int, text: str) -> PSObject:
    """Return an example: its first line is the code, after a prompt where one is written."""
    line, _, remarks = text.partition("\n")
    prompt, mark, code = line.partition(">")
    rule = "-" * 26
    shown = {
        "introduction": Array([_paragraph(f"{prompt}>".strip() if mark else "PS C:\\>")]),
        "code": (code if mark else line).strip(),
        "remarks": Array([_paragraph("\n".join(each.strip() for each in remarks.split("\n")).strip())]),
        "title": f"{rule} EXAMPLE {number} {rule}",
    }
    return PSObject.of(shown, "MamlCommandHelpInfo#example", "System.Object")


def _parameters(command: CommandInfo, sections: list[tuple[str, str, str]]) -> list[PSObject]:
    """Return what is said of each parameter; what their syntax is, is refused when it is read."""
    said = {first.lower(): _text("", rest) for word, first, rest in sections if word == "parameter"}
    meta = command.metadata
    found = []
    for info in meta.parameters.values() if meta is not None else ():
        if info.common:
            continue
        shown: dict[str, Any] = {"name": info.name}
        if info.name.lower() in said:
            shown["description"] = Array([_paragraph(said[info.name.lower()])])
        made = PSObject.of(shown, "MamlCommandHelpInfo#parameter", "System.Object")
        for label in ("type", "required", "position", "pipelineInput", "defaultValue", "globbing", "aliases"):
            made.members[label.lower()] = Member(label, "NoteProperty", getter=_unknown)
        found.append(made)
    return found


def _paragraph(text: str) -> PSObject:
    made = PSObject.of({"Text": text}, "MamlParaTextItem", "System.Object")
    made.to_string = f"@{{Text={text}}}"
    return made


def _text(first: str, rest: str) -> str:
    return "\n".join(line.strip() for line in f"{first}\n{rest}".strip().split("\n"))


def _unknown(_: Any) -> Any:
    raise net.unsupported("this part of a function's help")
