"""The build of the lab that stands for the host of a recording."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.powershell.facts.builds import BUILDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.recording import Record

_NUMBER: Final = re.compile(r"(?<!\d)\d{5}(?!\d)")
#: HNS versions by the build that brought them (tests/reality/README.md).
_BY_HNS: Final = {1: 14393, 5: 16299, 7: 17134, 9: 17763, 10: 18362, 11: 19041, 13: 20348, 15: 20348, 16: 26100}
_DEFAULT: Final = 20348


def recorded_builds(record: Record) -> list[int]:
    """Return the builds that a record names."""
    return [int(number) for number in _NUMBER.findall(record.build)]


def build_of(records: Sequence[Record]) -> int:
    """Return the build of the lab that is nearest to a recording's: the newest that is not newer."""
    known = [build for record in records for build in recorded_builds(record)]
    known = known or [_BY_HNS[major] for record in records for major in _majors(record.output) if major in _BY_HNS]
    wanted = known[0] if known else _DEFAULT
    numbers = sorted(build.build for build in BUILDS.values())
    return max((number for number in numbers if number <= wanted), default=numbers[0])


def _majors(output: object) -> list[int]:
    items = output if isinstance(output, list) else [output]
    versions = [item["Version"] for item in items if isinstance(item, dict) and isinstance(item.get("Version"), int)]
    return [version >> 32 for version in versions]
