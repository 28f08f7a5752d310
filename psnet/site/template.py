"""Fill a declaration with a host's variables: Jinja2 in each value, undefined names refused.

Values are rendered one by one after the YAML is parsed, so no variable can change the document's shape. A
value that is one expression alone keeps its type, as in Ansible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import SandboxedEnvironment

from psnet._internal.text import Untrusted
from psnet._internal.validation_messages import without_types
from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet._internal.yaml import Document, Path_
    from psnet.errors import Problem


_QUOTED: Final = re.compile("'([^']+)' is undefined")
_NO_SUCH: Final = re.compile(r"No (filter|test) named '([^']+)'")


class _Native(SandboxedEnvironment, NativeEnvironment):
    """A sandboxed environment whose single expressions keep their type."""


@cache
def environment() -> SandboxedEnvironment:
    """Return the environment that site values are rendered with; it holds no state of its own."""
    return _Native(undefined=StrictUndefined, autoescape=False)


def has_templates(value: Any) -> bool:
    """Say whether anything in a value is filled with variables."""
    if isinstance(value, dict):
        return any(map(has_templates, value.values()))
    if isinstance(value, list):
        return any(map(has_templates, value))
    return isinstance(value, str) and not isinstance(value, Untrusted) and ("{{" in value or "{%" in value)


def render_values(document: Document, variables: Mapping[str, Any], host: str) -> tuple[Any, list[Problem]]:
    """Return the data with every template filled, and the problems met."""
    problems: list[Problem] = []

    def walk(value: Any, where: Path_) -> Any:
        if isinstance(value, dict):
            return {key: walk(item, (*where, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item, (*where, index)) for index, item in enumerate(value)]
        if not has_templates(value):
            return value
        try:
            return fill(value, variables)
        except UndefinedError as error:
            said = f"{without_types(error.message or '')} for host {host}"
            problems.append(document.problem(where, said, remedy=_defined(error, variables)))
        except TemplateError as error:
            problems.append(document.problem(where, f"the template is wrong: {error.message}", remedy=_meant(error)))
        except (TypeError, ValueError, ArithmeticError) as error:
            problems.append(document.problem(where, f"the template fails for host {host}: {without_types(str(error))}"))
        return None

    return walk(document.data, ()), problems


def _defined(error: UndefinedError, variables: Mapping[str, Any]) -> str:
    """Return what to do about a name that is not there."""
    found = _QUOTED.search(error.message or "")
    near = nearest(found[1], variables) if found else None
    return f"did you mean {near}?" if near else "define it in the inventory"


def _meant(error: TemplateError) -> str | None:
    """Return the filter or test that was meant."""
    found = _NO_SUCH.match(error.message or "")
    if found is None:
        return None
    near = nearest(found[2], environment().filters if found[1] == "filter" else environment().tests)
    return f"did you mean {near}?" if near else None


def used_variables(data: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that the templates of a document name, with the templates inside them filled.

    Raises what ``fill`` raises.
    """
    names: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                walk(item)
        elif isinstance(value, str) and not isinstance(value, Untrusted) and ("{{" in value or "{%" in value):
            names.update(_compiled(value).names)

    walk(data)
    return {name: _deep(variables[name], variables, (name,)) for name in sorted(names) if name in variables}


def fill(text: str, variables: Mapping[str, Any], path: tuple[str, ...] = ()) -> Any:
    """Return a text with its variables filled in, and theirs, however deep; only what it names is looked at.

    Raises jinja2's UndefinedError for a name that is not there, ValueError for a variable that needs itself and for a
    vaulted value, which does not belong in a site.
    """
    compiled = _compiled(text)
    scope = dict(variables)
    for name in compiled.names:
        if name in scope:
            if name in path:
                raise ValueError(f"the variable {name} needs itself: {' > '.join((*path, name))}")
            scope[name] = _deep(scope[name], variables, (*path, name))
    return compiled.render(scope)


def _deep(value: Any, variables: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return a variable's value with the templates inside it filled."""
    if isinstance(value, dict):
        return {key: _deep(item, variables, path) for key, item in value.items()}
    if isinstance(value, list):
        return [_deep(item, variables, path) for item in value]
    if not isinstance(value, str) or isinstance(value, Untrusted) or ("{{" not in value and "{%" not in value):
        return value  # what a host said, or what is marked !unsafe, is data
    return fill(value, variables, path)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A value's template, compiled once for all hosts: the names it needs, and what fills it."""

    names: frozenset[str]
    render: Callable[[Mapping[str, Any]], Any]


@lru_cache(maxsize=4096)
def _compiled(text: str) -> _Compiled:
    env = environment()
    names = frozenset(meta.find_undeclared_variables(env.parse(text)))
    stripped = text.strip()
    if stripped.startswith("{{") and stripped.endswith("}}") and "{{" not in stripped[2:]:
        expression = env.compile_expression(stripped[2:-2].strip(), undefined_to_none=False)
        return _Compiled(names, lambda variables: _said(expression(**variables)))
    template = env.from_string(text)

    def whole(variables: Mapping[str, Any]) -> str:
        return "".join(str(part) for part in template.root_render_func(template.new_context(dict(variables))))

    return _Compiled(names, whole)


def _said(value: Any) -> Any:
    if isinstance(value, StrictUndefined):
        str(value)  # raises UndefinedError, which names the variable
    if hasattr(value, "reveal"):
        str(value)  # raises ValueError: a vaulted value does not belong in a site
    return value
