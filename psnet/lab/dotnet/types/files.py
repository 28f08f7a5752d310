"""System.IO over the host's files in memory, and hashes that are fed block by block."""

from __future__ import annotations

import hashlib
import ntpath
from typing import Any, Final

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.enums import parse_enum
from psnet.lab.dotnet.errors import UnsupportedError, argument_null, thrown
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.types.converting import byte_array, byte_list
from psnet.lab.values import AUTOMATION_NULL, Array, DotNetError, EnumValue, Int64, PSObject

_FILE: Final = "System.IO.File"
_DIRECTORY: Final = "System.IO.Directory"
_INFO: Final = "System.IO.FileInfo"
_STREAM: Final = "System.IO.FileStream"
_HASH: Final = "System.Security.Cryptography.HashAlgorithm"


def _files() -> Any:
    files = current().files
    if files is None:
        raise UnsupportedError("System.IO without a host's files")
    return files


def _full(path: str | None) -> str:
    if path is None:
        raise argument_null("path")
    if not path:
        raise thrown("System.ArgumentException", "Empty path name is not legal.")
    return ntpath.normpath(path if ntpath.splitdrive(path)[0] else ntpath.join("C:\\Windows\\system32", path))


def _not_found(path: str) -> DotNetError:
    return thrown("System.IO.FileNotFoundException", f"Could not find file '{path}'.", FileName=path)


def _no_folder(path: str) -> DotNetError:
    return thrown("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{path}'.")


def _denied(path: str) -> DotNetError:
    return thrown("System.UnauthorizedAccessException", f"Access to the path '{path}' is denied.")


def read_bytes(path: str, *, own: bool = False) -> bytes:
    """Return a file's bytes; raises what System.IO raises."""
    full = _full(path)
    if not own:
        _refuse_used(full)
    entry = _files().find(full)
    if entry is None:
        raise _not_found(full) if _files().find(ntpath.dirname(full)) else _no_folder(full)
    if entry.is_folder:
        raise _denied(full)
    return bytes(entry.data)


def write_bytes(path: str, data: bytes) -> None:
    """Write a file; raises what System.IO raises."""
    full = _full(path)
    folder, entry = _files().find(ntpath.dirname(full)), _files().find(full)
    if folder is None or not folder.is_folder:
        raise _no_folder(full)
    if entry is not None and (entry.is_folder or "ReadOnly" in entry.attributes):
        raise _denied(full)
    _files().write(full, data)


def text_of(data: bytes) -> str:
    """Return the text that bytes are, by their mark, UTF-8 without one."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")


@static(_FILE, "bool Exists(string path)")
def _exists(path: str | None) -> bool:
    entry = _files().find(_full(path)) if path else None
    return entry is not None and not entry.is_folder


@static(_FILE, "string ReadAllText(string path)")
def _read_text(path: str) -> str:
    return text_of(read_bytes(path))


@static(_FILE, "string[] ReadAllLines(string path)")
def _read_lines(path: str) -> Array:
    text = text_of(read_bytes(path)).replace("\r\n", "\n").replace("\r", "\n")
    return Array(text.removesuffix("\n").split("\n") if text else [], "System.String")


@static(_FILE, "byte[] ReadAllBytes(string path)")
def _read_bytes(path: str) -> Array:
    return byte_array(read_bytes(path))


@static(_FILE, "void WriteAllText(string path, string contents)")
def _write_text(path: str, contents: str | None) -> Any:
    write_bytes(path, (contents or "").encode("utf-8", "replace"))
    return AUTOMATION_NULL


@static(_FILE, "void AppendAllText(string path, string contents)")
def _append_text(path: str, contents: str | None) -> Any:
    before = read_bytes(path) if _exists(path) else b""
    write_bytes(path, before + (contents or "").encode("utf-8", "replace"))
    return AUTOMATION_NULL


@static(_FILE, "void WriteAllBytes(string path, byte[] bytes)")
def _write_bytes(path: str, data: Array) -> Any:
    write_bytes(path, bytes(data.items))
    return AUTOMATION_NULL


@static(_FILE, "void Delete(string path)")
def _delete(path: str) -> Any:
    full = _full(path)
    entry, folder = _files().find(full), _files().find(ntpath.dirname(full))
    if entry is not None and entry.is_folder:
        raise _denied(full)
    if folder is None:
        raise _no_folder(full)
    if entry is not None:
        _files().remove(full)
    return AUTOMATION_NULL


@static(_FILE, "void Move(string sourceFileName, string destFileName)")
def _move(source: str, target: str) -> Any:
    data = read_bytes(source)
    if _files().find(_full(target)) is not None:
        raise thrown("System.IO.IOException", "Cannot create a file when that file already exists.\r\n")
    write_bytes(target, data)
    _files().remove(_full(source))
    return AUTOMATION_NULL


@static(
    _FILE,
    "void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName)",
)
def _replace(source: str, target: str, backup: str | None) -> Any:
    data = read_bytes(source)
    before = read_bytes(target)
    if backup is not None:  # PowerShell turns $null into an empty path here, which is refused
        write_bytes(backup, before)
    write_bytes(target, data)
    _files().remove(_full(source))
    return AUTOMATION_NULL


@static(
    _FILE,
    "void Copy(string sourceFileName, string destFileName)",
    "void Copy(string sourceFileName, string destFileName, bool overwrite)",
)
def _copy(source: str, target: str, overwrite: bool = False) -> Any:
    data = read_bytes(source)
    if not overwrite and _exists(target):
        raise thrown("System.IO.IOException", f"The file '{_full(target)}' already exists.")
    write_bytes(target, data)
    return AUTOMATION_NULL


@static(_DIRECTORY, "bool Exists(string path)")
def _folder_exists(path: str | None) -> bool:
    entry = _files().find(_full(path)) if path else None
    return entry is not None and bool(entry.is_folder)


def entry_at(path: str | None) -> Any:
    """Return the file or folder at a path; raises what System.IO raises."""
    entry = _files().find(_full(path))
    if entry is None:
        raise _not_found(_full(path))
    return entry


def make_folder(path: str | None) -> Any:
    """Make a folder and those above it and return it; None when it is there already."""
    full, known = _full(path), _files().find(_full(path))
    if known is not None and not known.is_folder:
        raise thrown("System.IO.IOException", f'Cannot create "{full}" because a file with the same name exists.')
    return None if known is not None else _files().make_folders(full)


@static(_DIRECTORY, "System.IO.DirectoryInfo CreateDirectory(string path)")
def _create_folder(path: str) -> PSObject:
    make_folder(path)
    full = _full(path)
    name = full.rstrip("\\").rpartition("\\")[2]
    shown = {"FullName": full, "Name": name, "Exists": True, "BaseName": name, "PSIsContainer": True}
    made = PSObject.of(shown, "System.IO.DirectoryInfo", "System.IO.FileSystemInfo", "System.Object", kind="Property")
    made.to_string = path
    return made


@static(_DIRECTORY, "string[] GetFileSystemEntries(string path)")
def _entries(path: str) -> Array:
    entry = _files().find(_full(path))
    if entry is None or not entry.is_folder:
        raise _no_folder(_full(path))
    return Array([f"{_full(path)}\\{item.name}" for item in entry.children.values()], "System.String")


@static(_FILE, "System.IO.FileAttributes GetAttributes(string path)")
def _attributes(path: str) -> EnumValue:
    entry = entry_at(path)
    words = [word for word in ("ReadOnly", "Hidden", "System", "ReparsePoint") if word in entry.attributes]
    return parse_enum("System.IO.FileAttributes", ",".join([*words, "Directory" if entry.is_folder else "Archive"]))


@static("System.IO.Path", "string GetTempFileName()")
def _temp_file() -> str:
    folder = f"C:\\Users\\{current().user_name}\\AppData\\Local\\Temp"
    _files().make_folders(folder)
    number = next(n for n in range(1, 65536) if _files().find(f"{folder}\\tmp{n:04X}.tmp") is None)
    path = f"{folder}\\tmp{number:04X}.tmp"
    _files().write(path, b"")
    return path


# -- streams -----------------------------------------------------------------------------------------------------


def _stream(path: str, data: bytes, *, writes: bool) -> Native:
    return Native(
        _STREAM,
        {"path": _full(path), "data": bytearray(data), "at": 0, "writes": writes, "open": True, "files": _files()},
    )


def _open_stream(value: Native) -> dict[str, Any]:
    if not value.state["open"]:
        raise thrown("System.ObjectDisposedException", "Cannot access a closed file.")
    return value.state


@static(_FILE, "System.IO.FileStream Create(string path)")
def _create(path: str) -> Native:
    write_bytes(path, b"")
    return _stream(path, b"", writes=True)


@static(_FILE, "System.IO.FileStream OpenRead(string path)")
def _open_read(path: str) -> Native:
    return _stream(path, read_bytes(path), writes=False)


@static(_FILE, "System.IO.FileStream OpenWrite(string path)")
def _open_write(path: str) -> Native:
    before = read_bytes(path) if _exists(path) else b""
    write_bytes(path, before)
    return _stream(path, before, writes=True)


@static(_FILE, "System.IO.FileStream Open(string path, System.IO.FileMode mode)")
def _open(path: str, mode: EnumValue) -> Native:
    if mode.name in {"Create", "CreateNew"}:
        if mode.name == "CreateNew" and _exists(path):
            raise thrown("System.IO.IOException", f"The file '{_full(path)}' already exists.")
        return _create(path)
    if mode.name == "Open":
        return _stream(path, read_bytes(path), writes=True)
    raise UnsupportedError(f"File.Open with FileMode {mode.name}")


@static(
    _FILE,
    "System.IO.FileStream Open(string path, System.IO.FileMode mode, System.IO.FileAccess access, System.IO.FileShare share)",
)
def _open_shared(path: str, mode: EnumValue, access: EnumValue, share: EnumValue) -> Native:
    """Open a file that nobody else may open until it is closed: no other way of sharing is known here."""
    if (mode.name, access.name, share.name) != ("OpenOrCreate", "ReadWrite", "None"):
        raise UnsupportedError(f"File.Open with {mode.name}, {access.name}, {share.name}")
    full = _full(path)
    with _files().lock:
        _refuse_used(full)
        if not _exists(full):
            write_bytes(full, b"")
        _files().in_use.add(full.lower())
    made = _stream(full, read_bytes(full, own=True), writes=True)
    made.state["alone"] = True
    return made


def _refuse_used(full: str) -> None:
    if full.lower() in _files().in_use:
        text = f"The process cannot access the file '{full}' because it is being used by another process."
        raise thrown("System.IO.IOException", text)


@method(_STREAM, "void SetLength(long value)")
def _set_length(value: Native, length: Int64) -> Any:
    state, size = _open_stream(value), int(length)
    state["data"] = state["data"][:size].ljust(size, b"\0")
    state["at"] = min(state["at"], size)
    return AUTOMATION_NULL


@method(_STREAM, "void Write(byte[] array, int offset, int count)")
def _stream_write(value: Native, data: Array, offset: int, count: int) -> Any:
    state = _open_stream(value)
    if not state["writes"]:
        raise thrown("System.NotSupportedException", "Stream does not support writing.")
    at = state["at"]
    state["data"][at : at + count] = bytes(data.items[offset : offset + count])
    state["at"] = at + count
    return AUTOMATION_NULL


@method(_STREAM, "int Read(byte[] array, int offset, int count)")
def _stream_read(value: Native, data: Array, offset: int, count: int) -> int:
    state = _open_stream(value)
    found = bytes(state["data"][state["at"] : state["at"] + count])
    data.items[offset : offset + len(found)] = byte_list(found)
    state["at"] += len(found)
    return len(found)


@method(_STREAM, "void Flush()")
def _flush(value: Native) -> Any:
    state = _open_stream(value)
    if state["writes"]:
        state["files"].write(state["path"], bytes(state["data"]))
    return AUTOMATION_NULL


@method(_STREAM, "void Close()", "void Dispose()")
def _close(value: Native) -> Any:
    if value.state["open"]:
        _flush(value)
        value.state["open"] = False
        if value.state.get("alone"):
            value.state["files"].in_use.discard(value.state["path"].lower())
    return AUTOMATION_NULL


prop(_STREAM, "long Length", lambda value: Int64(len(_open_stream(value)["data"])))
prop(_STREAM, "long Position", lambda value: Int64(_open_stream(value)["at"]))
prop(_STREAM, "string Name", lambda value: value.state["path"])
prop(_STREAM, "bool CanRead", lambda value: value.state["open"])
prop(_STREAM, "bool CanWrite", lambda value: value.state["open"] and value.state["writes"])


# -- FileInfo ----------------------------------------------------------------------------------------------------


def _path_of(value: Any) -> str:
    """Return the path of a FileInfo, whether New-Object or Get-Item made it."""
    return str(value.members["fullname"].value if isinstance(value, PSObject) else value.state["path"])


@constructor(_INFO, "(string fileName)")
def _file_info(path: str) -> Native:
    return Native(_INFO, {"path": _full(path)})


def _length(value: Any) -> Int64:
    path = _path_of(value)
    if not _exists(path):
        raise _not_found(path)
    return Int64(len(read_bytes(path)))


prop(_INFO, "string FullName", _path_of)
prop(_INFO, "string Name", lambda value: ntpath.basename(_path_of(value)))
prop(_INFO, "string DirectoryName", lambda value: ntpath.dirname(_path_of(value)))
prop(_INFO, "string Extension", lambda value: ntpath.splitext(_path_of(value))[1])
prop(_INFO, "bool Exists", lambda value: _exists(_path_of(value)))
prop(_INFO, "long Length", _length)
method(_INFO, "System.IO.FileStream OpenRead()")(lambda value: _open_read(_path_of(value)))
method(_INFO, "System.IO.FileStream Create()")(lambda value: _create(_path_of(value)))
method(_INFO, "void Delete()")(lambda value: _delete(_path_of(value)))
method(_INFO, "string ToString()")(_path_of)


# -- hashes block by block ---------------------------------------------------------------------------------------


@method(
    _HASH,
    "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)",
)
def _transform(value: Native, data: Array, offset: int, count: int, out: Array | None, out_offset: int) -> int:
    running = value.state.setdefault("running", hashlib.new(value.state["name"]))
    running.update(bytes(data.items[offset : offset + count]))
    if out is not None and out is not data:
        out.items[out_offset : out_offset + count] = data.items[offset : offset + count]
    return count


@method(_HASH, "byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)")
def _transform_last(value: Native, data: Array, offset: int, count: int) -> Array:
    running = value.state.pop("running", None) or hashlib.new(value.state["name"])
    last = bytes(data.items[offset : offset + count])
    running.update(last)
    value.state["hash"] = byte_array(running.digest())
    return byte_array(last)
