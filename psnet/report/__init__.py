"""Renders plans, results and states: terminal text, JSON lines, JUnit XML, HTML pages, pictures."""

from psnet.report.plans import estimate_line, plan_lines, plan_summary
from psnet.report.results import result_lines, result_summary
from psnet.report.states import state_lines

__all__ = ["estimate_line", "plan_lines", "plan_summary", "result_lines", "result_summary", "state_lines"]
