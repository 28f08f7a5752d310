"""Digests of a host's state when a plan was made, so that a stale plan can say what has changed since.

Each thing is a name and a digest of 16 bits a field: 60 firewall rules are some 6 kB.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from psnet.state import HostState

#: Field of a host's state -> what one of its things is called, and the fields that tell it from others.
_THINGS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "adapters": ("adapter", ("name",)),
    "addresses": ("address", ("address",)),
    "switches": ("switch", ("name",)),
    "teams": ("team", ("name",)),
    "networks": ("network", ("name",)),
    "endpoints": ("endpoint", ("name",)),
    "policy_lists": ("policy list", ("id",)),
    "docker_networks": ("docker network", ("name",)),
    "containers": ("container", ("name",)),
    "nats": ("NAT", ("name",)),
    "mappings": ("port mapping", ("protocol", "external_address", "external_port")),
    "rules": ("firewall rule", ("name",)),
    "port_proxies": ("port proxy", ("listen_address", "listen_port")),
}
#: Fields whose values are the things themselves.
_VALUES: Final = {
    "startup_tasks": "start-up task",
    "uplinks": "uplink",
    "forwarding": "forwarding interface",
    "winrm_ports": "WinRM port",
    "exclusions": "reserved ports",
}
_DIGITS: Final = 4
_SHOWN: Final = 8


def state_digests(state: HostState) -> dict[str, str]:
    """Return, by the name of each thing of a host, the concatenated digests of its fields in order."""
    found: dict[str, str] = {}
    for name, digests in _things(state):
        found[name] = found.get(name, "") + digests
    return found


def _things(state: HostState) -> Iterator[tuple[str, str]]:
    yield "the host", _digests(state.facts)
    for field, (word, names) in _THINGS.items():
        for item in getattr(state, field):
            yield f"{word} {' '.join(_word(getattr(item, name)) for name in names)}", _digests(item)
    for field, word in _VALUES.items():
        for value in getattr(state, field):
            yield f"{word} {_range(value)}", ""
    for key, value in state.ledger.items():
        yield f"psnet's ledger of {key}", _digest(value)
    if state.cni is not None:
        for file in state.cni.files:
            yield f"CNI file {file.path}", _digest(file.document)
        yield "the CNI plug-ins", _digest(state.cni.programs)


def _word(value: Any) -> str:
    return str(getattr(value, "name", value))


def _range(value: Any) -> str:
    return f"{_word(value.protocol)} {value.first}-{value.last}" if hasattr(value, "first") else str(value)


def _digests(item: BaseModel) -> str:
    return "".join(_digest(getattr(item, name)) for name in type(item).model_fields)


def _digest(value: Any) -> str:
    return f"{zlib.crc32(_text(value).encode('utf-8', 'surrogatepass')) & 0xFFFF:0{_DIGITS}x}"


def _text(value: Any) -> str:
    """Return a value's text, the same in every process: a set has no order of its own."""
    return repr(sorted(map(str, value))) if isinstance(value, set | frozenset) else str(value)


def changed_since_digests(before: dict[str, str], state: HostState) -> list[str]:
    """Return one line for each difference since: ``network web: subnets changed``, ``firewall rule x is gone``."""
    now, fields = state_digests(state), _fields(state)
    said = [f"{name} is gone" for name in before if name not in now]
    said += [f"{name} is new" for name in now if name not in before]
    for name, digests in now.items():
        old = before.get(name, digests)
        if old == digests:
            continue
        known = fields.get(name, ())
        which = [
            field.replace("_", " ")
            for place, field in enumerate(known)
            if old[place * _DIGITS : (place + 1) * _DIGITS] != digests[place * _DIGITS : (place + 1) * _DIGITS]
        ]
        one_alone = len(old) == len(digests) == len(known) * _DIGITS
        said.append(f"{name}: {', '.join(which)} changed" if which and one_alone else f"{name} changed")
    return [*said[:_SHOWN], *([f"{len(said) - _SHOWN} more things"] if len(said) > _SHOWN else [])]


def _fields(state: HostState) -> dict[str, tuple[str, ...]]:
    """Return the fields of each thing by its name."""
    found: dict[str, tuple[str, ...]] = {"the host": tuple(type(state.facts).model_fields)}
    for field, (word, names) in _THINGS.items():
        for item in getattr(state, field):
            name = f"{word} {' '.join(_word(getattr(item, each)) for each in names)}"
            found[name] = tuple(type(item).model_fields)
    return found
