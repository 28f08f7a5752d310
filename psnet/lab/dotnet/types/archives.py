"""System.IO.Compression.ZipFile over the host's files in memory: unpacking."""

from __future__ import annotations

import io
import ntpath
import zipfile
from typing import Any

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.errors import TypeNotFound, UnsupportedError, thrown
from psnet.lab.dotnet.registry import static
from psnet.lab.values import AUTOMATION_NULL

_ZIP = "System.IO.Compression.ZipFile"


@static(_ZIP, "void ExtractToDirectory(string sourceArchiveFileName, string destinationDirectoryName)")
def _extract(source: str, target: str) -> Any:
    if "system.io.compression.filesystem" not in current().assemblies:
        raise TypeNotFound(_ZIP)
    files = current().files
    if files is None:
        raise UnsupportedError("System.IO without a host's files")
    path, folder = ntpath.normpath(source), ntpath.normpath(target)
    entry = files.find(path)
    if entry is None or entry.is_folder:
        raise thrown("System.IO.FileNotFoundException", f"Could not find file '{path}'.", FileName=path)
    try:
        archive = zipfile.ZipFile(io.BytesIO(bytes(entry.data)))
        members = [(item, archive.read(item)) for item in archive.infolist()]
    except (zipfile.BadZipFile, EOFError, ValueError):
        raise thrown("System.IO.InvalidDataException", "End of Central Directory record could not be found.") from None
    files.make_folders(folder)
    for item, data in members:
        place = ntpath.normpath(ntpath.join(folder, item.filename.replace("/", "\\")))
        if not place.lower().startswith(folder.lower().rstrip("\\") + "\\"):
            raise thrown(
                "System.IO.IOException",
                "Extracting Zip entry would have resulted in a file outside the specified destination directory.",
            )
        if item.is_dir():
            files.make_folders(place)
            continue
        files.make_folders(ntpath.dirname(place))
        if files.find(place) is not None:
            raise thrown("System.IO.IOException", f"The file '{place}' already exists.")
        files.write(place, data)
    return AUTOMATION_NULL
