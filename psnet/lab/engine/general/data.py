"""JSON, CSV, string data."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import regexes
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general import json_reader as net_json
from psnet.lab.engine.general.keys import property_names, property_value
from psnet.lab.engine.textfile import read_lines, write_lines
from psnet.lab.values import Array, DateTime, Hashtable, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


def _wrapped(item: Any) -> Any:
    """Return an array or a DateTime from the pipeline as 5.1 sees it: an object with the type files' properties."""
    base = net.unwrap(item)
    if isinstance(base, DateTime) and not isinstance(item, PSObject):
        return PSObject((), (), base=base)
    if not isinstance(base, Array):
        return item
    return PSObject([Member("Count", "AliasProperty", "Length", getter=lambda _: len(base.items))], (), base=base)


@cmdlet("ConvertTo-Json")
class ConvertToJson(Cmdlet):
    """Write JSON."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> None:
        """Collect the input."""
        self.items.append(self.p["InputObject"])

    def end(self) -> None:
        """Convert it."""
        p, language = self.p, self.ctx.runspace.language
        depth = int(p.get("Depth", 2))
        modern = language != "5.1"
        most = 100
        if depth > most or depth < (0 if modern else 1):
            raise self.ctx.fail(
                f"The maximum depth allowed for serialization is {most}.",
                "ReachedMaximumDepthAllowed",
                "InvalidOperation",
                exception="System.InvalidOperationException",
            )
        if not self.items:
            return
        if not modern and self.ctx.processor.expecting_input:
            self.items = [_wrapped(item) for item in self.items]
        value: Any = Array(self.items) if len(self.items) > 1 or p.switch("AsArray") else self.items[0]
        if value is None and not modern:
            return
        from psnet.lab.engine.general.json_writer import convert  # noqa: PLC0415 - one use

        text, cut = convert(
            value,
            depth,
            compress=p.switch("Compress"),
            language=language,
            enums=p.switch("EnumsAsStrings"),
            escape=str(p.get("EscapeHandling", "Default")),
        )
        if cut and modern:
            self.ctx.write_warning(
                f"Resulting JSON is truncated as serialization has exceeded the set depth of {depth}."
            )
        self.ctx.write(text)


@cmdlet("ConvertFrom-Json")
class ConvertFromJson(Cmdlet):
    """Read JSON: the lines of the input together, or each of them when the first is a whole document."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.lines: list[str] = []

    def process(self) -> None:
        """Collect lines."""
        self.lines.append(self.p["InputObject"])

    def end(self) -> None:
        """Convert them."""
        if not self.lines:
            return
        if len(self.lines) == 1:
            self._convert(self.lines[0])
            return
        try:
            first = net_json.from_json(self.lines[0], language=self.ctx.runspace.language, as_hashtable=self._table())
        except net_json.JsonError:
            self._convert("\n".join(self.lines))
            return
        self._write(first)
        for line in self.lines[1:]:
            self._convert(line)

    def _table(self) -> bool:
        return self.p.switch("AsHashtable")

    def _convert(self, text: str) -> None:
        language = self.ctx.runspace.language
        if not text.strip():
            return
        try:
            value = net_json.from_json(text, language=language, as_hashtable=self._table())
        except net_json.JsonError as refused:
            raise self._failed(refused, text) from refused
        self._write(value)

    def _failed(self, refused: Exception, text: str) -> Exception:
        modern = self.ctx.runspace.language != "5.1"
        error_id = getattr(refused, "error_id", "") or (
            "System.ArgumentException" if not modern or "error_id" not in vars(refused) else ""
        )
        if modern and error_id in {
            "KeysWithDifferentCasingInJsonString",
            "DuplicateKeysInJsonString",
            "EmptyKeyInJsonString",
        }:
            exception = make_exception("System.InvalidOperationException", str(refused))
            return self.ctx.fail(exception, error_id, "InvalidOperation")
        message = str(refused) if modern else f"Invalid JSON primitive: {text.strip()[:40]}."
        exception = make_exception("System.ArgumentException", message)
        return self.ctx.fail(exception, "System.ArgumentException", "NotSpecified")

    def _write(self, value: Any) -> None:
        modern = self.ctx.runspace.language != "5.1"
        if modern and not self.p.switch("NoEnumerate"):
            self.ctx.write(value, enumerate_it=True)
        else:
            self.ctx.write(value)


# -- CSV --------------------------------------------------------------------------------------------


def _delimiter(ctx: CmdletContext, p: Parameters) -> str:
    if p.switch("UseCulture"):
        return ","
    found = str(p.get("Delimiter", ","))
    _ = ctx
    return found


class _CsvWriter(Cmdlet):
    """Makes CSV lines of objects."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.names: list[str] | None = None
        self.lines: list[str] = []

    def process(self) -> Iterable[Any] | None:
        """Convert one object."""
        self._convert()
        return None

    def _convert(self) -> None:
        value = self.p.get("InputObject")
        if value is None:
            return
        mark = _delimiter(self.ctx, self.p)
        if self.names is None:
            base = net.unwrap(value)
            self.names = (
                [net.to_string(key) for key in base.keys()]
                if isinstance(base, Hashtable) and self.ctx.runspace.language != "5.1"
                else property_names(value)
            )
            wanted = self.p.switch("IncludeTypeInformation") or (
                self.ctx.runspace.language == "5.1" and not self.p.switch("NoTypeInformation")
            )
            if wanted:
                kinds = net.ps_type_names(value)
                kind = kinds[0] if kinds else net.type_name_of(value)
                self.lines.append(f"#TYPE {kind}")
            self.lines.append(mark.join(_quoted(name) for name in self.names))
        cells = []
        for name in self.names:
            held = property_value(self.ctx, value, name)
            cells.append(
                ""
                if held is None
                else _quoted(net.own_text(held) if not net.is_enumerable(held) else net.type_name_of(held))
            )
        self.lines.append(mark.join(cells))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@cmdlet("ConvertTo-Csv")
class ConvertToCsv(_CsvWriter):
    """Write CSV."""

    def process(self) -> Iterable[Any] | None:
        """Convert one object."""
        super().process()
        lines, self.lines = self.lines, []
        return lines


@cmdlet("Export-Csv")
class ExportCsv(_CsvWriter):
    """Write a CSV file; -Append goes on with the columns that the file has."""

    def begin(self) -> None:
        """Refuse to overwrite, and read the columns of a file that is appended to."""
        runspace, path = self.ctx.runspace, self._path()
        found = runspace.host.files.find(path)
        if found is None or found.is_folder:
            return
        if self.p.switch("NoClobber") and not self.p.switch("Append"):
            message = f"File '{path}' already exists and NoClobber was specified."
            exception = make_exception("System.IO.IOException", message)
            raise self.ctx.fail(exception, "NoClobber", "ResourceExists", path)
        if self.p.switch("Append"):
            lines = [line for line in read_lines(found.data) if not line.startswith("#TYPE")]
            if lines:
                mark = _delimiter(self.ctx, self.p)
                self.names = next(csv.reader(io.StringIO(lines[0]), delimiter=mark))

    def process(self) -> Iterable[Any] | None:
        """Convert one object; one that lacks a column of the file is refused without -Force."""
        value = self.p.get("InputObject")
        if self.names is not None and self.p.switch("Append") and value is not None and not self.p.switch("Force"):
            own = {name.lower() for name in property_names(value)}
            missing = next((name for name in self.names if name.lower() not in own), None)
            if missing is not None:
                message = (
                    f"Cannot append CSV content to the following file: {self._path()}. The appended object does not have "
                    f"a property that corresponds to the following column: {missing}. To continue with mismatched "
                    "properties, add the -Force parameter, and then retry the command."
                )
                exception = make_exception("System.InvalidOperationException", message)
                raise self.ctx.fail(exception, "CannotAppendCsvWithMismatchedPropertyNames", "InvalidData", missing)
        return super().process()

    def _path(self) -> str:
        return str(self.ctx.runspace.full_path(net.to_string(self.p.get("Path") or self.p.get("LiteralPath"))))

    def end(self) -> None:
        """Write the file."""
        write_lines(
            self.ctx.runspace,
            self._path(),
            self.lines,
            append=self.p.switch("Append"),
            encoding=self.p.get("Encoding"),
            default="ascii" if self.ctx.runspace.language == "5.1" else "utf8nobom",
        )


def read_csv(lines: list[str], mark: str, header: list[str] | None) -> list[PSObject]:
    """Return the objects of CSV text."""
    kept = [line for line in lines if line.strip() or header]
    while kept and kept[0].startswith("#TYPE"):
        kept.pop(0)
    rows = [row for row in csv.reader(io.StringIO("\n".join(kept)), delimiter=mark) if row]
    if header is None:
        if not rows:
            return []
        header = rows.pop(0)
    return [PSObject.of({name: (row[at] if at < len(row) else None) for at, name in enumerate(header)}) for row in rows]


@cmdlet("ConvertFrom-Csv")
class ConvertFromCsv(Cmdlet):
    """Read CSV."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.lines: list[str] = []

    def process(self) -> None:
        """Collect lines."""
        for item in self.p.list("InputObject") or []:
            self.lines.extend(net.to_string(item).replace("\r\n", "\n").split("\n"))

    def end(self) -> Iterable[Any] | None:
        """Convert them."""
        header = [net.to_string(name) for name in self.p.list("Header") or []] or None
        return read_csv(self.lines, _delimiter(self.ctx, self.p), header)


@cmdlet("Import-Csv")
def import_csv(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read a CSV file."""
    from psnet.lab.engine.general.filesystem import file_entry  # noqa: PLC0415 - one use
    from psnet.lab.engine.textfile import read_lines  # noqa: PLC0415 - one use

    header = [net.to_string(name) for name in p.list("Header") or []] or None
    for item in p.list("Path") or p.list("LiteralPath") or []:
        entry = file_entry(ctx, net.to_string(item))
        if entry is not None:
            yield from read_csv(read_lines(entry.data), _delimiter(ctx, p), header)


@cmdlet("ConvertFrom-StringData")
def convert_from_string_data(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read name=value lines."""
    table = Hashtable()
    mark = str(p.get("Delimiter", "="))
    for line in p["StringData"].replace("\r\n", "\n").split("\n"):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, found, value = text.partition(mark)
        if not found:
            message = f"Data line '{line}' is not in 'name=value' format."
            raise ctx.fail(
                message,
                "InvalidOperation",
                "InvalidOperation",
                exception="System.Management.Automation.PSInvalidOperationException",
            )
        key = regexes.unescape(name.strip())
        if key in table:
            message = f"Data item '{name.strip()}' in line '{line}' is already defined."
            raise ctx.fail(
                message,
                "InvalidOperation",
                "InvalidOperation",
                exception="System.Management.Automation.PSInvalidOperationException",
            )
        table[key] = regexes.unescape(value.strip())
    yield table
