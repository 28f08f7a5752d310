"""System.String."""

from __future__ import annotations

import unicodedata
from typing import Any

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import argument_error, argument_null, argument_range, thrown
from psnet.lab.dotnet.registry import constants, method, prop
from psnet.lab.dotnet.strings import (
    char_at,
    compare_by,
    joined,
    length,
    linguistic,
    lower,
    slice_units,
    units,
    upper,
)
from psnet.lab.values import Array, Char, DotNetError, EnumValue

_STRING = "System.String"
constants(_STRING, "string", Empty="")
prop(_STRING, "int Length", length)


@method(_STRING, "char Chars(int index)", "char get_Chars(int index)")
def _chars(text: str, index: int) -> Char:
    if not 0 <= index < length(text):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return char_at(text, index)


@method(_STRING, "string ToUpper()", "string ToUpperInvariant()")
def _upper(text: str) -> str:
    return upper(text)


@method(_STRING, "string ToUpper(cultureinfo culture)")
def _upper_in(text: str, culture: Any) -> str:
    del culture
    return upper(text)


@method(_STRING, "string ToLower()", "string ToLowerInvariant()")
def _lower(text: str) -> str:
    return lower(text)


@method(_STRING, "string ToLower(cultureinfo culture)")
def _lower_in(text: str, culture: Any) -> str:
    del culture
    return lower(text)


@method(_STRING, "string Trim()")
def _trim(text: str) -> str:
    return text.strip()


@method(_STRING, "string TrimStart()")
def _trim_start(text: str) -> str:
    return text.lstrip()


@method(_STRING, "string TrimEnd()")
def _trim_end(text: str) -> str:
    return text.rstrip()


def _set(chars: Array | None) -> str | None:
    return "".join(chars) if chars is not None and len(chars) else None


@method(_STRING, "string Trim(Params char[] trimChars)")
def _trim_chars(text: str, chars: Array) -> str:
    return text.strip(_set(chars))


@method(_STRING, "string TrimStart(Params char[] trimChars)")
def _trim_start_chars(text: str, chars: Array) -> str:
    return text.lstrip(_set(chars))


@method(_STRING, "string TrimEnd(Params char[] trimChars)")
def _trim_end_chars(text: str, chars: Array) -> str:
    return text.rstrip(_set(chars))


def _found(whole: str, part: str, start: int, end: int, comparison: int, *, last: bool = False) -> int:
    """Return where a part begins, in UTF-16 units; culture-sensitive comparisons work like ordinal ones here."""
    text, wanted = units(whole), units(part)
    if comparison % 2:
        text, wanted = upper(text), upper(wanted)
    return text.rfind(wanted, start, end) if last else text.find(wanted, start, end)


def _range(text: str, start: int, count: int | None = None) -> int:
    size = length(text)
    if not 0 <= start <= size:
        message = (
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection."
            if modern()
            else "Index was out of range. Must be non-negative and less than the size of the collection."
        )
        raise argument_range("startIndex", message)
    if count is not None and not 0 <= count <= size - start:
        raise argument_range(
            "count", "Count must be positive and count must refer to a location within the string/array/collection."
        )
    return size if count is None else start + count


@method(
    _STRING,
    "int IndexOf(char value)",
    "int IndexOf(string value)",
    "int IndexOf(char value, int startIndex)",
    "int IndexOf(string value, int startIndex)",
    "int IndexOf(char value, int startIndex, int count)",
    "int IndexOf(string value, int startIndex, int count)",
)
def _index_of(text: str, value: str | None, start: int = 0, count: int | None = None) -> int:
    if value is None:
        raise argument_null("value")
    return _found(text, value, start, _range(text, start, count), 4)


@method(_STRING, "int IndexOf(string value, System.StringComparison comparisonType)")
def _index_of_by(text: str, value: str, comparison: EnumValue) -> int:
    return _found(text, value, 0, length(text), comparison.value)


@method(_STRING, "int IndexOf(string value, int startIndex, System.StringComparison comparisonType)")
def _index_from_by(text: str, value: str, start: int, comparison: EnumValue) -> int:
    return _found(text, value, start, _range(text, start), comparison.value)


@method(
    _STRING,
    "int LastIndexOf(char value)",
    "int LastIndexOf(string value)",
    "int LastIndexOf(char value, int startIndex)",
    "int LastIndexOf(string value, int startIndex)",
)
def _last_index(text: str, value: str, start: int | None = None) -> int:
    end = length(text) if start is None else start + length(value) if length(value) == 1 else start + 1
    return _found(text, value, 0, end, 4, last=True)


@method(_STRING, "int LastIndexOf(string value, System.StringComparison comparisonType)")
def _last_index_by(text: str, value: str, comparison: EnumValue) -> int:
    return _found(text, value, 0, length(text), comparison.value, last=True)


@method(_STRING, "int IndexOfAny(char[] anyOf)", "int IndexOfAny(char[] anyOf, int startIndex)")
def _index_any(text: str, chars: Array, start: int = 0) -> int:
    whole, wanted = units(text), set(chars)
    return next((place for place in range(start, len(whole)) if whole[place] in wanted), -1)


@method(_STRING, "int LastIndexOfAny(char[] anyOf)")
def _last_any(text: str, chars: Array) -> int:
    whole, wanted = units(text), set(chars)
    return next((place for place in range(len(whole) - 1, -1, -1) if whole[place] in wanted), -1)


@method(_STRING, "bool Contains(string value)")
def _contains(text: str, value: str | None) -> bool:
    if value is None:
        raise argument_null("value")
    return value in text


@method(_STRING, "bool Contains(string value, System.StringComparison comparisonType)")
def _contains_by(text: str, value: str, comparison: EnumValue) -> bool:
    if not modern():
        from psnet.lab.dotnet.binding import no_overload  # noqa: PLC0415 - only .NET Framework lacks it

        raise no_overload("Contains", 2)
    return _found(text, value, 0, length(text), comparison.value) >= 0


@method(_STRING, "bool StartsWith(string value)")
def _starts(text: str, value: str | None) -> bool:
    if value is None:
        raise argument_null("value")
    return text.startswith(value)


@method(_STRING, "bool EndsWith(string value)")
def _ends(text: str, value: str | None) -> bool:
    if value is None:
        raise argument_null("value")
    return text.endswith(value)


@method(_STRING, "bool StartsWith(string value, System.StringComparison comparisonType)")
def _starts_by(text: str, value: str, comparison: EnumValue) -> bool:
    return compare_by(text[: len(value)], value, comparison.value) == 0


@method(_STRING, "bool EndsWith(string value, System.StringComparison comparisonType)")
def _ends_by(text: str, value: str, comparison: EnumValue) -> bool:
    return not value or compare_by(text[-len(value) :], value, comparison.value) == 0


@method(_STRING, "bool StartsWith(string value, bool ignoreCase, cultureinfo culture)")
def _starts_culture(text: str, value: str, ignore_case: bool, culture: Any) -> bool:
    del culture
    return linguistic(text[: len(value)], value, ignore_case=ignore_case) == 0


@method(_STRING, "string Substring(int startIndex)")
def _substring(text: str, start: int) -> str:
    if start < 0 or start > length(text):
        raise argument_range(
            "startIndex",
            "StartIndex cannot be less than zero."
            if start < 0
            else "startIndex cannot be larger than length of string.",
        )
    return slice_units(text, start)


@method(_STRING, "string Substring(int startIndex, int length)")
def _substring_of(text: str, start: int, count: int) -> str:
    if start < 0 or start > length(text):
        return _substring(text, start)
    if count < 0:
        raise argument_range("length", "Length cannot be less than zero.")
    if start + count > length(text):
        raise argument_range("length", "Index and length must refer to a location within the string.")
    return slice_units(text, start, start + count)


@method(_STRING, "string Insert(int startIndex, string value)")
def _insert(text: str, start: int, value: str) -> str:
    if not 0 <= start <= length(text):
        raise argument_range("startIndex", "Specified argument was out of the range of valid values.")
    whole = units(text)
    return joined(whole[:start] + value + whole[start:])


@method(_STRING, "string Remove(int startIndex)", "string Remove(int startIndex, int count)")
def _remove(text: str, start: int, count: int | None = None) -> str:
    whole = units(text)
    if not 0 <= start <= len(whole) or (count is None and start == len(whole) and not modern()):
        raise argument_range(
            "startIndex",
            "StartIndex cannot be less than zero." if start < 0 else "startIndex must be less than length of string.",
        )
    if count is not None and (count < 0 or start + count > len(whole)):
        raise argument_range("count", "Index and count must refer to a location within the string.")
    return joined(whole[:start] + ("" if count is None else whole[start + count :]))


def _empty_old() -> DotNetError:
    text = "The value cannot be an empty string." if modern() else "String cannot be of zero length."
    return argument_error(text, "oldValue")


@method(_STRING, "string Replace(char oldChar, char newChar)", "string Replace(string oldValue, string newValue)")
def _replace(text: str, old: str | None, new: str | None) -> str:
    if old is None:
        raise argument_null("oldValue")
    if not old:
        raise _empty_old()
    return text.replace(old, new or "")


@method(_STRING, "string Replace(string oldValue, string newValue, System.StringComparison comparisonType)")
def _replace_by(text: str, old: str, new: str | None, comparison: EnumValue) -> str:
    if not old:
        raise _empty_old()
    out, place, wanted = [], 0, upper(old) if comparison.value % 2 else old
    whole = upper(text) if comparison.value % 2 else text
    while (at := whole.find(wanted, place)) >= 0:
        out += [text[place:at], new or ""]
        place = at + len(old)
    return "".join([*out, text[place:]])


@method(_STRING, "string PadLeft(int totalWidth)", "string PadLeft(int totalWidth, char paddingChar)")
def _pad_left(text: str, width: int, char: str = " ") -> str:
    _width(width)
    return char * (width - length(text)) + text


@method(_STRING, "string PadRight(int totalWidth)", "string PadRight(int totalWidth, char paddingChar)")
def _pad_right(text: str, width: int, char: str = " ") -> str:
    _width(width)
    return text + char * (width - length(text))


def _width(width: int) -> None:
    if width < 0:
        raise argument_range("totalWidth", "Non-negative number required.")


@method(_STRING, "char[] ToCharArray()")
def _chars_of(text: str) -> Array:
    return Array([Char(unit) for unit in units(text)], "System.Char")


@method(_STRING, "char[] ToCharArray(int startIndex, int length)")
def _chars_from(text: str, start: int, count: int) -> Array:
    return Array([Char(unit) for unit in units(text)[start : start + count]], "System.Char")


# -- the rest --------------------------------------------------------------------------------------------------


@method(_STRING, "bool Equals(string value)")
def _equals(text: str, other: str | None) -> bool:
    return other is not None and text == other


@method(_STRING, "bool Equals(string value, System.StringComparison comparisonType)")
def _equals_by(text: str, other: str, comparison: EnumValue) -> bool:
    return compare_by(text, other, comparison.value) == 0


@method(_STRING, "int CompareTo(string strB)")
def _compare_to(text: str, other: str | None) -> int:
    return 1 if other is None else linguistic(text, other, ignore_case=False)


@method(_STRING, "bool IsNormalized()")
def _is_normal(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


@method(_STRING, "string Normalize()")
def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@method(_STRING, "string Normalize(System.Text.NormalizationForm normalizationForm)")
def _normal_form(text: str, form: EnumValue) -> str:
    forms = {1: unicodedata.normalize("NFC", text), 2: unicodedata.normalize("NFD", text)}
    return forms.get(form.value) or unicodedata.normalize("NFKC" if form.value == 5 else "NFKD", text)


@method(_STRING, "System.Object Clone()", "string ToString(System.Object provider)")
def _clone(text: str, provider: Any = None) -> str:
    del provider
    return text


@method(_STRING, "System.CharEnumerator GetEnumerator()".replace("System.CharEnumerator", "System.Object"))
def _enumerator(text: str) -> Array:
    return _chars_of(text)
