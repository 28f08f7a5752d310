"""YAML's flow style in one line, as psnet writes the items of its files."""

from __future__ import annotations

from typing import Any

import yaml


def flow(value: Any) -> str:
    """Return a value in YAML's flow style, without a break."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Return a scalar as PyYAML quotes it inside a flow collection, where that is strictest."""
    dumped = yaml.safe_dump([value], default_flow_style=True, width=float("inf"), allow_unicode=True)
    return dumped.strip()[1:-1]
