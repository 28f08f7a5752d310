"""Validate* attributes: what they refuse, in PowerShell's words (en-US, as Windows PowerShell 5.1 has them)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import AUTOMATION_NULL
from psnet.powershell.facts.validation import (
    Count,
    Length,
    NotMemberKind,
    NotNull,
    NotNullOrEmpty,
    Pattern,
    Range,
    RangeKind,
    Script,
    Validator,
    ValueSet,
)

from . import net

if TYPE_CHECKING:
    from collections.abc import Callable


class ValidationError(LabError):
    """An argument is refused; the message says why."""


def _null(value: Any) -> bool:
    return value is None or value is AUTOMATION_NULL


def _elements(value: Any) -> list[Any]:
    found = net.enumerate_collection(value)
    return [value] if found is None else found


def _not_null(rule: NotNull, value: Any) -> None:
    """Refuse null and null elements."""
    if _null(value):
        raise ValidationError(
            "The argument is null. Provide a valid value for the argument, and then try running the command again."
        )
    found = net.enumerate_collection(value)
    if found is not None and any(_null(element) for element in found):
        raise ValidationError(
            "The argument is null, empty, or an element of the argument collection contains a null value. "
            "Supply a collection that does not contain any null values and then try the command again."
        )


def _not_null_or_empty(rule: NotNullOrEmpty, value: Any) -> None:
    """Refuse null, empty text, empty collections and such elements."""
    alone = (
        "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."
    )
    if _null(value) or value == "":
        raise ValidationError(alone)
    found = net.enumerate_collection(value)
    if found is not None and (not found or any(_null(element) or element == "" for element in found)):
        raise ValidationError(
            "The argument is null, empty, or an element of the argument collection contains a null value. "
            "Supply a collection that does not contain any null values and then try the command again."
        )
    if net.dictionary_count(value) == 0:
        raise ValidationError(alone)


def _not_member_kind(rule: NotMemberKind, value: Any) -> None:
    """Refuse the name of a kind of member."""
    try:
        net.convert(value, "System.Management.Automation.PSMemberTypes")
    except net.DotNetError:
        return
    raise ValidationError(
        f"The value supplied for parameter NotePropertyName is invalid: {net.to_string(value)} is a member type."
    )


def _value_set(rule: ValueSet, value: Any) -> None:
    """Refuse what is not in the set."""
    for element in _elements(value):
        text = net.to_string(element)
        if not any(_same(text, known, ignore_case=rule.ignore_case) for known in rule.values):
            shown = ",".join(rule.values)
            raise ValidationError(
                rule.message.replace("{0}", text).replace("{1}", shown)
                if rule.message
                else f'The argument "{text}" does not belong to the set "{shown}" specified by the ValidateSet '
                "attribute. Supply an argument that is in the set and then try the command again."
            )


def _same(text: str, known: str, *, ignore_case: bool) -> bool:
    return text.lower() == known.lower() if ignore_case else text == known


def _range(rule: Range, value: Any) -> None:
    """Refuse what is outside, or cannot be compared."""
    if _null(value):
        raise ValidationError(
            "The argument is null. Provide a valid value for the argument, and then try running the command again."
        )
    for element in _elements(value):
        shown = net.to_string(element)
        try:
            below = net.order(element, rule.low) < 0
            above = net.order(element, rule.high) > 0
        except net.DotNetError:
            kind = net.type_name_of(element)
            wanted = net.type_name_of(rule.low)
            raise ValidationError(
                f'The argument "{shown}" cannot be validated because its type "{kind}" is not the same type '
                f'("{wanted}") as the maximum and minimum limits of the parameter. Make sure the argument is of '
                f"type {wanted} and then try the command again."
            ) from None
        if below:
            limit = net.to_string(rule.low)
            raise ValidationError(
                f"The {shown} argument is less than the minimum allowed range of {limit}. Supply an argument "
                f"that is greater than or equal to {limit} and then try the command again."
            )
        if above:
            limit = net.to_string(rule.high)
            raise ValidationError(
                f"The {shown} argument is greater than the maximum allowed range of {limit}. Supply an argument "
                f"that is less than or equal to {limit} and then try the command again."
            )


_KINDS: dict[str, tuple[Callable[[int], bool], str]] = {
    "positive": (lambda sign: sign > 0, "not greater than zero"),
    "nonnegative": (lambda sign: sign >= 0, "less than zero"),
    "negative": (lambda sign: sign < 0, "greater than or equal to zero"),
    "nonpositive": (lambda sign: sign <= 0, "greater than zero"),
}


def _range_kind(rule: RangeKind, value: Any) -> None:
    """Refuse numbers of the wrong sign."""
    if rule.kind.lower() not in _KINDS:
        raise UnsupportedError(f"ValidateRange({rule.kind})")
    allowed, wrong = _KINDS[rule.kind.lower()]
    for element in _elements(value):
        if not allowed(net.order(element, 0)):
            raise ValidationError(
                f'The argument "{net.to_string(element)}" cannot be validated because its value is {wrong}.'
            )


def _length(rule: Length, value: Any) -> None:
    """Refuse text that is too short or too long."""
    for element in _elements(value):
        if not isinstance(element, str):
            raise ValidationError("The ValidateLength attribute cannot be applied to a non-string value.")
        if len(element) < rule.low:
            raise ValidationError(
                f"The character length ({len(element)}) of the argument is too short. Specify an argument with a "
                f'length that is greater than or equal to "{rule.low}", and then try the command again.'
            )
        if len(element) > rule.high:
            raise ValidationError(
                f"The character length of the {len(element)} argument is too long. Shorten the character length "
                f'of the argument so it is fewer than or equal to "{rule.high}" characters, '
                "and then try the command again."
            )


def _count(rule: Count, value: Any) -> None:
    """Refuse collections of the wrong size."""
    found = net.enumerate_collection(value)
    if found is None:
        if not _null(value):
            raise ValidationError("The ValidateCount attribute cannot be applied to a non-array parameter.")
        found = []
    if rule.low <= len(found) <= rule.high:
        return
    if net.modern():
        limit = (
            f"exactly {rule.low} value(s)"
            if rule.low == rule.high
            else f"at least {rule.low} value(s) and no more than {rule.high} value(s)"
        )
        raise ValidationError(f"The parameter requires {limit} - {len(found)} value(s) were provided.")
    if len(found) < rule.low:
        raise ValidationError(
            f"The number of supplied arguments ({len(found)}) is less than the minimum number of allowed "
            f"arguments ({rule.low}). Provide an argument count that is greater than or equal to {rule.low}, "
            "and then try running the command again."
        )
    raise ValidationError(
        f"The number of provided arguments, ({len(found)}), exceeds the maximum number of allowed arguments "
        f"({rule.high}). Provide fewer than {rule.high} arguments, and then try the command again."
    )


def _pattern(rule: Pattern, value: Any) -> None:
    """Refuse text that does not match."""
    for element in _elements(value):
        text = net.to_string(element)
        if not net.is_match(text, rule.pattern, ignore_case=rule.ignore_case):
            raise ValidationError(
                rule.message.replace("{0}", text).replace("{1}", rule.pattern)
                if rule.message
                else f'The argument "{text}" does not match the "{rule.pattern}" pattern. Supply an argument that '
                f'matches "{rule.pattern}" and try the command again.'
            )


def _script(rule: Script, value: Any) -> None:
    """Refuse what the script does not accept."""
    for element in _elements(value):
        if not rule.run(element):
            shown = net.to_string(element)
            raise ValidationError(
                rule.message.replace("{0}", shown).replace("{1}", rule.text)
                if rule.message
                else f'The "{rule.text}" validation script for the argument with value "{shown}" did not return a '
                "result of True. Determine why the validation script failed, and then try the command again."
            )


_CHECKS: Final[dict[type, Callable[[Any, Any], None]]] = {
    NotNull: _not_null,
    NotNullOrEmpty: _not_null_or_empty,
    NotMemberKind: _not_member_kind,
    ValueSet: _value_set,
    Range: _range,
    RangeKind: _range_kind,
    Length: _length,
    Count: _count,
    Pattern: _pattern,
    Script: _script,
}


def check(rule: Validator, value: Any) -> None:
    """Raise ValidationError, in PowerShell's words, for a converted argument that a rule refuses."""
    _CHECKS[type(rule)](rule, value)
