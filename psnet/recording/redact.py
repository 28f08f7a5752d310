"""Redact a recording: ids, MAC addresses, names, public addresses and anything like a secret.

Replacements are invented and stable: the same text is replaced by the same text everywhere, in the order in which they
come, so that a recording that was redacted is left as it is. Letter case, separators, length and alphabet stay.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_OID, uuid5

from psnet.recording.questions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psnet.recording.model import Record

#: Ids that are the same on every host (tests/reality/README.md): switch extensions, the Default Switch, WSL's network,
#: the host's own namespace, the routing domain that is none.
WELL_KNOWN: Final = frozenset(
    {
        *("e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a", "e9b59cfa-2be1-4b21-828f-b6fbdbddc017"),
        *("f74f241b-440f-4433-bb28-00f89ead20d8", "ea24cd6c-d17a-4348-9190-09f0d5be83dd"),
        *("430bdadd-bab0-41ab-a369-94b67fa5be0a", "ea509342-793c-4020-a3e7-9c0928454d89"),
        *("c08cb7b8-9b3c-408e-8e30-5e16a3aeb444", "b95d0c5e-57d4-412b-b571-18a81a16e005"),
        *("910f7d92-ba2d-4c3f-98ae-7c0ac590d2dc", "b1062982-2b18-4b4f-b3d5-a78ddb9cdd49"),
        "00000000-0000-0000-0000-000000000000",
    }
)
#: Addresses that belong to nobody or to everybody: Azure's and AWS's own services.
_COMMON: Final = frozenset({"168.63.129.16", "255.255.255.255"})
#: Field names whose values are never kept.
_SECRET: Final = re.compile(r"pass(word|wd|phrase)?|secret|token|credential|api_?key|private_?key|sas", re.IGNORECASE)
#: Mappings whose values are its owner's own words.
_OWN_WORDS: Final = frozenset({"AdditionalParams", "Labels"})
_DOCKER_OPTIONS: Final = "com.docker."
_REDACTED: Final = "redacted"
_SUFFIX: Final = "DNSSuffix"
_SERVICE_SUFFIXES: Final = ("svc.cluster.local", "cluster.local")
_HYPER_V: Final = "00155d"

_GUID: Final = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_HEX: Final = r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])"
_MAC: Final = r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f:-])"
_PORT_NAME: Final = r"(?<=Container NIC )[0-9a-f]{8}(?![0-9A-Za-z])"
_V4: Final = r"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.])"
_V6: Final = r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])"
_USER: Final = r"(?<=\\Users\\)(?!Public\b|Default\b)[^\\/\s\"']+"
_TOKENS: Final = re.compile(
    f"(?P<guid>{_GUID})|(?P<hex>{_HEX})|(?P<mac>{_MAC})|(?P<nic>{_PORT_NAME})|(?P<v4>{_V4})|(?P<v6>{_V6})|(?P<user>{_USER})"
)


@dataclass(slots=True)
class Redaction:
    """What was replaced, by kind: the original and what stands for it. The originals must not leave their owner."""

    replaced: dict[str, dict[str, str]] = field(default_factory=dict)

    def stand_in(self, kind: str, original: str, make: Callable[[int], str]) -> str:
        """Return what stands for a text of a kind; the n-th new one gets what ``make(n)`` gives."""
        known = self.replaced.setdefault(kind, {})
        if original not in known:
            known[original] = make(len(known) + 1)
        return known[original]

    def counts(self) -> str:
        """Return how many texts of each kind were replaced, in words without any of them."""
        told = [f"{len(known)} {kind}" for kind, known in self.replaced.items() if known]
        return ", ".join(told) or "nothing"


def redacted(records: Iterable[Record]) -> tuple[tuple[Record, ...], Redaction]:
    """Return the records without what is their owner's, and what was replaced."""
    given = tuple(records)
    told = Redaction()
    names = _host_names(given)
    work = _Work(told, names)
    made = []
    for record in given:
        error = work.value(record.error, "") if record.error else None
        made.append(record.model_copy(update={"output": work.value(record.output, ""), "error": error}))
    return tuple(made), told


def _host_names(records: tuple[Record, ...]) -> tuple[str, ...]:
    rows = [record.output for record in records if record.command == SYSTEM]
    found = [str(row["CSName"]) for row in rows for row in row if isinstance(row, dict) and row.get("CSName")]
    return tuple(dict.fromkeys(found))


class _Work:
    """One pass over a recording."""

    def __init__(self, told: Redaction, names: tuple[str, ...]) -> None:
        self.told = told
        self.names = [
            (name, re.compile(rf"(?<![0-9A-Za-z]){re.escape(name)}(?![0-9A-Za-z])", re.IGNORECASE)) for name in names
        ]

    def value(self, given: Any, name: str) -> Any:
        if isinstance(given, dict):
            return {key: self._field(key, item) for key, item in given.items()}
        if isinstance(given, list):
            return [self.value(item, name) for item in given]
        return self.text(given) if isinstance(given, str) else given

    def _field(self, name: str, given: Any) -> Any:
        if _SECRET.search(name) and isinstance(given, str) and given:
            return self.told.stand_in("secrets", given, lambda _: _REDACTED)
        if name in _OWN_WORDS and isinstance(given, dict):
            return {key: self._own_words(item) for key, item in given.items()}
        if name == "Options" and isinstance(given, dict):
            kept = _DOCKER_OPTIONS
            return {
                key: self.text(str(item)) if key.startswith(kept) else self._own_words(item)
                for key, item in given.items()
            }
        if name == "Containers" and isinstance(given, dict):
            return {self.text(key): self._container(item) for key, item in given.items()}
        if name == "Containers" and isinstance(given, list):
            return [self.told.stand_in("container ids", str(item), _short) for item in given]
        if name == _SUFFIX and isinstance(given, str):
            return ",".join(self._suffix(part) for part in given.split(","))
        return self.value(given, name)

    def _option(self, name: str, given: Any) -> Any:
        """Redact an option of a docker network: docker's own ones are facts, others are words of whoever gave them."""
        return self.value(given, name) if name.startswith(_DOCKER_OPTIONS) else self._own_words(given)

    def _own_words(self, given: Any) -> Any:
        if not isinstance(given, str) or not given:
            return self.value(given, "")
        number = re.compile(_TOKENS.pattern)
        if number.fullmatch(given):
            return self.text(given)
        return self.told.stand_in("words of yours", given, lambda place: f"text-{place}")

    def _container(self, given: Any) -> Any:
        made = self.value(given, "")
        if isinstance(made, dict) and made.get("Name"):
            made["Name"] = self.told.stand_in("container names", str(given["Name"]), lambda place: f"container-{place}")
        return made

    def _suffix(self, part: str) -> str:
        if not part or part in _SERVICE_SUFFIXES:
            return part
        return self.told.stand_in("DNS suffixes", part, lambda place: f"suffix-{place}.example")

    def text(self, given: str) -> str:
        for name, expression in self.names:
            stands = self.told.stand_in("host names", name.upper(), lambda place: f"HOST{place}")
            given = expression.sub(partial(_stand_for, stands), given)
        return _TOKENS.sub(self._token, given)

    def _token(self, found: re.Match[str]) -> str:
        kind, original = str(found.lastgroup), found[0]
        made: str = getattr(self, f"_{kind}")(original)
        return made

    def _guid(self, original: str) -> str:
        if original.lower() in WELL_KNOWN:
            return original
        made = self.told.stand_in("ids", original.lower(), lambda place: str(uuid5(NAMESPACE_OID, f"psnet {place}")))
        return _in_case(original, made)

    def _hex(self, original: str) -> str:
        def make(place: int) -> str:
            return hashlib.sha256(f"psnet {place}".encode()).hexdigest()

        return self.told.stand_in("docker ids", original, make)

    def _nic(self, original: str) -> str:
        return self.told.stand_in("port names", original, lambda place: f"{place:08x}")

    def _mac(self, original: str) -> str:
        digits = re.sub("[-:]", "", original).lower()
        if digits in ("0" * 12, "f" * 12):
            return original
        if digits.startswith(_HYPER_V):
            # A pool of Hyper-V keeps its shape: the last three digits say where an address lies in it.
            pool = self.told.stand_in("MAC pools", digits[6:9], lambda place: f"{place:03x}")
            made = digits[:6] + pool + digits[9:]
        else:
            made = self.told.stand_in("MAC addresses", digits, lambda place: f"02{place:010x}")
        separator = original[2]
        return _in_case(original, separator.join(made[at : at + 2] for at in range(0, 12, 2)))

    def _user(self, original: str) -> str:
        return self.told.stand_in("user names", original, lambda place: f"user{place}")

    def _v4(self, original: str) -> str:
        try:
            address = IPv4Address(original)
        except ValueError:
            return original
        if not address.is_global or original in _COMMON or address.is_multicast:
            return original
        return self.told.stand_in("public addresses", original, lambda place: str(IPv4Address("198.18.0.0") + place))

    def _v6(self, original: str) -> str:
        try:
            address = ip_address(original)
        except ValueError:
            return original
        if not isinstance(address, IPv6Address) or not address.is_global or address.is_multicast:
            return original
        return self.told.stand_in("public addresses", original, lambda place: str(IPv6Address("2001:db8::") + place))


def _short(place: int) -> str:
    return hashlib.sha256(f"psnet container {place}".encode()).hexdigest()[:12]


def _stand_for(stands: str, found: re.Match[str]) -> str:
    return _in_case(found[0], stands)


def _in_case(original: str, made: str) -> str:
    """Return a text in the letter case of what it stands for; mixed case letter by letter."""
    letters = [char for char in original if char.isalpha()]
    if all(char.islower() for char in letters):
        return made.lower()
    if all(char.isupper() for char in letters):
        return made.upper()
    if len(original) != len(made):
        return made
    return "".join(new.lower() if old.islower() else new.upper() for old, new in zip(original, made, strict=True))
