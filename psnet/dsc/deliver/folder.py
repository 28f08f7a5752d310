"""Publishes to a pull server's folder: a document a host, its checksum, and the module's package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.output import write_whole
from psnet.dsc.server.content import checksum
from psnet.dsc.server.paths import is_name
from psnet.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psnet.dsc.compile import SiteDocument
    from psnet.dsc.deliver.module import ModulePackage


def publish_to(folder: Path, documents: Mapping[str, SiteDocument], package: ModulePackage) -> list[Path]:
    """Write ``configurations/<host>.mof`` and ``modules/<Module>_<Version>.zip`` with checksums; return the files.

    They are their owner's alone, who is whoever runs the server too.

    What is there with the same contents stays as it is. The checksum is written first and the file moved into place
    after it: a server offers a file only when the two agree. Raises InputError for a host whose name is no
    configuration's, and when the folder cannot be written.
    """
    bad = [name for name in documents if not is_name(name)]
    if bad:
        raise InputError(
            f"{', '.join(bad)} cannot be the name of a configuration on a pull server",
            remedy="letters, digits, _ - and single dots only",
        )
    files = {folder / "configurations" / f"{name}.mof": item.data for name, item in documents.items()}
    files[folder / "modules" / package.file] = package.zip()
    try:
        return [_written(path, data) for path, data in files.items()]
    except OutputError as error:
        raise InputError(error.message, remedy="choose another --folder") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error}", remedy="choose another --folder") from None


def _written(path: Path, data: bytes) -> Path:
    said = path.with_name(path.name + ".checksum")
    if not (path.is_file() and path.read_bytes() == data):
        beside = path.with_name(path.name + ".part")
        try:
            write_whole(beside, data)
            write_whole(said, checksum(data))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)  # a full disk leaves no half of one
    elif not said.is_file() or said.read_text(encoding="utf-8") != checksum(data):
        write_whole(said, checksum(data))
    for item in (path, said):
        item.chmod(0o600)  # also where an older psnet wrote it
    return path
