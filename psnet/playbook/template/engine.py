"""One Jinja2 environment: sandboxed, with native types, undefined names refused, Ansible's filters and lookups."""

from __future__ import annotations

from functools import lru_cache
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.nativetypes import NativeCodeGenerator, NativeEnvironment
from jinja2.sandbox import ImmutableSandboxedEnvironment

from psnet._internal.yaml import Unsafe
from psnet.inventory.vault import Vaulted, vault_password
from psnet.playbook.filters import FILTERS, TESTS
from psnet.playbook.template.lookups import Lookups
from psnet.playbook.template.values import OMIT, TemplateFault, first_undefined, has_template, without_omitted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from psnet.playbook.template.scope import Scope
    from psnet.playbook.template.secrets import Secrets

_LAZY_LISTS: Final = (GeneratorType, map, filter, zip, range, reversed)


def _finalize(value: Any) -> Any:
    return list(value) if isinstance(value, _LAZY_LISTS) else value


class _CodeGenerator(NativeCodeGenerator):
    """Jinja2 writes a constant expression as text; this one leaves ``{{ [1, 2] }}`` a list."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> Any:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _Environment(ImmutableSandboxedEnvironment, NativeEnvironment):
    """Expressions keep their type; Python's internals are out of reach."""

    code_generator_class = _CodeGenerator


class _Hole(StrictUndefined):
    """Undefined, and everything in it too, so that ``nowhere.at.all | default(1)`` is 1, as in Ansible."""

    __slots__ = ()

    def __getattr__(self, name: str) -> _Hole:
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, name: Any) -> _Hole:  # type: ignore[override]  # Jinja2 says Never
        return self


def _environment() -> _Environment:
    env = _Environment(undefined=_Hole, autoescape=False, finalize=_finalize, extensions=["jinja2.ext.do"])
    env.filters |= FILTERS
    env.tests |= TESTS
    return env


class Templar:
    """Fills values and answers conditions. ``folders`` are where lookups and templates look for files, in order."""

    def __init__(self, secrets: Secrets, folders: Sequence[Path] = ()) -> None:
        self.secrets = secrets
        self.folders = tuple(folders)
        self._env = _environment()
        self._parsed: Callable[[str], Template] = lru_cache(maxsize=2048)(self._env.from_string)
        self._lookups = Lookups(self)

    def fill(self, value: Any, scope: Scope) -> Any:
        """Return a value with every template in it filled; raise TemplateFault. Omitted parts are gone."""
        filled = self._walk(value, scope)
        return filled if filled is OMIT else without_omitted(filled)

    def _walk(self, value: Any, scope: Scope) -> Any:
        if isinstance(value, Unsafe):
            return str(value)
        if isinstance(value, str):
            return self.text(value, scope) if has_template(value) else value
        if isinstance(value, Vaulted):
            return self.secrets.add(value.reveal(vault_password()).get_secret_value())
        if isinstance(value, dict):
            return {key: self._walk(item, scope) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._walk(item, scope) for item in value]
        return value

    def text(self, text: str, scope: Scope, **options: Any) -> Any:
        """Return one template's result: of its own type when it is one expression alone, else text."""
        return _guarded(lambda: self._render(self._template(text, **options), scope), text)

    def _template(self, text: str, **options: Any) -> Template:
        if options:
            return self._env.overlay(**options).from_string(text)
        return self._parsed(text)

    def _render(self, template: Template, scope: Scope) -> Any:
        context = template.new_context(scope, shared=True)
        parts = list(template.root_render_func(context))
        if len(parts) == 1:
            return self._checked(parts[0])
        for part in parts:
            self._checked(part)
        return "".join(str(part) for part in parts)

    @staticmethod
    def _checked(value: Any) -> Any:
        hole = first_undefined(value)
        if hole is not None:
            str(hole)  # raises UndefinedError, which names the variable
        return value

    def functions(self, scope: Scope) -> dict[str, Any]:
        """Return what a template may call besides filters: Jinja2's own, lookups, ``omit`` and ``now``."""
        return {**self._env.globals, **self._lookups.functions(scope), "omit": OMIT}

    def value(self, expression: str, scope: Scope) -> Any:
        """Return what an expression alone gives."""
        return self.text("{{ " + expression + " }}", scope)

    def holds(self, condition: Any, scope: Scope) -> bool:
        """Say whether a condition holds; anything but a Boolean is refused, as ansible-core 2.19 does."""
        if isinstance(condition, bool):
            return condition
        if condition is None or condition == "":
            return True
        text = str(condition)
        value = self.text(text, scope) if has_template(text) else self.value(text, scope)
        if isinstance(value, str) and has_template(text):
            value = self.value(value, scope) if value.strip() else True
        if isinstance(value, bool):
            return value
        raise TemplateFault(
            f"the condition {text!r} gives {value!r}, a {type(value).__name__}: a condition is true or false;"
            " compare it, or write ... | bool, ... is truthy or ... | length > 0"
        )

    def check(self, value: Any) -> list[str]:
        """Return what is wrong with the syntax of the templates in a value."""
        if isinstance(value, Unsafe):
            return []
        if isinstance(value, str):
            return self._syntax(value) if has_template(value) else []
        if isinstance(value, dict):
            return [said for item in value.values() for said in self.check(item)]
        if isinstance(value, list | tuple):
            return [said for item in value for said in self.check(item)]
        return []

    def check_condition(self, condition: Any) -> list[str]:
        """Return what is wrong with the syntax of a condition."""
        if not isinstance(condition, str) or has_template(condition):
            return self.check(condition)
        return self._syntax("{{ " + condition + " }}")

    def _syntax(self, text: str) -> list[str]:
        try:
            self._parsed(text)
        except TemplateSyntaxError as error:
            return [f"the template is wrong: {error.message}"]
        return []


def _guarded(render: Callable[[], Any], text: str) -> Any:
    shown = text.strip().splitlines()[0][:80] if text.strip() else ""
    try:
        return render()
    except TemplateFault:
        raise
    except UndefinedError as error:
        raise TemplateFault(str(error.message), _name_in(str(error.message))) from None
    except SecurityError as error:
        raise TemplateFault(f"{shown}: a template may not do that: {error.message}") from None
    except TemplateError as error:
        raise TemplateFault(f"{shown}: {error.message}") from None
    except RecursionError:
        raise TemplateFault(f"{shown}: the template goes round in circles") from None
    except (TypeError, ValueError, ArithmeticError, KeyError, AttributeError, IndexError, OSError) as error:
        raise TemplateFault(f"{shown}: {error}") from None


def _name_in(message: str) -> str | None:
    quoted = message.split("'")
    return quoted[1] if len(quoted) > 2 and message.startswith("'") else None  # noqa: PLR2004 - a name in quotes


__all__ = ["Templar", "Undefined"]
