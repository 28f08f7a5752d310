"""System.Uri: the parts of an absolute address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from psnet.lab.dotnet.errors import thrown

if TYPE_CHECKING:
    from psnet.lab.dotnet.objects import Uri

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "ldap": 389, "net.tcp": 808}
_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?:(?P<user>[^/?#@]*)@)?(?P<host>\[[^\]]*\]|[^/?#:]*)(?::(?P<port>\d*))?)?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)


def uri_parts(uri: Uri) -> dict[str, Any]:
    """Return scheme, user, host, port, path, query and fragment; InvalidOperationException for a relative one."""
    if not uri.absolute:
        raise thrown("InvalidOperationException", "This operation is not supported for a relative URI.")
    text = uri.original.strip()
    if re.match(r"[A-Za-z]:[\\/]", text):
        text = "file:///" + text.replace("\\", "/")
    elif text.startswith("\\\\"):
        text = "file:" + text.replace("\\", "/")
    found = _PARTS.fullmatch(text)
    group: dict[str, Any] = found.groupdict("") if found else {"scheme": text.partition(":")[0], "path": text}
    scheme = str(group["scheme"]).lower()
    host = str(group.get("host", "")).lower()
    port = int(group["port"]) if group.get("port") else DEFAULT_PORTS.get(scheme, -1)
    path = str(group.get("path", ""))
    if scheme in DEFAULT_PORTS:
        path = _dots(path) or "/"
    encoded = quote(path, safe="/:@!$&'()*+,;=-._~%")
    query = quote(str(group.get("query", "")), safe="/?:@!$&'()*+,;=-._~%")
    return {
        "scheme": scheme,
        "user": group.get("user", ""),
        "host": host,
        "port": port,
        "path": encoded,
        "query": query,
        "fragment": group.get("fragment", ""),
        "slashes": "//" in text[len(scheme) + 1 : len(scheme) + 3],
    }


def _dots(path: str) -> str:
    out: list[str] = []
    pieces = path.split("/")
    for place, piece in enumerate(pieces):
        if piece == "..":
            if len(out) > 1:
                out.pop()
            if place == len(pieces) - 1:
                out.append("")
        elif piece == ".":
            if place == len(pieces) - 1:
                out.append("")
        else:
            out.append(piece)
    return "/".join(out)


def authority(parts: dict[str, Any]) -> str:
    """Return host and port, the port left out when it is the scheme's own."""
    default = DEFAULT_PORTS.get(parts["scheme"], -1)
    return str(parts["host"]) if parts["port"] in {default, -1} else f"{parts['host']}:{parts['port']}"


def absolute_uri(uri: Uri) -> str:
    """Return ``Uri.AbsoluteUri``."""
    parts = uri_parts(uri)
    user = f"{parts['user']}@" if parts["user"] else ""
    slashes = "//" if parts["slashes"] else ""
    return f"{parts['scheme']}:{slashes}{user}{authority(parts)}{parts['path']}{parts['query']}{parts['fragment']}"


def uri_text(uri: Uri) -> str:
    """Return ``Uri.ToString()``: the canonical form with readable characters unescaped."""
    if not uri.absolute:
        return uri.original
    return re.sub(
        r"(?:%[0-9A-Fa-f]{2})+",
        lambda found: (
            quote(unquote(found[0], errors="replace"), safe=' <>"{}|\\^`' + _letters(found[0]))
            if "%25" not in found[0].lower() and not re.search(r"%(2[3fF]|3[fF])", found[0])
            else found[0]
        ),
        absolute_uri(uri),
    )


def _letters(text: str) -> str:
    return "".join(sorted(set(unquote(text))))
