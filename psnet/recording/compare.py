"""Where two answers to one command differ: in shape, and in the values that are rules.

Shape is the set of fields, their types and nesting, and the letter case and separators of ids and MAC addresses. Values
that a host draws or measures (ids, addresses, times, counts) are compared by their pattern; all others as they are.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What stands where a report left something out.
CUT: Final = "cut"
#: Fields whose values a host draws, counts or measures: only their type is compared.
MEASURED: Final = re.compile(
    r".*(Time|MissedCount|SequenceNumber|EndpointCount)|Created|CreatedAt|Max(imum)?ConcurrentEndpoints|TotalEndpoints"
    r"|AllocationOrder|(ExternalInterface|Interface|if)Index|CompartmentId|DNSServerCompartment|PortId|MTU|NlMtu"
    r"|CSName|Connected|DNSSuffix|DNSServerList|StaticMappingID|InterfaceDescription|LinkSpeed|NumberOfMissedRuns|SubnetIPAddress|LastErrorCode"
)
_PATTERNS: Final = (
    (re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), "guid"),
    (re.compile(r"\b[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2,3}){5}\b"), "mac"),
    (re.compile(r"\b[0-9A-Fa-f]{64}\b"), "hex64"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "address"),
    (re.compile(r"(?<=Container NIC )[0-9a-f]{8}\b"), "hex8"),
)


#: Parts that the default view of Get-HnsNetwork and ConvertTo-Json leave empty below a depth: empty says nothing.
_SHORTENED: Final = ("Allocators", "Health", "IpSubnets")
_MAJOR: Final = 32


_CASE: Final = re.compile(r"(?<=<guid|<hex8) (lower|upper|mixed)|(?<=<mac) (lower|upper|mixed)")
_HEX64: Final = re.compile(r"[0-9a-f]{64}")
_CASELESS: Final = re.compile(r"<(guid|mac|hex8)( colons)?>")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where an answer is not as recorded; ``kind`` is missing, unexpected, type, value or length."""

    where: str
    kind: str
    recorded: str = ""
    answered: str = ""

    def __str__(self) -> str:
        if self.kind in ("missing", "unexpected"):
            return f"{self.where}: {self.kind}"
        return f"{self.where}: recorded {self.recorded}, answered {self.answered}"


def differences(recorded: Any, answered: Any, *, partial: bool = False) -> list[Difference]:
    """Return where an answer differs from a recorded one; a partial record says nothing of fields that it lacks."""
    return list(_compare(recorded, answered, "", partial))


def _compare(recorded: Any, answered: Any, where: str, partial: bool) -> Iterator[Difference]:  # noqa: FBT001 - private
    if recorded == CUT:
        return
    if _empty(recorded) and _empty(answered):
        return
    if where.rpartition(".")[2] in _SHORTENED and not recorded:
        return
    if isinstance(recorded, dict) and isinstance(answered, dict):
        yield from _fields(recorded, answered, where, partial)
    elif isinstance(recorded, list) and isinstance(answered, list):
        yield from _items(recorded, answered, where, partial)
    elif _type(recorded) != _type(answered):
        yield Difference(where or ".", "type", _word(recorded), _word(answered))
    elif where.rpartition(".")[2] == "Version" and isinstance(recorded, int) and recorded >> _MAJOR:
        if recorded >> _MAJOR != answered >> _MAJOR:  # the minor version comes with updates (claim c38)
            yield Difference(where, "value", _word(recorded), _word(answered))
    elif not MEASURED.fullmatch(where.rpartition(".")[2]) and not alike(recorded, answered):
        yield Difference(where or ".", "value", _word(recorded), _word(answered))


def _fields(recorded: dict[str, Any], answered: dict[str, Any], where: str, partial: bool) -> Iterator[Difference]:  # noqa: FBT001 - private
    if recorded and all(_HEX64.fullmatch(str(name)) for name in [*recorded, *answered]):
        yield from _items(list(recorded.values()), list(answered.values()), where, partial)
        return
    for name, value in recorded.items():
        place = f"{where}.{name}" if where else str(name)
        if name in answered:
            yield from _compare(value, answered[name], place, partial)
        elif value != CUT:
            yield Difference(place, "missing")
    if not partial:
        for name in answered:
            if name not in recorded:
                yield Difference(f"{where}.{name}" if where else str(name), "unexpected")


def _items(recorded: list[Any], answered: list[Any], where: str, partial: bool) -> Iterator[Difference]:  # noqa: FBT001 - private
    """Compare lists place by place; a list with a cut is compared element by element with what fits best."""
    whole = [item for item in recorded if item != CUT]
    if len(whole) < len(recorded) or partial:
        for place, item in enumerate(whole):
            tries = [list(_compare(item, other, f"{where}[{place}]", partial)) for other in answered]
            if not tries:
                yield Difference(f"{where}[{place}]", "missing")
            yield from min(tries, key=len, default=[])
        return
    if len(recorded) != len(answered):
        yield Difference(where or ".", "length", str(len(recorded)), str(len(answered)))
    for place, (item, other) in enumerate(zip(recorded, answered, strict=False)):
        yield from _compare(item, other, f"{where}[{place}]", partial)


def alike(one: Any, other: Any) -> bool:
    """Say whether two values are the same but for what a host draws; an id without letters has no letter case."""
    first, second = pattern(one), pattern(other)
    if first == second or not (isinstance(first, str) and isinstance(second, str)):
        return bool(first == second)
    caseless = any(_CASELESS.search(text) for text in (first, second))
    return caseless and _CASE.sub("", first) == _CASE.sub("", second)


def pattern(value: Any) -> Any:
    """Return a text with ids, MAC addresses and IP addresses replaced by what they look like; others as they are."""
    if not isinstance(value, str):
        return value
    for expression, name in _PATTERNS:
        value = expression.sub(functools.partial(_shown, name), value)
    return value


def _shown(name: str, found: re.Match[str]) -> str:
    return f"<{name}{_spelling(found[0])}>"


def _spelling(text: str) -> str:
    """Return the letter case of hexadecimal digits and their separators."""
    letters = {char.isupper() for char in text if char.isalpha()}
    case = "" if not letters else " mixed" if len(letters) > 1 else " upper" if True in letters else " lower"
    return case + (" colons" if ":" in text else "")


def _empty(value: Any) -> bool:
    return value is None or value in ("", {})


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _word(value: Any) -> str:
    text = repr(value)
    return f"{_type(value)} {text[:57]}..." if len(text) > 60 else f"{_type(value)} {text}"  # noqa: PLR2004 - one line
