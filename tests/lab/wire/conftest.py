"""Fixtures of the wire's tests; see wire_lab for what they give."""

from __future__ import annotations

from wire_lab import lab, make_lab, run

__all__ = ["lab", "make_lab", "run"]
