"""Checks beyond a plan: of a site without a host, and of a host's health."""

from psnet.checks.doctor import examine
from psnet.checks.fix import fix_plan
from psnet.checks.lint import lint_site

__all__ = ["examine", "fix_plan", "lint_site"]
