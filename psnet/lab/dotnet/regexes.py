"""Regular expressions of .NET on top of the ``regex`` package: translation, matches, substitution."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import regex

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import UnsupportedError, argument_error, thrown
from psnet.lab.dotnet.objects import Regex
from psnet.lab.dotnet.strings import length

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CLASS_ESCAPES = set("wWdDsSpPnrtfvxubB0123456789")


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled pattern; ``groups`` are (name in .NET, number in ``regex``), group 0 first."""

    code: regex.Pattern[str]
    groups: tuple[tuple[str, int], ...]

    def find(self, text: str, start: int = 0) -> regex.Match[str] | None:
        """Return the next match from a place on."""
        if self.code.flags & regex.REVERSE:
            return self.code.search(text, 0, start or len(text))
        return self.code.search(text, start)


class _Translator:
    """Rewrites one .NET pattern in the syntax of the ``regex`` package."""

    def __init__(self, pattern: str, options: int) -> None:
        self.text, self.options = pattern, options
        self.place, self.count = 0, 0
        self.out: list[str] = []
        self.unnamed: list[int] = []
        self.named: dict[str, int] = {}
        self.verbose = [bool(options & 32)]
        self.explicit = [bool(options & 4)]

    def run(self) -> tuple[str, tuple[tuple[str, int], ...]]:
        while self.place < len(self.text):
            self.step()
        groups = [("0", 0)]
        numbered = {int(name): number for name, number in self.named.items() if name.isdigit()}
        free = 0
        for number in self.unnamed:
            free += 1
            while free in numbered:
                free += 1
            groups.append((str(free), number))
        groups += [(str(name), number) for name, number in numbered.items()]
        groups.sort(key=lambda group: int(group[0]))
        groups += [(name, number) for name, number in self.named.items() if not name.isdigit()]
        return "".join(self.out), tuple(groups)

    def step(self) -> None:
        char = self.text[self.place]
        if char == "\\":
            self.escape()
        elif char == "[":
            self.klass()
        elif char == "(":
            self.group()
        elif char == ")":
            if len(self.verbose) > 1:
                self.verbose.pop()
                self.explicit.pop()
            self.emit(")")
        elif char == "#" and self.verbose[-1]:
            end = self.text.find("\n", self.place)
            self.place = len(self.text) if end < 0 else end
        elif char in " \t\r\n\f\v" and self.verbose[-1]:
            self.place += 1
        elif char == "{" and not regex.match(r"\{\d+(?:,\d*)?\}", self.text[self.place :]):
            self.out.append(r"\{")
            self.place += 1
        elif char in "*+?}" and char == "+" and self.out and self.out[-1] in {"*", "+", "?"}:
            raise _parse_error(self.text, "Nested quantifier '+'.", "Nested quantifier +.")
        elif char == " ":
            self.out.append("\\ ")
            self.place += 1
        else:
            self.emit(char)

    def emit(self, text: str, width: int | None = None) -> None:
        self.out.append(text)
        self.place += len(text) if width is None else width

    def escape(self) -> None:
        if self.place + 1 >= len(self.text):
            raise _parse_error(self.text, "Illegal \\ at the end of a pattern.", "Illegal \\ at end of pattern.")
        char = self.text[self.place + 1]
        simple = {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "a": r"\x07", "A": r"\A", "G": r"\G"}
        if char in simple:
            self.emit(simple[char], 2)
        elif char == "c":
            self.emit(f"\\x{ord(self.text[self.place + 2].upper()) - 64:02x}", 3)
        elif char == "k":
            found = regex.match(r"\\k(?:<(\w+)>|'(\w+)'|\{(\w+)\})", self.text[self.place :])
            if not found:
                raise _parse_error(
                    self.text, r"Malformed \k<...> named back reference.", r"Malformed \k<...> named back reference."
                )
            self.emit(f"(?P={self.safe(next(part for part in found.groups() if part))})", found.end())
        elif char.isdigit() and char != "0":
            found = regex.match(r"\\(\d{1,2})", self.text[self.place :])
            if found:
                self.emit(f"(?:\\{found[1]})", found.end())
        elif char in "hHKRXNLlmM":
            raise _parse_error(
                self.text, f"Unrecognized escape sequence \\{char}.", f"Unrecognized escape sequence \\{char}."
            )
        elif char in "wWdDsSbBnrtfvpPxu0":
            self.emit(f"\\{char}")
        elif char.isalpha() or char == "_":
            raise _parse_error(
                self.text, f"Unrecognized escape sequence \\{char}.", f"Unrecognized escape sequence \\{char}."
            )
        else:
            self.emit(regex.escape(char, special_only=False), 2)

    def klass(self) -> None:
        """Copy a character class; a bracket within it is a literal, ``-[`` at its end a subtraction."""
        start = self.place
        self.place += 1
        out = ["["]
        if self.text[self.place : self.place + 1] == "^":
            out.append("^")
            self.place += 1
        first = True
        while True:
            if self.place >= len(self.text):
                raise _parse_error(self.text, "Unterminated [] set.", "Unterminated [] set.")
            char = self.text[self.place]
            if char == "]" and not first:
                self.place += 1
                out.append("]")
                break
            if char == "\\" and self.place + 1 < len(self.text):
                following = self.text[self.place + 1]
                if following in {"e", "a"}:
                    out.append({"e": r"\x1b", "a": r"\x07"}[following])
                elif following in _CLASS_ESCAPES:
                    out.append(f"\\{following}")
                else:
                    out.append(regex.escape(following, special_only=False))
                self.place += 2
            elif char == "-" and self.text[self.place + 1 : self.place + 2] == "[":
                self.place += 1
                outer, self.out = self.out, []
                self.klass()
                inner, self.out = "".join(self.out), outer
                out.append(f"--{inner}")
            elif char == "-":
                out.append("-" if self.is_range(first) else r"\-")
                self.place += 1
            else:
                out.append(char if char.isalnum() else regex.escape(char, special_only=False))
                self.place += 1
            first = False
        del start
        self.out.append("".join(out))

    def is_range(self, first: bool) -> bool:
        following = self.text[self.place + 1 : self.place + 2]
        return not first and following not in {"]", ""} and self.text[self.place - 1] != "["

    def group(self) -> None:
        rest = self.text[self.place :]
        if rest.startswith("(?#"):
            self.place += (rest.find(")") + 1) or len(rest)
            return
        named = regex.match(r"\(\?(?:<([A-Za-z_]\w*|\d+)>|'([A-Za-z_]\w*|\d+)')", rest)
        if named:
            self.named_group(named[1] or named[2], named.end())
            return
        if regex.match(r"\(\?[<'][\w]*-", rest):
            raise UnsupportedError("a balancing group in a regular expression")
        flags = regex.match(r"\(\?([imnsx]*)(?:-([imnsx]+))?([:)])", rest)
        if flags and (flags[1] or flags[2] or flags[3] == ":"):
            self.flags(flags)
            return
        if rest.startswith("(?"):
            known = regex.match(r"\(\?(?:[=!>]|<[=!]|\()", rest)
            if not known:
                raise _parse_error(self.text, "Unrecognized grouping construct.", "Unrecognized grouping construct.")
            self.push()
            if known[0].endswith("(?("):
                raise UnsupportedError("a conditional in a regular expression")
            self.emit(known[0])
            return
        self.push()
        if self.explicit[-1]:
            self.emit("(?:", 1)
            return
        self.count += 1
        self.unnamed.append(self.count)
        self.emit("(")

    def push(self) -> None:
        self.verbose.append(self.verbose[-1])
        self.explicit.append(self.explicit[-1])

    def named_group(self, name: str, width: int) -> None:
        self.push()
        if name not in self.named:
            self.count += 1
            self.named[name] = self.count
        self.emit(f"(?P<{self.safe(name)}>", width)

    @staticmethod
    def safe(name: str) -> str:
        return f"n{name}" if name.isdigit() else name

    def flags(self, found: Any) -> None:
        on, off, end = found[1], found[2] or "", found[3]
        if end == ":":
            self.push()
        if "x" in on + off:
            self.verbose[-1] = "x" in on
        if "n" in on + off:
            self.explicit[-1] = "n" in on
        kept_on, kept_off = (part.replace("x", "").replace("n", "") for part in (on, off))
        written = f"(?{kept_on}{f'-{kept_off}' if kept_off else ''}{end}" if kept_on or kept_off or end == ":" else ""
        self.emit(written, found.end())


def _parse_error(pattern: str, new: str, old: str) -> Any:
    if modern():
        error = thrown(
            "System.Text.RegularExpressions.RegexParseException",
            f"Invalid pattern '{pattern}' at offset {len(pattern)}. {new}",
        )
    else:
        error = argument_error(f'parsing "{pattern}" - {old}')
    return error


@lru_cache(maxsize=1024)
def _compile(pattern: str, options: int, *, new: bool) -> Program:
    del new
    text, groups = _Translator(pattern, options).run()
    flags = regex.V1
    flags |= regex.IGNORECASE if options & 1 else 0
    flags |= regex.MULTILINE if options & 2 else 0
    flags |= regex.DOTALL if options & 16 else 0
    flags |= regex.REVERSE if options & 64 else 0
    flags |= regex.ASCII if options & 256 else 0
    try:
        return Program(regex.compile(text, flags), groups)
    except regex.error as error:
        reason = str(error.msg) if hasattr(error, "msg") else str(error)
        new_text, old_text = _reason(reason)
        raise _parse_error(pattern, new_text, old_text) from None


def _reason(reason: str) -> tuple[str, str]:
    if "repeat" in reason:
        return "Quantifier '*' following nothing.", "Quantifier {x,y} following nothing."
    if "missing )" in reason or "unterminated" in reason:
        return "Not enough )'s.", "Not enough )'s."
    if "unbalanced" in reason or "trailing" in reason or "unknown" in reason:
        return "Too many )'s.", "Too many )'s."
    if "range" in reason:
        return "[x-y] range in reverse order.", "[x-y] range in reverse order."
    return f"{reason}.", f"{reason}."


def program(pattern: str, options: int = 0) -> Program:
    """Return a compiled pattern; raises the ArgumentException that .NET throws for a wrong one."""
    return _compile(pattern, options, new=modern())


def make_regex(pattern: str, options: int = 0) -> Regex:
    """Return a Regex value, its pattern checked."""
    program(pattern, options)
    return Regex(pattern, options)


@dataclass(slots=True, eq=False)
class Capture:
    """A Capture, Group or Match; a Match also knows its groups and where to look for the next one."""

    value: str
    index: int
    length: int
    success: bool = True
    name: str = "0"
    type_name: str = "System.Text.RegularExpressions.Group"
    captures: list[Capture] = field(default_factory=list)
    groups: list[Capture] = field(default_factory=list)
    following: Callable[[], Capture] | None = None
    found: Any = None

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        return self.value


@dataclass(slots=True, eq=False)
class CaptureList:
    """A MatchCollection, GroupCollection or CaptureCollection."""

    items: list[Capture]
    type_name: str
    enumerates = True

    def __iter__(self) -> Iterator[Capture]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def make_match(code: Program, text: str, found: regex.Match[str] | None) -> Capture:
    """Return a Match value for what was found in a text."""
    kind = "System.Text.RegularExpressions.Match"
    if found is None:
        return Capture("", 0, 0, success=False, type_name=kind, groups=[Capture("", 0, 0, success=False)])
    groups = [_group(found, text, name, number) for name, number in code.groups]
    whole = groups[0]
    match = Capture(whole.value, whole.index, whole.length, True, "0", kind, whole.captures, groups, found=found)
    groups[0] = match
    match.following = lambda: make_match(code, text, next_match(code, text, found))
    return match


def _group(found: regex.Match[str], text: str, name: str, number: int) -> Capture:
    spans = found.spans(number)
    captures = [
        Capture(text[a:b], length(text[:a]), length(text[a:b]), type_name="System.Text.RegularExpressions.Capture")
        for a, b in spans
    ]
    if not captures:
        return Capture("", 0, 0, success=False, name=name)
    last = captures[-1]
    return Capture(last.value, last.index, last.length, name=name, captures=captures)


def next_match(code: Program, text: str, found: regex.Match[str]) -> regex.Match[str] | None:
    """Return the match after another one; after an empty one the search goes on one character later."""
    if code.code.flags & regex.REVERSE:
        start = found.start() - (found.start() == found.end())
        return code.code.search(text, 0, start) if start > 0 or (start == 0 and found.start() != found.end()) else None
    start = found.end() + (found.start() == found.end())
    return code.code.search(text, start) if start <= len(text) else None


def all_matches(code: Program, text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches in a text, in the order in which .NET finds them."""
    found = code.find(text)
    while found is not None:
        yield found
        found = next_match(code, text, found)


_SUBSTITUTION = regex.compile(r"\$(?:(\$)|(\d+)|\{(\w+)\}|(&)|(`)|(')|(\+)|(_))")


def expand(template: str, code: Program, text: str, found: regex.Match[str]) -> str:
    """Return a replacement string with its $-substitutions filled in."""
    numbers = dict(code.groups)

    def fill(part: regex.Match[str]) -> str:
        if part[1]:
            return "$"
        name = part[2] or part[3]
        if name is not None:
            number = numbers.get(str(int(name)) if name.isdigit() else name)
            return str(part[0] if number is None else found[number] or "")
        if part[4]:
            return str(found[0])
        if part[5]:
            return text[: found.start()]
        if part[6]:
            return text[found.end() :]
        return str(found[code.groups[-1][1]] or "") if part[7] else text

    return _SUBSTITUTION.sub(fill, template)


def replace(
    code: Program, text: str, replacement: str | Callable[[Capture], str], count: int = -1, start: int = 0
) -> str:
    """Return a text with matches replaced by a template or by what a function gives for each."""
    pieces: list[tuple[int, int, str]] = []
    for found in all_matches(code, text):
        if found.start() < start:
            continue
        if count >= 0 and len(pieces) >= count:
            break
        new = (
            expand(replacement, code, text, found)
            if isinstance(replacement, str)
            else replacement(make_match(code, text, found))
        )
        pieces.append((found.start(), found.end(), new))
    out, place = [], 0
    for begin, end, new in sorted(pieces, key=lambda piece: piece[:2]):
        out += [text[place:begin], new]
        place = end
    return "".join([*out, text[place:]])


def split(code: Program, text: str, count: int = 0) -> list[str]:
    """Return ``Regex.Split``: the parts between matches, with what the groups captured; count 0 is no limit."""
    if count == 1:
        return [text]
    matches = []
    for found in all_matches(code, text):
        matches.append(found)
        if count and len(matches) >= count - 1:
            break
    if not matches:
        return [text]
    out, place = [], 0
    for found in sorted(matches, key=lambda each: each.span()):
        out.append(text[place : found.start()])
        place = found.end()
        out += [found[number] for _, number in code.groups[1:] if found[number] is not None]
    return [*out, text[place:]]


def escape(text: str) -> str:
    """Return ``Regex.Escape``."""
    special = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\f": r"\f"}
    return "".join(special.get(char) or (f"\\{char}" if char in "\\*+?|{[()^$.# " else char) for char in text)


def unescape(text: str) -> str:
    """Return ``Regex.Unescape`` for the escapes that Escape makes, and hexadecimal ones."""
    known = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
    return regex.sub(
        r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))",
        lambda found: chr(int(found[1] or found[2], 16)) if found[1] or found[2] else known.get(found[3], found[3]),
        text,
        flags=regex.DOTALL,
    )
