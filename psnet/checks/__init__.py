"""Checks beyond a plan: of a site without a host, and of a host's health."""

from psnet.checks.doctor import examine
from psnet.checks.lint import lint_site
from psnet.checks.mend import mending_plan

__all__ = ["examine", "lint_site", "mending_plan"]
