"""Secrets that are planted to be looked for: every form in which one could have been written, and where it was found.

What is looked for of a secret is its core, letters and digits that no escape changes; JSON, XML and URLs that escape
them all the same are undone first.
"""

from __future__ import annotations

import base64
import html
import io
import re
import secrets
import zipfile
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Signs after the core that every format has to escape.
SIGNS = "\"'<&%\\é"
_ESCAPES = re.compile(rb"\\u([0-9a-fA-F]{4})|_x([0-9a-fA-F]{4})_|\\x([0-9a-fA-F]{2})")


def canary(name: str, signs: str = SIGNS) -> str:
    """Return a new secret: a core that stands nowhere else, and signs."""
    return f"{core_of(name)}{secrets.token_hex(6)}{signs}"


def core_of(name: str) -> str:
    """Return what the core of a canary begins with."""
    return f"Zq{name}7"


def _core(secret: str) -> str:
    found = re.match(r"[A-Za-z0-9]+", secret)
    assert found is not None
    assert len(found[0]) >= 14
    return found[0]


def _base64(data: bytes) -> Iterable[bytes]:
    """Return what of Base64 is the same whatever stands around some bytes, for each of the three places."""
    for at in range(3):
        text = base64.b64encode(b"\0" * at + data)
        yield text[4 if at else 0 : -4 if (at + len(data)) % 3 else None]


def forms(secret: str) -> dict[str, bytes]:
    """Return every form that a secret could be written in, by its name."""
    core = _core(secret)
    plain, little, big = core.encode(), core.encode("utf-16-le"), core.encode("utf-16-be")
    found = {"plain": plain, "utf-16-le": little, "utf-16-be": big, "hex": plain.hex().encode()}
    found |= {"hex of utf-16": little.hex().encode(), "turned round": plain[::-1]}
    for name, data in (("", plain), (" of utf-16-le", little), (" of utf-16-be", big)):
        found |= {f"base64-{at}{name}": text for at, text in enumerate(_base64(data))}
        found |= {
            f"base64url-{at}{name}": text.translate(bytes.maketrans(b"+/", b"-_"))
            for at, text in enumerate(_base64(data))
        }
    return found


def _undone(found: re.Match[bytes]) -> bytes:
    return chr(int(found[1] or found[2] or found[3], 16)).encode("utf-8", "surrogatepass")


def readings(data: bytes) -> Iterable[bytes]:
    """Return some bytes, and what they are once escapes are undone: twice, for JSON in JSON; archives are opened."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.namelist():
                yield from readings(archive.read(item))
        return
    if data[:2] == b"\x1f\x8b":
        yield from readings(zlib.decompress(data, 31))
        return
    for _ in range(2):
        undone = _ESCAPES.sub(_undone, data)
        undone = unquote_to_bytes(undone) if b"%" in undone else undone
        if b"&#" in undone:
            undone = html.unescape(undone.decode("latin-1")).encode("utf-8")
        if undone == data:
            return
        data = undone
        yield data


def found_in(data: bytes, planted: Mapping[str, str]) -> list[str]:
    """Return ``entrance: form`` for each canary that stands in some bytes."""
    listed = list(readings(data))
    return [
        f"{name}: {form}"
        for name, secret in planted.items()
        for form, text in forms(secret).items()
        if any(text in each for each in listed)
    ]


def found_below(folder: Path, planted: Mapping[str, str], but: Iterable[Path] = ()) -> list[str]:
    """Return ``file: entrance: form`` for all files of a folder but those where the canaries were planted."""
    left = [item.resolve() for item in but]
    return [
        f"{path.relative_to(folder)}: {said}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(path.resolve().is_relative_to(item) for item in left)
        for said in found_in(path.read_bytes(), planted)
    ]
