"""Files to and from a host, through the session that is open anyway.

Content travels as the input and output of a pipeline, never inside a script: a host's script logs do not hold it.
"""

from __future__ import annotations

import base64
import hashlib
import ntpath
import secrets
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
    output = session.run(str(script), feed=_parts(content))
    expected = hashlib.sha256(content).hexdigest()
    return _checked(output, host, f"writing {remote}", expected)


def get_file(session: Session, host: str, remote: str) -> bytes:
    """Return what ``remote`` holds; raise RemoteError when it cannot be read."""
    _check(remote)
    output = session.run(str(Templates().render("file/get.ps1.j2", source=remote, part_length=_PART)))
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


def _parts(content: bytes) -> Iterator[str]:
    for start in range(0, max(1, len(content)), _PART):
        yield base64.b64encode(content[start : start + _PART]).decode()


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
