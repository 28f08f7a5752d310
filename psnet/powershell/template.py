"""The one Jinja2 environment whose ``finalize`` turns every value into a PowerShell literal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, meta

from psnet.errors import RenderError
from psnet.powershell.literal import Raw, arguments, literal

_MARKS: Final = ("{{", "{%", "{#")


@cache
def template_folder() -> Path:
    """Return the folder of the templates: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    bundled = package / "_bundle" / "templates"
    return bundled if bundled.is_dir() else package.parent / "templates"


def _finalize(value: Any) -> str:
    if isinstance(value, Undefined):
        str(value)  # raises, naming the missing value
    return literal(value)


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(template_folder()),
        finalize=_finalize,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - PowerShell, not HTML; finalize does the quoting
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # templates do not change under a running psnet: no look at their dates for each use
    )
    env.filters.clear()  # what a filter returns would be quoted as text; the few that make sense follow
    env.filters |= {"arguments": arguments, "length": len}
    return env


@cache
def _constant(template: str) -> Raw:
    """Return a template that takes no values, rendered once; one that asks for nothing is its own text."""
    path = template_folder() / template
    text = path.read_text(encoding="utf-8") if path.is_file() else "{{"
    if not any(mark in text for mark in _MARKS):
        return Raw(text)
    try:
        return Raw(_environment().get_template(template).render())
    except Exception as error:
        raise RenderError(f"{template}: {error}") from error


class Templates:
    """Renders templates by name, such as ``firewall_rule/any/create.ps1.j2``."""

    def render(self, template: str, /, **values: Any) -> Raw:
        """Return the rendered PowerShell; raise RenderError naming the template."""
        if not values:
            return _constant(template)
        try:
            return Raw(_environment().get_template(template).render(**values))
        except RenderError as error:
            raise RenderError(f"{template}: {error.message}", remedy=error.remedy) from None
        except Exception as error:
            raise RenderError(f"{template}: {error}") from error

    def variables(self, template: str) -> set[str]:
        """Return the names of the values that a template takes."""
        env = _environment()
        source, _, _ = env.loader.get_source(env, template) if env.loader else ("", None, None)
        return meta.find_undeclared_variables(env.parse(source))

    def exists(self, name: str) -> bool:
        """Say whether there is such a template."""
        return (template_folder() / name).is_file()
