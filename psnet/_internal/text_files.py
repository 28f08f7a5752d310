"""Files that people wrote: read up to a size, and decoded by their mark."""

from __future__ import annotations

from pathlib import Path

from psnet.errors import InputError

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: Bytes of a file that people write.
_LONGEST = 64 * 1024 * 1024


def read_text(path: Path | str) -> str:
    """Return a file's text; raise InputError saying why it cannot be read."""
    return decode_text(read_data(path), str(path)).replace("\r\n", "\n").replace("\r", "\n")


def read_data(path: Path | str) -> bytes:
    """Return a file's bytes; raise InputError saying why it cannot be read, also when it has no end."""
    shown = str(path)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_LONGEST + 1)  # a device or a pipe may have no end
        if len(data) > _LONGEST:
            raise InputError(f"{shown} has more than {_LONGEST // 1024**2} MiB", remedy="check the path")
    except FileNotFoundError:
        raise InputError(f"there is no file {shown}", remedy="check the path") from None
    except IsADirectoryError:
        raise InputError(f"{shown} is a folder, not a file", remedy="name a file") from None
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}") from None
    return data


def decode_text(data: bytes, shown: str) -> str:
    """Return a file's text: UTF-8, or UTF-16 as Windows PowerShell and Notepad write it; InputError for neither."""
    encoding = next((word for mark, word in _MARKS.items() if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:4]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{shown} is neither UTF-8 nor UTF-16: byte 0x{data[error.start]:02x} in line {line}",
            remedy="save it as UTF-8",
        ) from None
