"""Numbers as text: default forms, standard and custom format strings of the invariant culture."""

from __future__ import annotations

import math
import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.cultures import Culture, culture_of, currency, number, percent
from psnet.lab.dotnet.errors import thrown
from psnet.lab.dotnet.numbers import EXACT, RANGES, is_integer, to_single
from psnet.lab.values import BigInteger, Single

_STANDARD = re.compile(r"([A-Za-z])(\d{0,9})")


def special_text(value: float) -> str | None:
    """Return the text of NaN and the infinities, None for other numbers."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        if modern():
            return "∞" if value > 0 else "-∞"
        return "Infinity" if value > 0 else "-Infinity"
    return None


def _digits(value: Decimal) -> tuple[str, int]:
    """Return significant digits without trailing zeros, and the exponent of the first."""
    sign, digits, exponent = value.as_tuple()
    del sign
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return "0", 0
    return text.rstrip("0"), len(text) + int(exponent) - 1


def _general(value: Decimal, limit: int, exponent_mark: str = "E", width: int = 2, *, negative: bool) -> str:
    digits, exponent = _digits(value)
    sign = "-" if negative else ""
    if exponent >= limit or exponent < -4:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}{exponent_mark}{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    rest = digits[exponent + 1 :]
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def _shortest(value: float) -> Decimal:
    """Return the shortest decimal that reads back as the same Double or Single."""
    if isinstance(value, Single):
        for precision in range(1, 10):
            text = f"{value:.{precision - 1}e}"
            if float(to_single(float(text))) == float(value):
                return Decimal(text)
    return Decimal(repr(float(value)))


def round_significant(value: float, digits: int) -> Decimal:
    """Return a number rounded to so many significant digits."""
    return Decimal(f"{float(value):.{digits - 1}e}")


def general(value: float, digits: int) -> str:
    """Return the ``G<digits>`` form of a floating-point number."""
    text = special_text(value)
    if text is not None:
        return text
    negative = value < 0 or (value == 0 and math.copysign(1, value) < 0 and modern())
    return _general(round_significant(value, digits), digits, negative=negative)


def default_text(value: Any, language: str | None = None) -> str:
    """Return ``ToString()`` of a number: shortest round trip in 7, 15 (7) digits in 5.1."""
    if isinstance(value, float):
        text = special_text(value)
        if text is not None:
            return text
        single = isinstance(value, Single)
        if not modern(language):
            return general(value, 7 if single else 15)
        negative = math.copysign(1, value) < 0
        return _general(_shortest(value), 7 if single else 15, negative=negative)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(int(value))


def decimal_text(value: Decimal) -> str:
    """Return a Decimal with the decimals it has."""
    text = f"{value:f}"
    return text[1:] if text.startswith("-") and not value else text


def round_trip(value: float, language: str | None = None) -> str:
    """Return the ``R`` form: in 5.1 with 15 (7) digits when these suffice, else with 17 (9)."""
    text = special_text(value)
    if text is not None:
        return text
    if modern(language):
        return default_text(value, language)
    few, many = (7, 9) if isinstance(value, Single) else (15, 17)
    rounded = float(round_significant(value, few))
    if isinstance(value, Single):
        rounded = float(to_single(rounded))
    if rounded == float(value):
        return general(value, few)
    return _general(round_significant(value, many), few, negative=value < 0)


def _as_decimal(value: Any) -> Decimal:
    """Return the digits that formatting starts from: exact in 7, the first 15 (7) in 5.1."""
    if isinstance(value, float):
        if modern():
            return Decimal(float(value))
        return round_significant(value, 7 if isinstance(value, Single) else 15)
    return value if isinstance(value, Decimal) else Decimal(int(value))


def _fixed(value: Decimal, decimals: int) -> str:
    """Return the absolute value with so many decimals, halves away from zero."""
    with localcontext(EXACT) as context:
        context.prec = 700
        return f"{abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def group(whole: str) -> str:
    """Return digits with a comma before every third from the right."""
    return f"{int(whole):,}".rjust(len(whole), "0") if whole else whole


def _signed(text: str, value: Decimal, pattern: str = "-{}") -> str:
    return pattern.format(text) if value < 0 and text.strip("0.,") else text


def _scientific(value: Decimal, decimals: int, mark: str, width: int) -> str:
    digits, exponent = _digits(abs(value))
    with localcontext(EXACT) as context:
        context.prec = 700
        mantissa = Decimal(f"{digits[0]}.{digits[1:] or '0'}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if mantissa >= 10:
            mantissa, exponent = (mantissa / 10).quantize(Decimal(1).scaleb(-decimals)), exponent + 1
    sign = "-" if value < 0 else ""
    return f"{sign}{mantissa:f}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"


def _hexadecimal(value: int, type_name: str, width: int, *, upper: bool) -> str:
    if value < 0:
        low, high = RANGES.get(type_name, (0, 0))
        value += high - low + 1
    return f"{value:0{width}{'X' if upper else 'x'}}"


def format_number(value: Any, template: str, type_name: str, culture: str = "") -> str:
    """Return a number formatted by a standard or custom format string; FormatException for a wrong one."""
    spoken = culture_of(culture)
    if not template:
        return number(default_text(value), spoken)
    if isinstance(value, float) and (text := special_text(value)) is not None:
        return text
    found = _STANDARD.fullmatch(template)
    if found is None:
        return number(_custom(_as_decimal(value), template), spoken)
    if found[1] in "CcPp":
        return _in_culture(_as_decimal(value), found[1].upper(), found[2], spoken)
    return number(_standard(value, found[1], found[2], type_name), spoken)


def _in_culture(exact: Decimal, letter: str, count: str, culture: Culture) -> str:
    """Return an amount of currency or a percentage."""
    left, dot, right = _fixed(exact if letter == "C" else exact * 100, int(count) if count else 2).partition(".")
    negative = left.startswith("-") or (exact < 0 and bool((left + right).strip("0")))
    magnitude = number(f"{group(left.lstrip('-'))}{dot}{right}", culture)
    write = currency if letter == "C" else percent
    return write(magnitude, negative=negative, culture=culture, modern=modern())


def _standard(value: Any, letter: str, count: str, type_name: str) -> str:
    kind, whole = letter.upper(), is_integer(value)
    exact = _as_decimal(value)
    digits = int(count) if count else None
    if kind == "D" and whole:
        return f"{'-' if value < 0 else ''}{abs(int(value)):0{digits or 1}d}"
    if kind == "X" and whole:
        if isinstance(value, BigInteger):
            text = f"{int(value):x}" if value >= 0 else f"{int(value) % (1 << (value.bit_length() // 8 + 1) * 8):x}"
            text = text if value < 0 or text[0] < "8" else f"0{text}"
            text = text.rjust(digits or 1, "0")
            return text.upper() if letter == "X" else text
        return _hexadecimal(int(value), type_name, digits or 1, upper=letter == "X")
    if kind == "B" and whole and modern():
        low, high = RANGES.get(type_name, (0, 0))
        number = int(value) if value >= 0 else int(value) + high - low + 1
        return f"{number:0{digits or 1}b}"
    if kind in "FN":
        text = _fixed(exact, 2 if digits is None else digits)
        if kind == "N":
            left, dot, right = text.partition(".")
            text = f"{group(left)}{dot}{right}"
        return _signed(text, exact) if not _keeps_negative_zero(value, text) else f"-{text}"
    if kind == "E":
        return _scientific(exact, 6 if digits is None else digits, letter, 3)
    if kind == "G":
        return _general_standard(value, exact, digits, letter, type_name)
    if kind == "R" and isinstance(value, float | BigInteger):
        return round_trip(value) if isinstance(value, float) else str(int(value))
    raise thrown("FormatException", "Format specifier was invalid.")


def _keeps_negative_zero(value: Any, text: str) -> bool:
    """Say whether a minus sign stays before a zero: since .NET Core 3.0, for floating point."""
    negative = isinstance(value, float) and math.copysign(1, value) < 0
    return negative and modern() and not text.strip("0.,")


def _general_standard(value: Any, exact: Decimal, digits: int | None, letter: str, type_name: str) -> str:
    mark = "E" if letter == "G" else "e"
    if not digits:
        if isinstance(value, float):
            return default_text(value).replace("E", mark)
        return decimal_text(value) if isinstance(value, Decimal) else str(int(value))
    del type_name
    source = Decimal(float(value)) if isinstance(value, float) else exact
    text, exponent = _digits(abs(source))
    if len(text) > digits:
        with localcontext(EXACT) as context:
            context.prec = 400
            source = source.quantize(Decimal(1).scaleb(exponent - digits + 1), ROUND_HALF_UP)
    return _general(abs(source), digits, mark, negative=source < 0)


# -- custom format strings ------------------------------------------------------------------------------


def _sections(template: str) -> list[str]:
    sections, start, place = [], 0, 0
    while place < len(template):
        mark = template[place]
        if mark == "\\":
            place += 1
        elif mark in "'\"":
            end = template.find(mark, place + 1)
            place = len(template) if end < 0 else end
        elif mark == ";":
            sections.append(template[start:place])
            start = place + 1
        place += 1
    return [*sections, template[start:]]


_TOKEN = re.compile(r"\\.|'[^']*'?|\"[^\"]*\"?|[eE][+-]?0+|[0#.,%‰]|.", re.DOTALL)


def _custom(value: Decimal, template: str) -> str:
    sections = _sections(template)
    section = sections[0]
    if value < 0 and len(sections) > 1 and sections[1]:
        section, value = sections[1], -value
        explicit = True
    else:
        explicit = False
    text, zero = _apply(value, section)
    if zero and len(sections) > 2 and sections[2]:
        return _apply(Decimal(0), sections[2])[0]
    if zero and explicit and value:
        text, _ = _apply(Decimal(0), sections[0])
    return text


def _apply(value: Decimal, section: str) -> tuple[str, bool]:
    """Return a section applied to a number, and whether the number rounded to zero."""
    tokens = _TOKEN.findall(section)
    point = next((place for place, token in enumerate(tokens) if token == "."), len(tokens))
    slots = [place for place, token in enumerate(tokens) if token in {"0", "#"}]
    before = [place for place in slots if place < point]
    after = [place for place in slots if place > point]
    power = next((token for token in tokens if token[0] in "eE" and len(token) > 1), None)
    scale, grouped = 0, False
    for place, token in enumerate(tokens):
        if token == "," and place < point and before and place > before[0]:
            if any(slot > place for slot in before):
                grouped = True
            else:
                scale += 3
    scale -= sum({"%": 2, "‰": 3}.get(token, 0) for token in tokens)
    with localcontext(EXACT) as context:
        context.prec = 700
        number = abs(value).scaleb(-scale)
        exponent = 0
        if power and number:
            exponent = _digits(number)[1] - max(len(before), 1) + 1
            number = number.scaleb(-exponent)
        number = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
        whole = number.to_integral_value(ROUND_DOWN)
    digits = "" if not whole else f"{whole:f}"
    fraction = f"{number - whole:f}".partition(".")[2]
    needed = max((len(before) - place for place, slot in enumerate(before) if tokens[slot] == "0"), default=0)
    digits = digits.rjust(needed, "0")
    kept = max((place + 1 for place, slot in enumerate(after) if tokens[slot] == "0"), default=0)
    fraction = fraction[: len(after)]
    while len(fraction) > kept and fraction.endswith("0"):
        fraction = fraction[:-1]
    zero = not number
    out: list[str] = ["-"] if value < 0 and not zero else []
    lead, spread = max(len(digits) - len(before), 0), len(before)
    position, seen = 0, 0
    for place, token in enumerate(tokens):
        if token in {"0", "#"} and place < point:
            start = position
            position = position + 1 + (lead if not seen else 0)
            seen += 1
            missing = spread - len(digits)
            chunk = (
                digits[start - max(missing, 0) : position - max(missing, 0)] if missing > 0 else digits[start:position]
            )
            if missing > 0 and position <= missing:
                chunk = ""
            out.append(_grouped(chunk, len(digits), start - max(missing, 0)) if grouped else chunk)
        elif token in {"0", "#"}:
            index = after.index(place)
            out.append(fraction[index : index + 1])
        elif token == "." and place == point:
            out.append("." if fraction else "")
        elif token[0] in "eE" and len(token) > 1:
            out.append(_exponent(exponent, token))
        elif token == "," or (token == "." and place != point):
            continue
        else:
            out.append(_literal(token))
    if not before and digits:
        place = next((i for i, token in enumerate(out) if token == "."), 0)
        out.insert(place, digits)
    return "".join(out), zero


def _grouped(chunk: str, total: int, start: int) -> str:
    out = []
    for offset, digit in enumerate(chunk):
        left = total - (start + offset)
        out.append(digit)
        if left > 1 and (left - 1) % 3 == 0:
            out.append(",")
    return "".join(out)


def _exponent(exponent: int, token: str) -> str:
    sign = "-" if exponent < 0 else "+" if token[1] == "+" else ""
    return f"{token[0]}{sign}{abs(exponent):0{token.count('0')}d}"


def _literal(token: str) -> str:
    if token[0] == "\\":
        return token[1:]
    return token.strip(token[0]) if token[0] in "'\"" and len(token) > 1 else token
