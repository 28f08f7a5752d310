"""Files that psnet writes: tried before anything is done, whole or not there, and their owner's alone."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from psnet.errors import InputError, OutputError


def try_output(path: Path | None) -> Path | None:
    """Return a path that a file can be written to; raise InputError saying why it cannot be.

    Nothing is left there, and what is there stays as it is.
    """
    if path is None:
        return None
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a file", remedy="name a file")
        if _device(path):
            return path
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {_reason(error)}", remedy="make its folder, or name another file"
        ) from None
    return path


def try_folder(path: Path | None) -> Path | None:
    """Return a folder that files can be written to, or that can be made; raise InputError saying why not."""
    if path is None:
        return None
    there = path
    while not there.exists() and there.parent != there:
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise InputError(f"{path} cannot be written to: {_reason(error)}", remedy="name another folder") from None
    return path


def make_folder(path: Path) -> None:
    """Make a folder and what is missing above it, each its owner's alone; one that is there stays as it is."""
    missing = [path]
    while not missing[-1].exists() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, data: str | bytes, *, encoding: str = "utf-8", public: bool = False) -> None:
    """Write a file beside its final name and move it into place; mode 600 unless it holds nothing of a site.

    Raises OutputError; what was there before is there still then.
    """
    content = data.encode(encoding) if isinstance(data, str) else data
    try:
        if _device(path):
            with path.open("wb") as stream:
                stream.write(content)
            return
        make_folder(path.parent)
        target = path.resolve()  # a link stays one
        descriptor, beside = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if public:
                Path(beside).chmod(0o644)
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {_reason(error)}", remedy="make room, or name another") from None


def _device(path: Path) -> bool:
    """Say whether a path is there and no plain file: /dev/stdout, /dev/null, a pipe."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
