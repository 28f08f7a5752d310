"""Filters to and from JSON, YAML and Base64, hashes, and types."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import date, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final

import yaml

_NAMESPACE: Final = uuid.UUID("361E6D51-FAEC-444A-9079-341386DA8E2E")  # ansible.builtin.to_uuid's


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, IPv4Address | IPv4Network | IPv6Address | IPv6Network):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no form in JSON")


def to_json(value: Any, **options: Any) -> str:
    """Return JSON on one line."""
    return json.dumps(value, default=_plain, ensure_ascii=options.pop("ensure_ascii", True), **options)


def to_nice_json(value: Any, indent: int = 4, sort_keys: bool = True, **options: Any) -> str:  # noqa: FBT001, FBT002 - Ansible's order
    """Return JSON for people."""
    return json.dumps(
        value,
        default=_plain,
        indent=indent,
        sort_keys=sort_keys,
        separators=(",", ": "),
        ensure_ascii=options.pop("ensure_ascii", True),
        **options,
    )


def from_json(value: Any) -> Any:
    """Return what JSON text says."""
    return json.loads(value)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        _ = data
        return True


def to_yaml(value: Any, **options: Any) -> str:
    """Return YAML."""
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, default_flow_style=None, **options))


def to_nice_yaml(value: Any, indent: int = 4, **options: Any) -> str:
    """Return YAML for people."""
    options = {"indent": indent, "allow_unicode": True, "default_flow_style": False, **options}
    return str(yaml.dump(value, Dumper=_Dumper, **options))


def from_yaml(value: Any) -> Any:
    """Return what YAML text says."""
    return yaml.safe_load(value) if isinstance(value, str) else value


def b64encode(value: str, encoding: str = "utf-8") -> str:
    """Return Base64 of a text."""
    return base64.b64encode(str(value).encode(encoding)).decode("ascii")


def b64decode(value: str, encoding: str = "utf-8") -> str:
    """Return the text that Base64 says."""
    return base64.b64decode(value, validate=True).decode(encoding)


def hashed(value: str, hashtype: str = "sha1") -> str:
    """Return a digest in hexadecimal."""
    try:
        digest = hashlib.new(hashtype, usedforsecurity=False)
    except ValueError:
        raise ValueError(f"there is no hash {hashtype!r}") from None
    digest.update(str(value).encode())
    return digest.hexdigest()


def to_uuid(value: str) -> str:
    """Return a UUID that is always the same for a text."""
    return str(uuid.uuid5(_NAMESPACE, str(value)))


ENCODE = {
    "to_json": to_json,
    "to_nice_json": to_nice_json,
    "from_json": from_json,
    "to_yaml": to_yaml,
    "to_nice_yaml": to_nice_yaml,
    "from_yaml": from_yaml,
    "b64encode": b64encode,
    "b64decode": b64decode,
    "hash": hashed,
    "checksum": lambda value: hashed(value, "sha1"),
    "md5": lambda value: hashed(value, "md5"),
    "sha1": lambda value: hashed(value, "sha1"),
    "to_uuid": to_uuid,
    "type_debug": lambda value: type(value).__name__,
}
