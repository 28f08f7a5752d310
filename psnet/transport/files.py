"""Files to and from a host, through the session that is open anyway.

Content travels as the input and output of a pipeline, never inside a script: a host's script logs do not hold it.
"""

from __future__ import annotations

import base64
import hashlib
import ntpath
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psnet.errors import InputError, RemoteError
from psnet.powershell import Templates
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.transport.output import Output, Session

# In Base64, with its XML around it, a part fits into the 500 KB that one request may have (MaxEnvelopeSizekb).
_PART: Final = 240 * 1024


def put_file(session: Session, host: str, source: Path | bytes, remote: str) -> str:
    """Write ``remote`` on the host, folders and all; return its SHA-256 in hexadecimal.

    It is written beside its target and moved into place: readers see the old file or the new one. Raises RemoteError
    when the host refuses, with nothing changed.
    """
    file = prepare_upload(source, remote)
    return file.verify(session.run(file.script, feed=file.parts()), host)


def get_file(session: Session, host: str, remote: str) -> bytes:
    """Return what ``remote`` holds; raise RemoteError when it cannot be read."""
    return downloaded_content(session.run(download_script(remote)), host, remote)


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: the script that writes the file, and its parts as the script's input."""

    remote: str
    content: bytes
    script: str

    def parts(self) -> Iterator[str]:
        """Yield the content in Base64."""
        for start in range(0, max(1, len(self.content)), _PART):
            yield base64.b64encode(self.content[start : start + _PART]).decode()

    def verify(self, output: Output, host: str) -> str:
        """Return the SHA-256 of what the host has now, which must be that of the content."""
        return _checked(output, host, f"writing {self.remote}", hashlib.sha256(self.content).hexdigest())


def prepare_upload(source: Path | bytes, remote: str) -> Upload:
    """Return the upload that writes ``remote``; raises InputError when it is no full path of a file."""
    _check(remote)
    content = source if isinstance(source, bytes) else _read(source)
    mark = secrets.token_hex(6)
    script = Templates().render(
        "file/put.ps1.j2",
        target=remote,
        beside=f"{remote}.{mark}.part",
        old=f"{remote}.{mark}.old",
        folder=ntpath.dirname(remote),
    )
    return Upload(remote, content, str(script))


class FileScript(str):
    """A script that sends a file: what it sends counts against ``file_bytes`` of the budget."""

    __slots__ = ()


def download_script(remote: str) -> FileScript:
    """Return the script that sends a file."""
    _check(remote)
    return FileScript(Templates().render("file/get.ps1.j2", source=remote, part_length=_PART))


def downloaded_content(output: Output, host: str, remote: str) -> bytes:
    """Return the content that such a script has sent."""
    content = b"".join(base64.b64decode(part) for part in output.lines()[:-1]) if not output.failed else b""
    _checked(output, host, f"reading {remote}", hashlib.sha256(content).hexdigest())
    return content


def _check(remote: str) -> None:
    drive, tail = ntpath.splitdrive(remote)
    if not drive or not tail.startswith(("\\", "/")) or tail.endswith(("\\", "/")):
        raise InputError(f"{remote!r} is no full path of a file on Windows", remedy="write C:\\folder\\file")


def _read(source: Path) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}") from None


def _checked(output: Output, host: str, step: str, expected: str) -> str:
    """Return the hash that the host found, which must be ours."""
    if output.failed or not output.objects:
        raise script_error(output, host, step)
    found = output.lines()[-1].replace("-", "").lower()
    if found != expected:
        raise RemoteError(
            f"the file arrived damaged: its SHA-256 is {found} and should be {expected}",
            host=host,
            step=step,
            remedy="try again; if it happens again, something on the way changes the data",
        )
    return found
