"""The section ``sdn:`` of a site file, as ``psnet.site.sections`` asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from psnet.errors import SiteError
from psnet.sdn.checks import check_hosts, lint_sdn
from psnet.sdn.model import Sdn
from psnet.site.sections import Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.resources import Context, Finding
    from psnet.site import Site

KEY: Final = "sdn"


@dataclass(frozen=True, slots=True)
class SdnSection:
    """What is wanted on a Network Controller."""

    key: str = KEY
    title: str = "a Network Controller"
    model: type[Sdn] = Sdn

    def place(self, data: Any) -> Place:
        """Return the inventory's host with the cmdlets; else the name in the controller's URL."""
        controller = data.get("controller") if isinstance(data, dict) else None
        written = controller if isinstance(controller, dict) else {}
        host, url = (value if isinstance(value := written.get(key), str) else None for key in ("host", "url"))
        return Place(host, host or urlsplit(url or "").hostname or "network-controller")

    def offline(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the section with a controller that nobody reaches: its own may need variables and secrets."""
        return {**data, "controller": {"url": "https://nobody.invalid"}}

    def below(self, declared: Sdn, folder: Path) -> Sdn:
        """Return the section with the paths of its files counted from a folder."""
        return declared.model_copy(update={"controller": declared.controller.below(folder)})

    def declares(self, declared: Sdn) -> bool:
        """Whether any resource is declared."""
        return any(True for _ in declared.resources())

    def check_host(self, declared: Sdn, context: Context) -> Iterable[Finding]:
        """Yield what does not fit between a host's endpoints and the section."""
        return check_hosts(declared, context)

    def lint(self, declared: Sdn) -> Iterable[Finding]:
        """Yield what is wrong with the section on any controller."""
        return lint_sdn(declared)


SECTION: Final = SdnSection()


def sdn_of(site: Site) -> Sdn:
    """Return the section of a site; raise SiteError when it has none."""
    found = site.sections.get(KEY)
    if not isinstance(found, Sdn):
        raise SiteError(f"the site {site.name} declares nothing on a Network Controller")
    return found
