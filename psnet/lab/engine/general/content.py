"""Get-, Set-, Add- and Clear-Content, Out-File, Tee-Object, Select-String."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import FileError, decode
from psnet.lab.dotnet import regexes
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net, pathname
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.display import CollectingCmdlet
from psnet.lab.engine.general.filesystem import expand, path_not_found, virtual, virtual_items
from psnet.lab.engine.general.items import existing, given_paths, set_virtual
from psnet.lab.engine.output import WIDTH, formatted_lines
from psnet.lab.engine.processor_cmdlet import record_of_file
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.engine.textfile import read_lines, writable, write_lines
from psnet.lab.values import Array, Byte, Int64, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_DENIED = "System.UnauthorizedAccessException"


@cmdlet("Get-Content")
def get_content(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read files, functions and variables."""
    for refused in ("Wait", "Stream"):
        if refused in p:
            raise net.unsupported(f"Get-Content -{refused}", ctx.processor.line)
    for path, _ in given_paths(p):
        place = virtual(path)
        if place is not None:
            found = virtual_items(ctx, *place)
            if not found:
                ctx.write_error(path_not_found(ctx, path, path))
            for item in found:
                if place[0] == "function":
                    if item.block is None:
                        raise net.unsupported(f"the text of the function {item.name}", ctx.processor.line)
                    yield item.block.text
                elif place[0] == "alias":
                    yield item.definition
                else:
                    yield (
                        item.members["value"].getter(item)
                        if item.members["value"].getter
                        else item.members["value"].value
                    )
            return
    as_bytes = p.switch("AsByteStream") or net.to_string(p.get("Encoding")).lower() == "byte"
    for full, entry in existing(ctx, p):
        if entry.is_folder:
            message = f"Access to the path '{full}' is denied."
            ctx.write_error(
                ErrorRecord(
                    make_exception("System.UnauthorizedAccessException", message),
                    "GetContentReaderUnauthorizedAccessError",
                    "PermissionDenied",
                    full,
                )
            )
            continue
        if as_bytes:
            ctx.write(Array([Byte(b) for b in entry.data], "System.Byte"), enumerate_it=not p.switch("Raw"))
            continue
        if p.switch("Raw"):
            if entry.data:
                yield decode(entry.data)
            continue
        lines: list[str] = read_lines(entry.data)
        if "Delimiter" in p:
            whole = decode(entry.data)
            lines = whole.split(net.to_string(p["Delimiter"])) if whole else []
            lines = lines[:-1] if lines and not lines[-1] else lines
        if "TotalCount" in p and int(p["TotalCount"]) >= 0:
            lines = lines[: int(p["TotalCount"])]
        if "Tail" in p and int(p["Tail"]) >= 0:
            lines = lines[-int(p["Tail"]) :] if int(p["Tail"]) else []
        size = int(p.get("ReadCount", 1))
        if size == 0 or size > 1:
            step = size or max(len(lines), 1)
            for at in range(0, len(lines), step):
                yield Array(list(lines[at : at + step]))
            continue
        yield from _noted(full, lines)


def _noted(full: str, lines: list[str]) -> Iterable[PSObject]:
    """Give every line the properties that tell where it was read."""
    shared = _place_members(full)
    for number, line in enumerate(lines, 1):
        count = Member("ReadCount", "NoteProperty", Int64(number))
        yield PSObject((*shared, count), (), base=line)


def _place_members(full: str) -> tuple[Member, ...]:
    parent, name = pathname.parent(full), pathname.leaf(full)
    core = "Microsoft.PowerShell.Core\\FileSystem"
    return (
        Member("PSPath", "NoteProperty", full),
        Member("PSParentPath", "NoteProperty", parent),
        Member("PSChildName", "NoteProperty", name),
        Member("PSDrive", "NoteProperty", full[:1]),
        Member("PSProvider", "NoteProperty", core),
    )


class _Writer(Cmdlet):
    """Collects values and writes them to files at the end."""

    append = False

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.lines: list[str] = []
        self.raw = bytearray()

    def process(self) -> None:
        """Collect values."""
        given = self.p.list("Value")
        for value in [None] if given is None else given:
            self._one(value)

    def _one(self, value: Any) -> None:
        if net.to_string(self.p.get("Encoding")).lower() == "byte" or self.p.switch("AsByteStream"):
            self.raw += bytes([int(net.convert(value, "System.Byte"))])
            return
        items = net.enumerate_collection(value)
        for item in [value] if items is None else items:
            self.lines.append(net.own_text(item))

    def end(self) -> None:
        """Write the files."""
        ctx, p = self.ctx, self.p
        for path, literal in given_paths(p):
            place = virtual(path)
            if place is not None:
                set_virtual(ctx, place[0], place[1], "\n".join(self.lines))
                continue
            for full in expand(ctx, path, literal=literal):
                verb = "Add Content" if self.append else "Set Content"
                if not ctx.should_process(f"Path: {full}", verb):
                    continue
                self._write(full)
                if p.switch("PassThru"):
                    for line in self.lines:
                        ctx.write(line)

    def _write(self, full: str) -> None:
        ctx, p = self.ctx, self.p
        modern = ctx.runspace.language != "5.1"
        if p.switch("Force"):
            writable(ctx.runspace, full)
        try:
            if self.raw:
                ctx.host.files.write(full, bytes(self.raw))
                return
            write_lines(
                ctx.runspace,
                full,
                self.lines,
                append=self.append,
                encoding=p.get("Encoding"),
                newline=not p.switch("NoNewline"),
                default="utf8nobom" if modern else "default",
            )
        except FileError as refused:
            denied = refused.kind in {"folder", "denied"}
            kind = _DENIED if denied else "System.IO.DirectoryNotFoundException"
            message = (
                f"Access to the path '{full}' is denied." if denied else f"Could not find a part of the path '{full}'."
            )
            error_id = "GetContentWriterUnauthorizedAccessError" if denied else "GetContentWriterDirectoryNotFoundError"
            category = "PermissionDenied" if denied else "ObjectNotFound"
            ctx.write_error(ErrorRecord(make_exception(kind, message), error_id, category, full))


@cmdlet("Set-Content")
class SetContent(_Writer):
    """Write files."""


@cmdlet("Add-Content")
class AddContent(_Writer):
    """Append to files."""

    append = True


@cmdlet("Clear-Content")
def clear_content(ctx: CmdletContext, p: Parameters) -> None:
    """Empty files."""
    for full, entry in existing(ctx, p):
        if entry.is_folder or not ctx.should_process(f"Item: {full}", "Clear Content"):
            continue
        if p.switch("Force"):
            writable(ctx.runspace, full)
        if "ReadOnly" in entry.attributes:
            exception = make_exception(_DENIED, f"Access to the path '{full}' is denied.")
            ctx.write_error(ErrorRecord(exception, "ClearContentUnauthorizedAccessError", "PermissionDenied", full))
            continue
        entry.data = b""


@cmdlet("Out-File")
class OutFile(CollectingCmdlet):
    """Write formatted objects to a file."""

    def end(self) -> None:
        """Write the file."""
        ctx, p = self.ctx, self.p
        full = ctx.runspace.full_path(net.to_string(p.get("FilePath") or p.get("LiteralPath")))
        if not ctx.should_process(full, "Output to File"):
            return
        if p.switch("NoClobber") and ctx.host.files.find(full) is not None:
            message = f"The file '{full}' already exists."
            raise ctx.fail(make_exception("System.IO.IOException", message), "NoClobber", "ResourceExists", full)
        if p.switch("Force"):
            writable(ctx.runspace, full)
        width = int(p.get("Width", WIDTH))
        lines = formatted_lines(ctx.runspace, self.items, width)
        try:
            write_lines(
                ctx.runspace,
                full,
                lines,
                append=p.switch("Append"),
                encoding=p.get("Encoding"),
                newline=not p.switch("NoNewline"),
            )
        except FileError as refused:
            raise ctx.fail(record_of_file(FileError(refused.kind, full))) from None


@cmdlet("Tee-Object")
class TeeObject(Cmdlet):
    """Pass objects on and keep them."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> None:
        """Pass one on."""
        self.items.append(self.p.get("InputObject"))
        self.ctx.write(self.p.get("InputObject"))

    def end(self) -> None:
        """Keep them."""
        ctx, p = self.ctx, self.p
        if "Variable" in p:
            name = net.to_string(p["Variable"])
            old = ctx.scope.value(name.lower()) if p.switch("Append") else None
            before = net.enumerate_collection(old) or ([] if old is None else [old])
            ctx.scope.set_local(name, net.collapse([*before, *self.items]))
            return
        full = ctx.runspace.full_path(net.to_string(p.get("FilePath") or p.get("LiteralPath")))
        write_lines(ctx.runspace, full, formatted_lines(ctx.runspace, self.items), append=p.switch("Append"))


@cmdlet("Select-String")
class SelectString(Cmdlet):
    """Find text."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.number = 0
        self.found = False
        self.kept: list[str] = []
        around = [int(number) for number in p.list("Context") or []]
        self.around = (around[0], around[-1]) if around else None

    def process(self) -> None:
        """Look through one input or the files."""
        if self.ctx.parameter_set == "Object":
            self.number += 1
            if self.around is not None:
                self.kept.append(net.to_string(self.p["InputObject"]))
                return
            if not (self.found and self.p.switch("Quiet")):
                self._line(net.to_string(self.p["InputObject"]), "InputStream", self.number)
            return
        for full, entry in existing(self.ctx, self.p):
            if entry.is_folder:
                continue
            if self.around is not None:
                self._with_context(read_lines(entry.data), full)
                continue
            for number, line in enumerate(read_lines(entry.data), 1):
                if self._line(line, full, number) and (self.p.switch("List") or self.p.switch("Quiet")):
                    break

    def _hit(self, line: str) -> tuple[str | None, list[Any]]:
        """Return (the pattern that a line fits, what it captures there)."""
        p = self.p
        captures: list[Any] = []
        hit: str | None = None
        for item in p.list("Pattern") or []:
            text = net.to_string(item)
            options = 0 if p.switch("CaseSensitive") else 1
            code = regexes.program(regexes.escape(text) if p.switch("SimpleMatch") else text, options)
            found = code.find(line)
            if found is not None:
                hit = text
                if not p.switch("SimpleMatch"):
                    every = regexes.all_matches(code, line) if p.switch("AllMatches") else [found]
                    captures = [regexes.make_match(code, line, each) for each in every]
                break
        return hit, captures

    def _with_context(self, lines: list[str], path: str) -> None:
        """Write the matches in a text with the lines around each; no line is shown twice."""
        p = self.p
        before, after = self.around or (0, 0)
        hits = [(at, *self._hit(line)) for at, line in enumerate(lines)]
        hits = [hit for hit in hits if (hit[1] is None) == p.switch("NotMatch")]
        shown_to = -1
        for place, (at, pattern, captures) in enumerate(hits):
            following = hits[place + 1][0] if place + 1 < len(hits) else len(lines)
            first, last = max(at - before, shown_to + 1, 0), min(at + after, following - 1, len(lines) - 1)
            shown_to = max(last, at)
            made = _match_info(lines[at], path, at + 1, pattern or "", captures, p)
            parts = {
                "PreContext": lines[max(at - before, 0) : at],
                "PostContext": lines[at + 1 : at + 1 + after],
                "DisplayPreContext": lines[first:at],
                "DisplayPostContext": lines[at + 1 : last + 1],
            }
            shown = {name: Array(list(part), "System.String") for name, part in parts.items()}
            kind = "Microsoft.PowerShell.Commands.MatchInfoContext"
            made.members["context"].value = PSObject.of(shown, kind, "System.Object", kind="Property")
            made.to_string = "\r\n".join(
                ("> " if number == at else "  ")
                + (lines[number] if path == "InputStream" else f"{path}:{number + 1}:{lines[number]}")
                for number in range(first, shown_to + 1)
            )
            self.found = True
            if not p.switch("Quiet"):
                self.ctx.write(lines[at] if p.switch("Raw") else made)

    def _line(self, line: str, path: str, number: int) -> bool:
        p = self.p
        hit, captures = self._hit(line)
        if (hit is None) != p.switch("NotMatch"):
            return False
        self.found = True
        if p.switch("Quiet"):
            return True
        if p.switch("Raw"):
            self.ctx.write(line)
            return True
        self.ctx.write(
            _match_info(line, path, number, hit or net.to_string((p.list("Pattern") or [""])[-1]), captures, p)
        )
        return True

    def end(self) -> None:
        """Say whether anything was found; write the matches that have lines around them."""
        if self.kept:
            self._with_context(self.kept, "InputStream")
        if self.p.switch("Quiet"):
            self.ctx.write(self.found)


def _match_info(line: str, path: str, number: int, pattern: str, captures: list[Any], p: Parameters) -> PSObject:
    shown = {
        "IgnoreCase": not p.switch("CaseSensitive"),
        "LineNumber": number,
        "Line": line,
        "Filename": path.rsplit("\\", 1)[-1],
        "Path": path,
        "Pattern": pattern,
        "Context": None,
        "Matches": Array(captures, "System.Text.RegularExpressions.Match"),
    }
    made = PSObject.of(shown, "Microsoft.PowerShell.Commands.MatchInfo", "System.Object", kind="Property")
    made.to_string = line if path == "InputStream" else f"{path}:{number}:{line}"
    return made
