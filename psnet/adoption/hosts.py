"""How two hosts differ themselves, whatever is declared: Windows, adapters with their addresses, what others made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.adoption.compare import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.adoption.model import Declaration
    from psnet.state import HostState

_FACTS: Final = (
    *("product", "build", "hns_version", "powershell", "has_docker", "has_containerd", "has_winnat"),
    *("hypervisor", "stopped_services"),
)
#: Rules that HNS makes along with networks say nothing beyond those.
_ALONG: Final = "firewall rule"


def host_differences(
    left: tuple[HostState, Declaration], right: tuple[HostState, Declaration]
) -> tuple[Difference, ...]:
    """Return what differs that no site declares: ``declared`` is False in each.

    The kinds are ``host`` (a fact of Windows), ``adapter`` (physical ones by name, with addresses and default route)
    and ``undeclared`` (what a runtime or Windows makes and only one of them has; the value is why it is not declared).
    """
    return (*_facts(left[0], right[0]), *_adapters(left[0], right[0]), *_undeclared(left[1], right[1]))


def _facts(left: HostState, right: HostState) -> Iterator[Difference]:
    for field in _FACTS:
        yield from _field(
            "host", "", field.removeprefix("has_"), getattr(left.facts, field), getattr(right.facts, field)
        )


def _field(kind: str, name: str, field: str, left: Any, right: Any) -> Iterator[Difference]:
    one, other = (list(each) if isinstance(each, tuple) else each for each in (left, right))
    if one != other:
        yield Difference(kind=kind, name=name, field=field, left=one, right=other, declared=False)


def _adapters(left: HostState, right: HostState) -> Iterator[Difference]:
    one, other = _by_name(left), _by_name(right)
    for name in dict.fromkeys((*one, *other)):
        if name not in one or name not in other:
            yield Difference(kind="adapter", name=name, left=one.get(name), right=other.get(name), declared=False)
            continue
        for field in one[name]:
            yield from _field("adapter", name, field, one[name][field], other[name][field])


def _by_name(state: HostState) -> dict[str, dict[str, Any]]:
    """Return physical adapters, and those of the host that carry its default route, each with what is told of it."""
    return {
        item.name: {
            "description": item.description,
            "status": item.status,
            "addresses": [
                f"{each.address}/{each.prefix_length}" for each in state.addresses if each.index == item.index
            ],
            "default_route": item.name in state.uplinks,
        }
        for item in state.adapters
        if not item.virtual or item.name in state.uplinks
    }


def _undeclared(left: Declaration, right: Declaration) -> Iterator[Difference]:
    one, other = (
        {item.what: item.reason for item in each.undeclared if not item.what.startswith(_ALONG)}
        for each in (left, right)
    )
    for what in dict.fromkeys((*one, *other)):
        if (what in one) != (what in other):
            yield Difference(kind="undeclared", name=what, left=one.get(what), right=other.get(what), declared=False)
