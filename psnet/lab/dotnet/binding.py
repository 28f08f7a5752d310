"""Choosing an overload for arguments and converting them, as PowerShell does before it calls .NET."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.bases import derives, is_value_type, split_generic
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.convert import convert, try_convert
from psnet.lab.dotnet.enums import is_enum
from psnet.lab.dotnet.errors import UnsupportedError, argument_null, make_exception
from psnet.lab.dotnet.numbers import CLASSES, is_number
from psnet.lab.dotnet.object_model import provides
from psnet.lab.dotnet.registry import PLACEHOLDERS, Overload, Parameter
from psnet.lab.dotnet.tostring import is_enumerable, to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, Char, DateTime, DotNetError, PSObject, Reference

if TYPE_CHECKING:
    from psnet.lab.dotnet.delegates import Delegate

Invoker = Callable[..., Any]
_SCRIPT_BLOCK: Final = "System.Management.Automation.ScriptBlock"
_WIDTH: Final = {
    name: place
    for place, name in enumerate(
        (
            "System.SByte",
            "System.Byte",
            "System.Int16",
            "System.UInt16",
            "System.Int32",
            "System.UInt32",
            "System.Int64",
            "System.UInt64",
            "System.Single",
            "System.Double",
            "System.Decimal",
        )
    )
}
METHOD_EXCEPTION: Final = "System.Management.Automation.MethodException"


def no_overload(name: str, count: int) -> DotNetError:
    """Return the error of a call that no overload takes."""
    message = f'Cannot find an overload for "{name}" and the argument count: "{count}".'
    return DotNetError(
        make_exception(METHOD_EXCEPTION, message), error_id="MethodCountCouldNotFindBest", category="NotSpecified"
    )


def type_arguments(owner: str) -> dict[str, str]:
    """Return what T, TKey and TValue stand for in a constructed type."""
    arguments = split_generic(owner)[1]
    if len(arguments) == 2:
        return {"TKey": arguments[0], "TValue": arguments[1]}
    return {"T": arguments[0]} if arguments else {}


def _substitute(parameter: Parameter, given: dict[str, str]) -> str:
    bare = parameter.type_name.removesuffix("[]")
    if bare in PLACEHOLDERS:
        return given.get(bare, "System.Object") + parameter.type_name[len(bare) :]
    if parameter.type_name.endswith("`1[T]"):
        return f"{parameter.type_name[:-2]}{given.get('T', 'System.Object')}]"
    return parameter.type_name


def _cost(argument: Any, type_name: str, *, ref: bool) -> int | None:
    """Return how far an argument is from a parameter's type, None when it cannot be converted."""
    if ref:
        return 0 if isinstance(argument, Reference) else None
    base = unwrap(argument)
    if type_name.startswith("delegate"):
        return 3 if type_name_of(base) == _SCRIPT_BLOCK or callable(base) else 200 if base is None else None
    if base is None:
        return 60 if is_value_type(type_name) else 2 if type_name == "System.String" else 1
    own = type_name_of(base)
    if own == type_name:
        return 0
    if type_name == "System.Object":
        return 11
    if derives(own, type_name) or (isinstance(base, PSObject) and type_name in base.type_names):
        return 2
    if own in _WIDTH and type_name in _WIDTH:
        step = _WIDTH[type_name] - _WIDTH[own]
        signed = own in {"System.SByte", "System.Int16", "System.Int32", "System.Int64"}
        if step > 0 and not (signed and type_name.startswith("System.U")) and type_name != "System.Decimal":
            return 3 + step
        return 22 + abs(step) if type_name == "System.Decimal" else 30 + abs(step)
    return _converted_cost(argument, base, type_name)


def _converted_cost(argument: Any, base: Any, type_name: str) -> int | None:
    if type_name.endswith("[]"):
        if is_enumerable(base):
            works = try_convert(argument, type_name)[0]
            return (8 if isinstance(base, Array) else 9) if works else None
        return 40 if try_convert(argument, type_name)[0] else None
    if type_name == "System.String":
        return 25 if not is_enumerable(base) else 55
    if type_name == "System.Char" and isinstance(base, str) and len(base) == 1:
        return 20
    if type_name == "System.Boolean":
        return 28 if is_number(base) else 58
    if isinstance(base, Char) and type_name in _WIDTH:
        return 10
    if is_enum(type_name):
        return 24 if try_convert(argument, type_name)[0] else None
    cost = 45 if type_name in CLASSES else 35
    return cost if try_convert(argument, type_name)[0] else None


def _fits_count(overload: Overload, count: int) -> bool:
    parameters = overload.parameters
    if parameters and parameters[-1].rest:
        return count >= len(parameters) - 1
    return count == len(parameters)


def _expand(overload: Overload, arguments: Sequence[Any], given: dict[str, str]) -> list[tuple[str, Parameter]]:
    """Return the type and parameter for each argument; a rest parameter is spread over what is left."""
    parameters = overload.parameters
    if not parameters or not parameters[-1].rest:
        return [(_substitute(parameter, given), parameter) for parameter in parameters]
    fixed = [(_substitute(parameter, given), parameter) for parameter in parameters[:-1]]
    rest = parameters[-1]
    kind = _substitute(rest, given)
    extra = len(arguments) - len(fixed)
    if extra == 1:
        base = unwrap(arguments[-1])
        if base is None or (is_enumerable(base) and (kind != "System.Object[]" or isinstance(base, Array))):
            return [*fixed, (kind, rest)]
    return [*fixed, *[(kind[:-2], rest)] * extra]


def _all_convert(overload: Overload, arguments: Sequence[Any], given: dict[str, str]) -> bool:
    """Say whether an overload without a rest parameter takes the arguments; it goes before those that spread them."""
    kinds = _expand(overload, arguments, given)
    return all(
        _cost(argument, kind, ref=parameter.ref) is not None
        for argument, (kind, parameter) in zip(arguments, kinds, strict=True)
    )


def choose(
    overloads: Sequence[Overload], arguments: Sequence[Any], given: dict[str, str], name: str
) -> tuple[Overload, list[tuple[str, Parameter]]]:
    """Return the overload that fits best; raises MethodCountCouldNotFindBest when none takes so many."""
    fitting = [overload for overload in overloads if _fits_count(overload, len(arguments))]
    if not fitting:
        raise no_overload(name, len(arguments))
    plain = [overload for overload in fitting if not (overload.parameters and overload.parameters[-1].rest)]
    if plain and len(plain) < len(fitting) and len(arguments) > 2:
        matching = [overload for overload in plain if _all_convert(overload, arguments, given)]
        fitting = matching or fitting
    if len(fitting) == 1:
        return fitting[0], _expand(fitting[0], arguments, given)
    ranked: list[tuple[int, int, Overload, list[tuple[str, Parameter]]]] = []
    for place, overload in enumerate(fitting):
        kinds = _expand(overload, arguments, given)
        costs = [
            _cost(argument, kind, ref=parameter.ref)
            for argument, (kind, parameter) in zip(arguments, kinds, strict=True)
        ]
        if None not in costs:
            spread = 1 if overload.parameters and overload.parameters[-1].rest else 0
            ranked.append((sum(cost or 0 for cost in costs) + spread, place, overload, kinds))
    if not ranked:
        raise no_overload(name, len(arguments))
    best = min(ranked, key=lambda entry: entry[:2])
    return best[2], best[3]


def _delegate(block: Any, invoker: Invoker | None) -> Callable[..., Any]:
    run = invoker or current().invoke
    if callable(block) and not isinstance(block, PSObject):
        return block  # type: ignore[no-any-return]
    if run is None:
        raise UnsupportedError("a script block as a delegate here")
    return lambda *given: run(block, list(given))


@provides("call_delegate")
def call_delegate(delegate: Delegate, given: tuple[Any, ...]) -> Any:
    """Run a delegate's script block: arguments are converted to its parameters, the output to what it returns."""
    if len(given) != len(delegate.parameters):
        raise no_overload("Invoke", len(given))
    run = current().invoke
    if run is None:
        raise UnsupportedError("a script block as a delegate here")
    values = [convert(value, kind) for value, kind in zip(given, delegate.parameters, strict=True)]
    made = run(delegate.block, values, delegate=True)
    if not delegate.returns:
        return AUTOMATION_NULL
    return convert(None if made is AUTOMATION_NULL else made, delegate.returns)


def _argument(argument: Any, kind: str, parameter: Parameter, name: str, invoker: Invoker | None) -> Any:
    if parameter.ref:
        if isinstance(argument, Reference):
            return argument
        message = f"Argument: '{parameter.name}' should be a System.Management.Automation.PSReference. Use [ref]."
        raise DotNetError(
            make_exception(METHOD_EXCEPTION, message),
            error_id="NonRefArgumentToRefParameterMsg",
            category="NotSpecified",
        )
    if argument is None and parameter.needed and kind != "System.String" and not is_value_type(kind):
        raise argument_null(parameter.name, parameter.needed)
    if kind.startswith("delegate"):
        return None if argument is None else _delegate(argument, invoker)
    if kind == "System.Object":
        return argument
    try:
        return convert(argument, kind)
    except DotNetError as error:
        cast = error.exception
        message = (
            f'Cannot convert argument "{parameter.name}", with value: "{_shown(argument)}", for "{name}" to type '
            f'"{kind}": "{cast.message}"'
        )
        inner = cast.inner or cast
        raise DotNetError(
            make_exception(METHOD_EXCEPTION, message, inner),
            error_id="MethodArgumentConversionInvalidCastArgument",
            category="NotSpecified",
        ) from None


def _shown(argument: Any) -> str:
    return "null" if argument is None else to_string(argument)


def bind(
    overloads: Sequence[Overload],
    arguments: Sequence[Any],
    owner: str,
    name: str,
    invoker: Invoker | None = None,
) -> tuple[Overload, list[Any]]:
    """Return the overload to call and its converted arguments."""
    overload, kinds = choose(overloads, arguments, type_arguments(owner), name)
    converted = [
        _bare(_argument(argument, kind, parameter, name, invoker))
        for argument, (kind, parameter) in zip(arguments, kinds, strict=True)
    ]
    parameters = overload.parameters
    if parameters and parameters[-1].rest:
        fixed = len(parameters) - 1
        spread = len(kinds) - fixed != 1 or kinds[-1][0] != _substitute(parameters[-1], type_arguments(owner))
        if spread:
            converted = [*converted[:fixed], Array(converted[fixed:], _substitute(parameters[-1], {})[:-2])]
    return overload, converted


def _bare(value: Any) -> Any:
    """Return a DateTime without the property that Get-Date gave it."""
    return value.base if type(value) is PSObject and isinstance(value.base, DateTime) else value


def invocation_error(error: DotNetError, name: str, count: int) -> DotNetError:
    """Return the MethodInvocationException around what a .NET method threw."""
    if error.error_id:
        return error
    inner = error.exception
    message = f'Exception calling "{name}" with "{count}" argument(s): "{inner.message}"'
    outer = make_exception("System.Management.Automation.MethodInvocationException", message, inner)
    short = inner.type_names[0].rpartition(".")[2]
    return DotNetError(outer, error_id=short, category="NotSpecified")
