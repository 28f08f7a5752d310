"""What the parameter binder says when it cannot bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception

from .flow import ScriptError
from .records import ErrorRecord

if TYPE_CHECKING:
    from psnet.lab.values import ExceptionObject

    from .processor import CommandProcessor

_SMA: Final = "System.Management.Automation"
_MESSAGES: Final = {
    "NamedParameterNotFound": "A parameter cannot be found that matches parameter name '{name}'.",
    "PositionalParameterNotFound": "A positional parameter cannot be found that accepts argument '{name}'.",
    "AmbiguousParameter": "Parameter cannot be processed because the parameter name '{name}' is ambiguous. "
    "Possible matches include:{more}.",
    "MissingArgument": "Missing an argument for parameter '{name}'. Specify a parameter of type '{more}' "
    "and try again.",
    "ParameterAlreadyBound": "Cannot bind parameter because parameter '{name}' is specified more than once. To "
    "provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "
    '"-parameter value1,value2,value3".',
    "MissingMandatoryParameter": "Cannot process command because of one or more missing mandatory parameters:{name}.",
    "InputObjectNotBound": "The input object cannot be bound to any parameters for the command either because the "
    "command does not take pipeline input or the input and its properties do not match any of the parameters that "
    "take pipeline input.",
    "InputObjectMissingMandatory": "The input object cannot be bound because it did not contain the information "
    "required to bind all mandatory parameters: {name}",
    "ParameterArgumentTransformationError": "Cannot process argument transformation on parameter '{name}'. {more}",
    "CannotConvertArgumentNoMessage": "Cannot bind parameter '{name}'. {more}",
    "ParameterArgumentValidationError": "Cannot validate argument on parameter '{name}'. {more}",
    "ParameterArgumentValidationErrorNullNotAllowed": "Cannot bind argument to parameter '{name}' because it is null.",
    "ParameterArgumentValidationErrorEmptyStringNotAllowed": "Cannot bind argument to parameter '{name}' because "
    "it is an empty string.",
    "ParameterArgumentValidationErrorEmptyArrayNotAllowed": "Cannot bind argument to parameter '{name}' because "
    "it is an empty array.",
    "ParameterArgumentValidationErrorEmptyCollectionNotAllowed": "Cannot bind argument to parameter '{name}' "
    "because it is an empty collection.",
    "ScriptBlockArgumentNoOutput": "Cannot evaluate parameter '{name}' because its argument is specified as a script "
    "block and there is no input. A script block cannot be evaluated without input.",
    "MismatchedPSTypeName": "Cannot bind argument to parameter '{name}', because PSTypeNames of the argument do not "
    "match the PSTypeName required by the parameter: {more}.",
    "CannotExtractAddMethod": "{more}",
}
_AMBIGUOUS_SET: Final = "Parameter set cannot be resolved using the specified named parameters."
_AMBIGUOUS_SET_7: Final = (
    f"{_AMBIGUOUS_SET} One or more parameters issued cannot be used together or an insufficient number of "
    "parameters were provided."
)


def bind_error(
    processor: CommandProcessor,
    error_id: str,
    name: str = "",
    more: str = "",
    *,
    inner: ExceptionObject | None = None,
    target: Any = None,
) -> ScriptError:
    """Return the terminating error for a binding that failed; callers may make it non-terminating."""
    if error_id == "AmbiguousParameterSet":
        message = _AMBIGUOUS_SET if processor.runspace.language == "5.1" else _AMBIGUOUS_SET_7
    else:
        message = _MESSAGES[error_id].format(name=name, more=more)
    kind, category = "ParameterBindingException", "InvalidArgument"
    if error_id == "ParameterArgumentTransformationError":
        kind, category = "ParameterBindingArgumentTransformationException", "InvalidData"
    elif error_id == "MismatchedPSTypeName":
        kind = "ParameterBindingArgumentTransformationException"
    elif error_id.startswith("ParameterArgumentValidation"):
        kind, category = "ParameterBindingValidationException", "InvalidData"
    exception = make_exception(
        f"{_SMA}.{kind}",
        message,
        inner,
        ParameterName=name,
        ErrorId=error_id,
        CommandInvocation=processor.invocation,
        Line=processor.invocation.extent.line if processor.invocation.extent else 0,
        Offset=processor.invocation.extent.column if processor.invocation.extent else 0,
    )
    return ScriptError(processor.stamped(ErrorRecord(exception, error_id, category, target)))
