"""Regex, Match, Group and their collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import regexes
from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.regexes import Capture, CaptureList
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.values import Array, EnumValue, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.dotnet.objects import Regex

_SPACE = "System.Text.RegularExpressions"
_REGEX, _OPTIONS = f"{_SPACE}.Regex", f"{_SPACE}.RegexOptions"


def _code(value: Regex) -> regexes.Program:
    return regexes.program(value.pattern, value.options)


prop(_REGEX, f"{_OPTIONS} Options", lambda value: make_enum(_OPTIONS, value.options))
prop(_REGEX, "bool RightToLeft", lambda value: bool(value.options & 64))
prop(_REGEX, "timespan MatchTimeout", lambda _: TimeSpan(-10000))


@constructor(
    _REGEX,
    "(string pattern)",
    f"(string pattern, {_OPTIONS} options)",
    f"(string pattern, {_OPTIONS} options, timespan matchTimeout)",
)
def _new(pattern: str, options: EnumValue | None = None, timeout: Any = None) -> Regex:
    del timeout
    return regexes.make_regex(pattern, options.value if options else 0)


def _from(program: regexes.Program, text: str, start: int = 0) -> Capture:
    return regexes.make_match(program, text, program.find(text, start))


def _collection(program: regexes.Program, text: str, start: int = 0) -> CaptureList:
    found = [
        regexes.make_match(program, text, each) for each in regexes.all_matches(program, text) if each.start() >= start
    ]
    return CaptureList(found, f"{_SPACE}.MatchCollection")


@method(_REGEX, "bool IsMatch(string input)", "bool IsMatch(string input, int startat)")
def _is_match(value: Regex, text: str, start: int = 0) -> bool:
    return _code(value).find(text, start) is not None


@method(_REGEX, f"{_SPACE}.Match Match(string input)", f"{_SPACE}.Match Match(string input, int startat)")
def _match(value: Regex, text: str, start: int = 0) -> Capture:
    return _from(_code(value), text, start)


@method(
    _REGEX,
    f"{_SPACE}.MatchCollection Matches(string input)",
    f"{_SPACE}.MatchCollection Matches(string input, int startat)",
)
def _matches(value: Regex, text: str, start: int = 0) -> CaptureList:
    return _collection(_code(value), text, start)


def _evaluator(function: Callable[[Any], Any]) -> Callable[[Capture], str]:
    return lambda found: to_string(function(found))


@method(
    _REGEX,
    "string Replace(string input, string replacement)",
    "string Replace(string input, string replacement, int count)",
    "string Replace(string input, string replacement, int count, int startat)",
    "string Replace(string input, delegate evaluator)",
    "string Replace(string input, delegate evaluator, int count)",
)
def _replace(value: Regex, text: str, new: Any, count: int = -1, start: int = 0) -> str:
    return regexes.replace(_code(value), text, new if isinstance(new, str) else _evaluator(new), count, start)


@method(_REGEX, "string[] Split(string input)", "string[] Split(string input, int count)")
def _split(value: Regex, text: str, count: int = 0) -> Array:
    return Array(list(regexes.split(_code(value), text, count)), "System.String")


@method(_REGEX, "string[] GetGroupNames()")
def _group_names(value: Regex) -> Array:
    return Array([name for name, _ in _code(value).groups], "System.String")


@method(_REGEX, "int[] GetGroupNumbers()")
def _group_numbers(value: Regex) -> Array:
    return Array(list(range(len(_code(value).groups))), "System.Int32")


def _statically(options: EnumValue | None) -> int:
    return options.value if options else 0


@static(
    _REGEX,
    "bool IsMatch(string input, string pattern)",
    f"bool IsMatch(string input, string pattern, {_OPTIONS} options)",
)
def _static_is(text: str, pattern: str, options: EnumValue | None = None) -> bool:
    return regexes.program(pattern, _statically(options)).find(text) is not None


@static(
    _REGEX,
    f"{_SPACE}.Match Match(string input, string pattern)",
    f"{_SPACE}.Match Match(string input, string pattern, {_OPTIONS} options)",
)
def _static_match(text: str, pattern: str, options: EnumValue | None = None) -> Capture:
    return _from(regexes.program(pattern, _statically(options)), text)


@static(
    _REGEX,
    f"{_SPACE}.MatchCollection Matches(string input, string pattern)",
    f"{_SPACE}.MatchCollection Matches(string input, string pattern, {_OPTIONS} options)",
)
def _static_matches(text: str, pattern: str, options: EnumValue | None = None) -> CaptureList:
    return _collection(regexes.program(pattern, _statically(options)), text)


@static(
    _REGEX,
    "string Replace(string input, string pattern, string replacement)",
    f"string Replace(string input, string pattern, string replacement, {_OPTIONS} options)",
    "string Replace(string input, string pattern, delegate evaluator)",
    f"string Replace(string input, string pattern, delegate evaluator, {_OPTIONS} options)",
)
def _static_replace(text: str, pattern: str, new: Any, options: EnumValue | None = None) -> str:
    program = regexes.program(pattern, _statically(options))
    return regexes.replace(program, text, new if isinstance(new, str) else _evaluator(new))


@static(
    _REGEX,
    "string[] Split(string input, string pattern)",
    f"string[] Split(string input, string pattern, {_OPTIONS} options)",
)
def _static_split(text: str, pattern: str, options: EnumValue | None = None) -> Array:
    return Array(list(regexes.split(regexes.program(pattern, _statically(options)), text)), "System.String")


static(_REGEX, "string Escape(string str)")(regexes.escape)
static(_REGEX, "string Unescape(string str)")(regexes.unescape)

_CAPTURE, _GROUP, _MATCH = f"{_SPACE}.Capture", f"{_SPACE}.Group", f"{_SPACE}.Match"
prop(_CAPTURE, "int Index", lambda value: value.index)
prop(_CAPTURE, "int Length", lambda value: value.length)
prop(_CAPTURE, "string Value", lambda value: value.value)
prop(_GROUP, "bool Success", lambda value: value.success)
prop(_GROUP, "string Name", lambda value: value.name)
prop(
    _GROUP,
    f"{_SPACE}.CaptureCollection Captures",
    lambda value: CaptureList(value.captures, f"{_SPACE}.CaptureCollection"),
)
prop(_MATCH, f"{_SPACE}.GroupCollection Groups", lambda value: CaptureList(value.groups, f"{_SPACE}.GroupCollection"))


@method(_MATCH, f"{_SPACE}.Match NextMatch()")
def _next(value: Capture) -> Capture:
    return value.following() if value.following else value


@method(_MATCH, "string Result(string replacement)")
def _result(value: Capture, template: str) -> str:
    found = value.found
    names = tuple((group.name, place) for place, group in enumerate(value.groups))
    return regexes.expand(template, regexes.Program(found.re, names), found.string, found)


for _name in ("MatchCollection", "GroupCollection", "CaptureCollection"):
    prop(f"{_SPACE}.{_name}", "int Count", len)


def group_at(value: CaptureList, key: Any) -> Capture:
    """Return a collection's element by number, a group also by name; a missing group is an unsuccessful one."""
    if isinstance(key, str):
        found = next((group for group in value.items if group.name == key), None)
        return found or Capture("", 0, 0, success=False, name=key)
    if 0 <= key < len(value.items):
        found = value.items[key]
        assert isinstance(found, Capture)  # noqa: S101 - what regular expressions collect
        return found
    if value.type_name.endswith("GroupCollection"):
        return Capture("", 0, 0, success=False, name=str(key))
    from psnet.lab.dotnet.errors import argument_range  # noqa: PLC0415 - only for a wrong number

    raise argument_range("i", "Specified argument was out of the range of valid values.")


for _name in ("MatchCollection", "GroupCollection", "CaptureCollection"):
    method(f"{_SPACE}.{_name}", "System.Object get_Item(int i)", "System.Object Item(int i)")(group_at)
method(f"{_SPACE}.GroupCollection", "System.Object get_Item(string groupname)", "System.Object Item(string groupname)")(
    group_at
)
