"""Images that containers of the lab are made from, and the ports that listen in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

IMAGE: Final = "mcr.microsoft.com/windows/nanoserver:ltsc2022"
#: What images listen on, by the end of their names without the tag; of every other nothing is known.
_SERVERS: Final = {"windows/servercore/iis": (("TCP", 80),), "nginx": (("TCP", 80),)}


def listens_on(image: str, ports: Sequence[tuple[int, int, str]]) -> tuple[tuple[str, int], ...]:
    """Return (protocol, port) of what listens: the image's server, and what its publisher expects to listen."""
    name = image.rpartition(":")[0] or image
    own = next((served for end, served in _SERVERS.items() if name.endswith(end)), ())
    return tuple(dict.fromkeys((*own, *((word.upper(), inner) for _, inner, word in ports))))
