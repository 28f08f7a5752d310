"""Plans on disk: saved by ``psnet plan --out``, applied later, from any folder, whatever became of the files.

The file is self-contained: the site's text, the variables that the site uses of each host, the options and the hosts
that were planned for, where each of them is reached, the plans with their hosts' fingerprints, and a checksum over
all of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, ValidationError

from psnet._internal.model import Model
from psnet._internal.output import write_whole
from psnet._internal.text import too_deep, untrusted
from psnet._internal.validation_messages import explain_error
from psnet._internal.version import VERSION
from psnet.errors import InputError
from psnet.planning.model import Plan
from psnet.site.load import parse_site
from psnet.site.template import used_variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.inventories import InventoryHost
    from psnet.site import SiteSource

KIND: Final = "psnet-plan"
FORMAT: Final = 2
#: The site that plans of psnet doctor --fix belong to: it declares nothing.
DOCTOR_SITE: Final = Path(__file__).with_name("doctor_site.yaml")
#: The site of psnet destroy, which takes away what psnet made.
DESTROY_SITE: Final = Path(__file__).with_name("destroy_site.yaml")
_OWN_SITES: Final = {DOCTOR_SITE.name: "psnet doctor --fix", DESTROY_SITE.name: "psnet destroy"}
#: Bytes of a saved plan; one of 1,000 hosts with 20 changes each has some 30 MB.
LONGEST: Final = 256 * 1024 * 1024
_DEEPEST: Final = 100
_AGAIN: Final = "plan again: psnet plan SITE -i INVENTORY --out FILE"


class SavedSite(Model):
    """The site as it was read: its path as it was, to be named, and its text, which counts."""

    path: str
    text: str


class SavedHost(Model):
    """Where a host was reached, and what the site used of its variables."""

    place: str = Field(description="address, port and user of the inventory")
    variables: dict[str, Any] = Field(default_factory=dict)


class SavedPlans(Model):
    """A saved plan as a whole; ``plans`` are in the order of the run."""

    kind: Literal["psnet-plan"] = KIND
    format: Literal[2] = FORMAT
    psnet: str = Field(default=VERSION, description="the psnet that made it, which alone applies it")
    made: str = Field(description="when, in UTC")
    site: SavedSite
    inventory: tuple[str, ...] = Field(default=(), description="paths of the inventory; none when it was no file")
    limit: str | None = Field(default=None, description="as --limit said")
    prune: bool = False
    hosts: dict[str, SavedHost]
    plans: tuple[Plan, ...]

    def source(self) -> SiteSource:
        """Return the site that was planned."""
        return parse_site(self.site.text, self.site.path)

    def by_host(self) -> dict[str, Plan]:
        """Return the plans by their host."""
        return {item.host: item for item in self.plans}

    def with_variables(self, host: InventoryHost) -> InventoryHost:
        """Return a host with the variables of the plan, which are data; InputError when it is another machine now."""
        saved, now = self.hosts[host.name], connection_address(host)
        if saved.place != now:
            raise InputError(
                f"{host.name} is {now} in the inventory, and was {saved.place} when the plan was saved", remedy=_AGAIN
            )
        return replace(host, variables=untrusted(saved.variables))


def connection_address(host: InventoryHost) -> str:
    """Return how a host is reached, without secrets: what tells it from another machine of its name."""
    given = host.connection
    user = f"{given['user']}@" if given.get("user") else ""
    return f"{user}{given.get('address') or host.name}{':' + str(given['port']) if given.get('port') else ''}"


def saved_plans(
    source: SiteSource,
    hosts: Sequence[InventoryHost],
    plans: Sequence[Plan],
    *,
    inventory: Sequence[Path] = (),
    limit: str | None = None,
    prune: bool = False,
) -> SavedPlans:
    """Return plans of a site for hosts as what is saved."""
    data = source.document.data
    return SavedPlans(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        site=SavedSite(path=_absolute(source.path), text=source.document.text),
        inventory=tuple(str(item) if "," in item.name else _absolute(str(item)) for item in inventory),
        limit=limit,
        prune=prune,
        hosts={
            host.name: SavedHost(place=connection_address(host), variables=_plain(used_variables(data, host.variables)))
            for host in hosts
        },
        plans=tuple(plans),
    )


def _absolute(path: str) -> str:
    return path if path.startswith("<") else str(Path(path).resolve())


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str, ensure_ascii=False))


def save_plans(path: Path, saved: SavedPlans) -> None:
    """Write plans whole, for their owner alone (mode 600), with a checksum."""
    data = json.loads(saved.model_dump_json())
    write_whole(path, json.dumps({"checksum": _checksum(data), **data}, indent=1, ensure_ascii=False) + "\n")


def _checksum(data: dict[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_saved(path: Path) -> bool:
    """Say whether a file looks like saved plans rather than a site."""
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.read(200).lstrip().startswith("{")
    except (OSError, UnicodeDecodeError):
        return False


def site_title(path: str) -> str:
    """Return what a plan or a run was made from: the site's path, or the verb whose site is psnet's own."""
    place = Path(path)
    return _OWN_SITES.get(place.name, path) if place.parent.name == DESTROY_SITE.parent.name else path


def load_plans(path: Path) -> SavedPlans:
    """Return what was saved; InputError says whether it is cut, edited, of another version or no plan at all."""
    data = _read(path)
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise InputError(f"{path} is no saved plan of psnet", remedy=_AGAIN)
    version, form = data.get("psnet"), data.get("format")
    if form != FORMAT or version != VERSION:
        other = f"psnet {version}" if version and version != VERSION else f"a psnet with another format ({form})"
        raise InputError(f"{path} was saved by {other}, and this is psnet {VERSION}", remedy=_AGAIN)
    checksum = data.pop("checksum", None)
    if checksum != _checksum(data):
        raise InputError(f"{path} was edited after it was saved: its checksum does not fit", remedy=_AGAIN)
    try:
        return SavedPlans.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = explain_error(first)[0]
        raise InputError(f"{path} is no saved plan of psnet: {where}: {reason}", remedy=_AGAIN) from None


def _read(path: Path) -> Any:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a file", remedy="name a file")
        with path.open("rb") as stream:
            content = stream.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise InputError(f"{path} has more than {LONGEST // 1024**2} MiB", remedy="check the path")
        text = content.decode("utf-8")
        if not text.lstrip().startswith("{"):
            raise InputError(f"{path} is no saved plan of psnet", remedy=_AGAIN)
        if too_deep(text, _DEEPEST):
            raise InputError(f"{path} is damaged: it is nested deeper than {_DEEPEST} levels", remedy=_AGAIN)
        return json.loads(text)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}", remedy="check the path"
        ) from None
    except json.JSONDecodeError as error:
        # psnet ends a plan with a brace at the beginning of the last line.
        if not text.rstrip().endswith("\n}") or not text[error.pos :].strip():
            raise InputError(f"{path} is cut: it ends in line {text.count(chr(10)) + 1}", remedy=_AGAIN) from None
        raise InputError(f"{path} is damaged: no JSON in line {error.lineno}", remedy=_AGAIN) from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} is damaged: no JSON that psnet wrote", remedy=_AGAIN) from None
