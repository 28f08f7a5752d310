"""Get-FileHash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.items import existing
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_ALGORITHMS: Final = "SHA1,SHA256,SHA384,SHA512,MD5,MACTripleDES,RIPEMD160"


@cmdlet(
    "Get-FileHash",
    f"""
    Path string[] 0 @Path:0:mandatory:value:byname
    LiteralPath string[] @LiteralPath:mandatory:byname alias=PSPath
    InputStream object @Stream:0:mandatory
    Algorithm string values={_ALGORITHMS}
    """,
    default_set="Path",
)
def get_file_hash(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the hashes of files."""
    name = net.to_string(p.get("Algorithm", "SHA256")).upper()
    if "InputStream" in p or name in {"MACTRIPLEDES", "RIPEMD160"}:
        raise net.unsupported("Get-FileHash -InputStream" if "InputStream" in p else name, ctx.processor.line)
    for full, entry in existing(ctx, p):
        if entry.is_folder:
            continue
        digest = hashlib.new(name, entry.data, usedforsecurity=False).hexdigest().upper()
        shown = {"Algorithm": name, "Hash": digest, "Path": full}
        yield PSObject.of(shown, "Microsoft.Powershell.Utility.FileHash", "System.Object")
