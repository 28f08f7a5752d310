"""What each version of HNS has, and what the versions of HNS are (hcn.md 5; hcsshim: hcn/hcnglobals.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psnet.state import Facts

Version = tuple[int, int]
_LAST: Final = 10**6
#: The HNS that builds are known to have (claims c36 to c40): from which build, which version.
_BUILT_IN: Final = (
    (26100, (15, 4)),
    (20348, (13, 3)),
    (19041, (11, 11)),
    (18362, (10, 3)),
    (17763, (9, 2)),
    (17134, (7, 2)),
    (16299, (5, 1)),
)
#: feature -> the ranges of versions that have it, both ends included.
_RANGES: Final[dict[str, tuple[tuple[Version, Version], ...]]] = {
    "acl_lists": (((7, 2), (_LAST, 0)),),
    "hcn": (((9, 2), (_LAST, 0)),),
    "remote_subnet_route": (((9, 2), (_LAST, 0)),),
    "host_route": (((9, 2), (_LAST, 0)),),
    "dsr": (((9, 3), (9, _LAST)), ((10, 2), (_LAST, 0))),
    "dual_stack": (((11, 10), (_LAST, 0)),),
    "set_policy": (((13, 0), (_LAST, 0)),),
    "tier_acl": (((14, 0), (_LAST, 0)),),
    "network_acl": (((15, 0), (_LAST, 0)),),
    "nested_sets": (((15, 0), (_LAST, 0)),),
}


def hns_version(host: Facts | int) -> Version:
    """Return the version of HNS: what the host says, else what its build is known to have."""
    build = host if isinstance(host, int) else host.build
    if not isinstance(host, int) and host.hns_version:
        major, _, minor = host.hns_version.partition(".")
        return int(major), int(minor or 0)
    return next((version for least, version in _BUILT_IN if build >= least), (1, 1))


def has_feature(feature: str, host: Facts | int) -> bool:
    """Say whether the HNS of a host, or of a build, has a feature."""
    version = hns_version(host)
    return any(first <= version <= last for first, last in _RANGES[feature])


def since(feature: str) -> str:
    """Return in words which versions of HNS have a feature."""
    parts = [
        f"{first[0]}.{first[1]}" + (" or later" if last[0] == _LAST else f" to {last[0]}.x")
        for first, last in _RANGES[feature]
    ]
    return f"HNS {', '.join(parts)}"


def why_no_feature(feature: str, host: Facts | int) -> str:
    """Return why the HNS of a host has no such feature: from which version on, and which it has."""
    major, minor = hns_version(host)
    return f"it takes {since(feature)}; the host has {major}.{minor}"
