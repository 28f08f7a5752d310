"""The archive of a support case: a folder a host, and what is in it, what is missing and what was taken out."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.output import write_whole
from psnet._internal.text import file_name
from psnet._internal.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from psnet.container_host.collect import CollectedHost

#: The most that the files of an archive may have together, before they are packed.
WHOLE: Final = 512_000_000


def write_archive(path: Path, hosts: Sequence[CollectedHost], failed: Mapping[str, str]) -> None:
    """Write the archive whole or not at all, for its owner alone; ``failed`` are hosts that gave nothing, and why.

    What no longer fits is left out and listed. Raises OutputError.
    """
    buffer = io.BytesIO()
    room = WHOLE
    listed: dict[str, Any] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in hosts:
            folder, unread, kept = file_name(item.host), dict(item.unread), {}
            for name, content in item.files.items():
                if len(content) > room:
                    unread[name] = f"the archive has reached {WHOLE} bytes"
                    continue
                room -= len(content)
                kept[name] = len(content)
                archive.writestr(f"{folder}/{name}", content)
            listed[item.host] = {"files": kept, "not_read": unread, "taken_out": item.taken_out}
        listed |= {name: {"failed": reason} for name, reason in failed.items()}
        manifest = {
            "kind": "psnet-support",
            "format": 1,
            "psnet": VERSION,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "redacted": "secrets, product keys, names of people; addresses, MAC addresses and ids are kept. "
            "trace.etl holds the first bytes of packets as they were",
            "hosts": listed,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    write_whole(path, buffer.getvalue())
