"""Checks beyond a plan: of a site without a host, and of a host's health."""

from psnet.checks.doctor import examine
from psnet.checks.lint import lint_site

__all__ = ["examine", "lint_site"]
