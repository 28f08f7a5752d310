"""The text operators: -like, -match, -replace, -split, -join and the range operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import regexes, wildcard
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import convert, to_string
from psnet.lab.dotnet.enums import parse_enum
from psnet.lab.dotnet.errors import UnsupportedError, runtime_error
from psnet.lab.dotnet.objects import Regex
from psnet.lab.dotnet.operator_names import split_case
from psnet.lab.dotnet.strings import equal, units
from psnet.lab.dotnet.tostring import is_enumerable, net_text
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import Array, Char, DotNetError, EnumValue, Hashtable

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT_BLOCK = "System.Management.Automation.ScriptBlock"
_SPLIT_OPTIONS = "System.Management.Automation.SplitOptions"


def like(op: str, left: Any, right: Any) -> Any:
    """Return ``left -like right`` (or -notlike, -clike): a Boolean, or the elements that pass."""
    name, ignore_case = split_case(op)
    pattern = to_string(right)

    def test(item: Any) -> bool:
        return wildcard.is_match(pattern, to_string(item), ignore_case=ignore_case) == (name == "like")

    if is_enumerable(left):
        return Array([item for item in unwrap(left) if test(item)])
    return test(left)


def pattern_program(pattern: Any, *, ignore_case: bool) -> regexes.Program:
    """Return the compiled pattern of an operator; raises InvalidRegularExpression."""
    base = unwrap(pattern)
    try:
        if isinstance(base, Regex):
            return regexes.program(base.pattern, base.options)
        return regexes.program(to_string(pattern), 1 if ignore_case else 0)
    except DotNetError as error:
        message = f"The regular expression pattern {to_string(pattern)} is not valid."
        raise runtime_error("InvalidRegularExpression", message, inner=error.exception) from None


def match(op: str, left: Any, right: Any) -> tuple[Any, Hashtable | None]:
    """Return ``left -match right``, and the new ``$Matches`` when a scalar matched (None otherwise)."""
    name, ignore_case = split_case(op)
    code = pattern_program(right, ignore_case=ignore_case)
    if is_enumerable(left):
        passed = [item for item in unwrap(left) if (code.find(to_string(item)) is not None) == (name == "match")]
        return Array(passed), None
    text = to_string(left)
    found = code.find(text)
    if found is None:
        return name == "notmatch", None
    return name == "match", matches_table(code, found)


def matches_table(code: regexes.Program, found: Any) -> Hashtable:
    """Return ``$Matches``: the groups that took part, numbers as Int32 keys."""
    table = Hashtable()
    named = any(not group.isdigit() for group, _ in code.groups)
    for group, number in reversed(code.groups) if named else code.groups:
        if found[number] is not None:
            table[int(group) if group.isdigit() else group] = found[number]
    return table


def replace(op: str, left: Any, right: Any, call: Callable[[Any, Any], Any] | None = None) -> Any:
    """Return ``left -replace right``; ``call(script_block, match)`` runs a script block replacement (7)."""
    name, ignore_case = split_case(op)
    parts = list(unwrap(right)) if is_enumerable(right) else [right]
    if len(parts) > 2:
        message = f"The -{op.lstrip('-')} operator allows only two elements to follow it, not {len(parts)}."
        raise runtime_error("BadReplaceArgument", message)
    del name
    code = pattern_program(parts[0] if parts else "", ignore_case=ignore_case)
    substitute = parts[1] if len(parts) > 1 else ""
    if type_name_of(substitute) == _SCRIPT_BLOCK:
        if not modern() or call is None:
            raise UnsupportedError("a script block as the replacement of -replace in Windows PowerShell 5.1")
        block, run = substitute, call
        template: Any = lambda found: to_string(run(block, found))  # noqa: E731 - a closure over the block
    else:
        template = to_string(substitute)
    if is_enumerable(left):
        return Array([regexes.replace(code, to_string(item), template) for item in unwrap(left)])
    return regexes.replace(code, to_string(left), template)


def join(left: Any, separator: Any) -> str:
    """Return ``left -join separator``."""
    mark = to_string(separator)
    if left is None:
        return ""
    if not is_enumerable(left):
        return to_string(left)
    return mark.join(net_text(item) if is_enumerable(item) else to_string(item) for item in unwrap(left))


def split_unary(value: Any) -> Array:
    """Return ``-split value``: the words between white space."""
    texts = [to_string(item) for item in unwrap(value)] if is_enumerable(value) else [to_string(value)]
    return Array([word for text in texts for word in text.split()], "System.String")


def split(op: str, left: Any, right: Any, predicate: Callable[[Any, str], bool] | None = None) -> Array:
    """Return ``left -split right``; ``predicate(script_block, character)`` runs a script block delimiter."""
    _, ignore_case = split_case(op)
    arguments = list(unwrap(right)) if is_enumerable(right) else [right]
    limit = int(convert(arguments[1], "System.Int32")) if len(arguments) > 1 else 0
    options = _options(arguments[2]) if len(arguments) > 2 else 0
    texts = [to_string(item) for item in unwrap(left)] if is_enumerable(left) else [to_string(left)]
    delimiter = arguments[0] if arguments else ""
    out: list[str] = []
    for text in texts:
        if type_name_of(delimiter) == _SCRIPT_BLOCK:
            if predicate is None:
                raise UnsupportedError("a script block as the delimiter of -split")
            out += _by_predicate(text, delimiter, predicate, limit)
        else:
            out += _by_pattern(text, delimiter, limit, options, ignore_case=ignore_case)
    return Array(list(out), "System.String")


def _options(value: Any) -> int:
    base = unwrap(value)
    if isinstance(base, EnumValue):
        return base.value
    if isinstance(base, str):
        return parse_enum(_SPLIT_OPTIONS, base, ignore_case=True).value
    return int(convert(base, "System.Int32"))


def _by_pattern(text: str, delimiter: Any, limit: int, options: int, *, ignore_case: bool) -> list[str]:
    if options & 1:
        fold = ignore_case or bool(options & 64)
        return _by_text(text, to_string(delimiter), limit, ignore_case=fold)
    base = unwrap(delimiter)
    flags = 1 if ignore_case or options & 64 else 0
    for split_bit, regex_bit in ((4, 512), (8, 32), (16, 2), (32, 16), (128, 4)):
        flags |= regex_bit if options & split_bit else 0
    code = (
        pattern_program(base, ignore_case=ignore_case)
        if isinstance(base, Regex)
        else pattern_program(Regex(to_string(delimiter), flags), ignore_case=ignore_case)
    )
    if limit < 0:
        return _from_right(code, text, -limit) if modern() else regexes.split(code, text)
    return regexes.split(code, text, limit)


def _from_right(code: regexes.Program, text: str, count: int) -> list[str]:
    if count == 1:
        return [text]
    found = list(regexes.all_matches(code, text))[-(count - 1) :]
    out, place = [], 0
    for each in found:
        out.append(text[place : each.start()])
        out += [each[number] for _, number in code.groups[1:] if each[number] is not None]
        place = each.end()
    return [*out, text[place:]]


def _by_text(text: str, mark: str, limit: int, *, ignore_case: bool) -> list[str]:
    out: list[str] = []
    start = place = 0
    while mark and place <= len(text) - len(mark) and (limit <= 0 or len(out) < limit - 1):
        if equal(text[place : place + len(mark)], mark, ignore_case=ignore_case):
            out.append(text[start:place])
            place += len(mark)
            start = place
        else:
            place += 1
    return [*out, text[start:]]


def _by_predicate(text: str, block: Any, predicate: Callable[[Any, str], bool], limit: int) -> list[str]:
    out: list[str] = []
    current = ""
    for char in units(text):
        if (limit <= 0 or len(out) < limit - 1) and predicate(block, char):
            out.append(current)
            current = ""
        else:
            current += char
    return [*out, current]


def numeric_range(left: Any, right: Any) -> Array:
    """Return ``left..right``; two single characters give characters in 7."""
    first, last = unwrap(left), unwrap(right)
    if modern() and all(isinstance(end, str) and len(end) == 1 for end in (first, last)):
        digits = all(end.isdigit() and not isinstance(end, Char) for end in (first, last))
        if not digits:
            return Array([Char(chr(code)) for code in _steps(ord(first), ord(last))])
    start, end = (int(convert(bound, "System.Int32")) for bound in (first, last))
    if abs(end - start) > 50_000_000:
        raise UnsupportedError("a range of more than 50 million numbers")
    return Array(list(_steps(start, end)))


def _steps(start: int, end: int) -> range:
    return range(start, end + 1) if start <= end else range(start, end - 1, -1)
