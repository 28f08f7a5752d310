"""Words that Windows knows in one spelling: modes, protocols, profiles, directions, actions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from psnet.types._canonical import Canonical


class CaseInsensitiveEnum(StrEnum):
    """A string enumeration whose members are found ignoring case."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            wanted = value.strip().lower()
            for member in cls:
                if member.value.lower() == wanted or wanted in cls._other().get(member.value, ()):
                    return member
        return None

    @classmethod
    def _other(cls) -> dict[str, tuple[str, ...]]:
        return {}


class Mode(CaseInsensitiveEnum):
    """How a container network reaches the outside (reference/hns.md, Network types)."""

    NAT = "nat"
    TRANSPARENT = "transparent"
    L2BRIDGE = "l2bridge"
    L2TUNNEL = "l2tunnel"
    OVERLAY = "overlay"
    INTERNAL = "internal"
    PRIVATE = "private"
    ICS = "ics"


class Direction(CaseInsensitiveEnum):
    """Which way a firewall rule looks."""

    INBOUND = "Inbound"
    OUTBOUND = "Outbound"

    @classmethod
    def _other(cls) -> dict[str, tuple[str, ...]]:
        return {"Inbound": ("in",), "Outbound": ("out",)}


class Action(CaseInsensitiveEnum):
    """What a firewall rule does."""

    ALLOW = "Allow"
    BLOCK = "Block"
    NOT_CONFIGURED = "NotConfigured"

    @classmethod
    def _other(cls) -> dict[str, tuple[str, ...]]:
        return {"Block": ("deny",)}


class EdgeTraversal(CaseInsensitiveEnum):
    """EdgeTraversalPolicy of a firewall rule."""

    BLOCK = "Block"
    ALLOW = "Allow"
    DEFER_TO_USER = "DeferToUser"
    DEFER_TO_APP = "DeferToApp"


class Profile(CaseInsensitiveEnum):
    """A network profile of the Windows firewall."""

    DOMAIN = "Domain"
    PRIVATE = "Private"
    PUBLIC = "Public"


@dataclass(frozen=True, slots=True)
class ProfileSet(Canonical):
    """The profiles that a rule applies to; all three are written ``Any``."""

    members: frozenset[Profile] = frozenset(Profile)
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"enum": ["Domain", "Private", "Public", "Any"]}},
        ]
    }

    def __str__(self) -> str:
        return ",".join(self.plain())

    def plain(self) -> list[str]:
        """Return the profiles in Windows' order, or ``Any``."""
        if len(self.members) == len(Profile):
            return ["Any"]
        return [profile.value for profile in Profile if profile in self.members]

    @classmethod
    def parse(cls, value: object) -> Self:
        """Accept "Domain", "Domain, Private", ["domain", "private"], "Any" and "All"."""
        items = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        words = [word.strip() for item in items for word in str(item).split(",")]
        if any(word.lower() in ("any", "all", "notapplicable") for word in words):
            return cls()
        members: set[Profile] = set()
        for word in words:
            try:
                members.add(Profile(word))
            except ValueError:
                raise ValueError(f"profiles are Domain, Private, Public or Any, not {word!r}") from None
        return cls(frozenset(members))


# IANA numbers of the names that New-NetFirewallRule -Protocol takes (reference/cmdlets/NetSecurity.yaml).
_PROTOCOLS = {"ICMPv4": 1, "TCP": 6, "UDP": 17, "ICMPv6": 58}


@dataclass(frozen=True, slots=True)
class Protocol(Canonical):
    """An IP protocol: TCP, UDP, ICMPv4, ICMPv6, Any, or a number as text."""

    name: str
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"enum": ["TCP", "UDP", "ICMPv4", "ICMPv6", "Any"]},
            {"type": "integer", "minimum": 0, "maximum": 255},
            {"type": "string"},
        ]
    }

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> int | None:
        """The IANA number; None for Any."""
        return _PROTOCOLS.get(self.name) or (int(self.name) if self.name.isdigit() else None)

    @classmethod
    def parse(cls, value: object) -> Self:
        """Accept a name in any case, or a number from 0 to 255 (6 is TCP)."""
        text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if text.lower() == "any":
            return cls("Any")
        for name, number in _PROTOCOLS.items():
            if text.lower() == name.lower() or text == str(number):
                return cls(name)
        if text.isdigit() and int(text) <= 255:  # noqa: PLR2004 - one octet
            return cls(str(int(text)))
        raise ValueError(f"a protocol is TCP, UDP, ICMPv4, ICMPv6, Any or a number up to 255, not {value!r}")
