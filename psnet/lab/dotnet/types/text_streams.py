"""Readers and writers of text: StringReader, StringWriter, StreamReader and StreamWriter over the host's files.

Source: Microsoft Learn, System.IO.TextReader and System.IO.TextWriter, "Methods".
"""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.errors import argument_null, thrown
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.types.files import read_bytes, text_of, write_bytes
from psnet.lab.values import AUTOMATION_NULL

_IO: Final = "System.IO"
_STRING_READER, _STREAM_READER = f"{_IO}.StringReader", f"{_IO}.StreamReader"
_STRING_WRITER, _STREAM_WRITER = f"{_IO}.StringWriter", f"{_IO}.StreamWriter"
_READERS: Final = (_STRING_READER, _STREAM_READER)
_WRITERS: Final = (_STRING_WRITER, _STREAM_WRITER)
_NEWLINE: Final = "\r\n"


@constructor(_STRING_READER, "(string s)")
def _string_reader(text: str | None) -> Native:
    if text is None:
        raise argument_null("s")
    return Native(_STRING_READER, {"rest": text, "open": True})


@constructor(_STREAM_READER, "(string path)")
def _stream_reader(path: str) -> Native:
    return Native(_STREAM_READER, {"rest": text_of(read_bytes(path)), "open": True})


static(f"{_IO}.File", "System.IO.StreamReader OpenText(string path)")(_stream_reader)


def _rest(value: Native) -> str:
    if not value.state["open"]:
        raise thrown("System.ObjectDisposedException", "Cannot read from a closed TextReader.")
    return str(value.state["rest"])


def _read_line(value: Native) -> str | None:
    rest = _rest(value)
    if not rest:
        return None
    ends = [place for place in (rest.find("\r"), rest.find("\n")) if place >= 0]
    if not ends:
        value.state["rest"] = ""
        return rest
    line = rest[: min(ends)]
    after = rest[len(line) :]
    value.state["rest"] = after[2:] if after.startswith(_NEWLINE) else after[1:]
    return line


def _read_to_end(value: Native) -> str:
    rest = _rest(value)
    value.state["rest"] = ""
    return rest


def _read(value: Native) -> int:
    rest = _rest(value)
    value.state["rest"] = rest[1:]
    return ord(rest[0]) if rest else -1


def _peek(value: Native) -> int:
    rest = _rest(value)
    return ord(rest[0]) if rest else -1


def _close_reader(value: Native) -> Any:
    value.state["open"] = False
    return AUTOMATION_NULL


for _owner in _READERS:
    method(_owner, "string ReadLine()")(_read_line)
    method(_owner, "string ReadToEnd()")(_read_to_end)
    method(_owner, "int Read()")(_read)
    method(_owner, "int Peek()")(_peek)
    method(_owner, "void Close()")(_close_reader)
    method(_owner, "void Dispose()")(_close_reader)
prop(_STREAM_READER, "bool EndOfStream", lambda value: not _rest(value))


@constructor(_STRING_WRITER, "()")
def _string_writer() -> Native:
    return Native(_STRING_WRITER, {"text": "", "open": True, "path": ""})


@constructor(_STREAM_WRITER, "(string path)", "(string path, bool append)")
def _stream_writer(path: str, append: bool = False) -> Native:
    before = b""
    if append:
        try:
            before = read_bytes(path)
        except Exception as missing:  # a file that is not there is made
            if "FileNotFound" not in getattr(getattr(missing, "exception", None), "type_names", [""])[0]:
                raise
    write_bytes(path, before)
    return Native(_STREAM_WRITER, {"text": "", "open": True, "path": path, "before": before})


static(f"{_IO}.File", "System.IO.StreamWriter CreateText(string path)")(lambda path: _stream_writer(path))
static(f"{_IO}.File", "System.IO.StreamWriter AppendText(string path)")(lambda path: _stream_writer(path, append=True))


def _put(value: Native, text: str) -> Any:
    if not value.state["open"]:
        raise thrown("System.ObjectDisposedException", "Cannot write to a closed TextWriter.")
    value.state["text"] += text
    return AUTOMATION_NULL


def _flush(value: Native) -> Any:
    if value.state["path"]:
        write_bytes(value.state["path"], value.state["before"] + value.state["text"].encode("utf-8", "replace"))
    return AUTOMATION_NULL


def _close_writer(value: Native) -> Any:
    if value.state["open"]:
        _flush(value)
    value.state["open"] = False
    return AUTOMATION_NULL


def _write(value: Native, given: Any) -> Any:
    return _put(value, "" if given is None else to_string(given))


def _write_line(value: Native, given: Any = "") -> Any:
    return _put(value, ("" if given is None else to_string(given)) + _NEWLINE)


for _owner in _WRITERS:
    method(_owner, "void Write(string value)", "void Write(System.Object value)")(_write)
    method(_owner, "void WriteLine()", "void WriteLine(string value)", "void WriteLine(System.Object value)")(
        _write_line
    )
    method(_owner, "void Flush()")(_flush)
    method(_owner, "void Close()")(_close_writer)
    method(_owner, "void Dispose()")(_close_writer)
    prop(_owner, "string NewLine", lambda _: _NEWLINE)
method(_STRING_WRITER, "string ToString()")(lambda value: value.state["text"])
prop(
    _STREAM_WRITER,
    "bool AutoFlush",
    lambda value: bool(value.state.get("auto")),
    lambda value, on: value.state.update(auto=on),
)
