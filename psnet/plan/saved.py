"""Plans on disk: saved by ``psnet plan --out``, applied later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from psnet._internal.output import write_whole
from psnet.errors import InputError
from psnet.plan.model import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

_KIND = "psnet-plan"
#: In place of a site's path in plans of psnet doctor --fix, and the site that they belong to: it declares nothing.
DOCTOR: Final = "psnet doctor"
DOCTOR_SITE: Final = Path(__file__).with_name("doctor_site.yaml")


def save_plans(path: Path, site: str, plans: Sequence[Plan]) -> None:
    """Write plans with the path of the site that they came from."""
    data = {
        "kind": _KIND,
        "format": 1,
        "site": site,
        "plans": [json.loads(item.model_dump_json()) for item in plans],
    }
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def is_saved(path: Path) -> bool:
    """Say whether a file looks like saved plans rather than a site."""
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.read(200).lstrip().startswith("{")
    except (OSError, UnicodeDecodeError):
        return False


def load_plans(path: Path) -> tuple[str, dict[str, Plan]]:
    """Return the site's path and the plans by host; raise InputError when the file is no saved plan."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["kind"] != _KIND:
            raise KeyError(_KIND)
        plans = [Plan.model_validate(item) for item in data["plans"]]
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(
            f"{path} is no plan that this psnet can apply: {type(error).__name__}",
            remedy="save one with psnet plan SITE -i INVENTORY --out FILE",
        ) from None
    site = str(data["site"])
    return str(DOCTOR_SITE) if site == DOCTOR else site, {item.host: item for item in plans}
