"""Command lines: how cmd.exe splits statements, how programs split arguments, what powershell.exe takes."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

from psnet.errors import LabError


class CommandLineError(LabError):
    """A command line is not what the program accepts, or more than the lab's cmd.exe knows."""


@dataclass(slots=True)
class Statement:
    """One command of a cmd line; ``after`` is the operator before it: '', '&', '&&' or '||'."""

    after: str
    text: str = ""
    redirections: list[tuple[int, str]] = field(default_factory=list)


_REDIRECT: Final = re.compile(r"([012]?)(>>?)\s*(&[12]|\"[^\"]*\"|[^\s&|<>]+)")
_VARIABLE: Final = re.compile(r"%([^%:\s]+)%")


def expand(line: str, environment: dict[str, str]) -> str:
    """Replace %NAME%; a name that is not set stays, as at the prompt."""
    folded = {name.lower(): value for name, value in environment.items()}
    return _VARIABLE.sub(lambda found: folded.get(found[1].lower(), found[0]), line)


def statements(line: str) -> list[Statement]:
    """Split a line at &, && and || outside quotes; carets escape. Pipes and groups are refused."""
    found = [Statement("")]
    index, quoted = 0, False
    while index < len(line):
        char = line[index]
        current = found[-1]
        if char == '"':
            quoted = not quoted
        elif char == "^" and not quoted:
            current.text += line[index + 1 : index + 2]
            index += 2
            continue
        elif char in "&|" and not quoted:
            double = line[index + 1 : index + 2] == char
            if char == "|" and not double:
                raise CommandLineError("unsupported: a pipe in a cmd.exe command line")
            found.append(Statement(char * 2 if double else char))
            index += 2 if double else 1
            continue
        elif char in ">012" and not quoted and (match := _redirection(line, index)):
            source = int(match[1]) if match[1] else 1
            current.redirections.append((source, match[3].strip('"')))
            index = match.end()
            continue
        elif char == "<" and not quoted:
            raise CommandLineError("unsupported: input redirection in a cmd.exe command line")
        current.text += char
        index += 1
    for statement in found:
        statement.text = statement.text.lstrip()
        if statement.text.startswith("("):
            raise CommandLineError("unsupported: a group in a cmd.exe command line")
    return [statement for statement in found if statement.text.strip()]


def _redirection(line: str, index: int) -> re.Match[str] | None:
    if line[index] != ">" and index and not line[index - 1].isspace():
        return None  # the digit belongs to a word
    return _REDIRECT.match(line, index)


def split_arguments(line: str) -> list[str]:
    """Split as CommandLineToArgvW does: quotes group, a backslash escapes a quote only."""
    arguments: list[str] = []
    current, quoted, started, index = "", False, False, 0
    while index < len(line):
        char = line[index]
        if char == "\\":
            end = index
            while end < len(line) and line[end] == "\\":
                end += 1
            count, at_quote = end - index, line[end : end + 1] == '"'
            current += "\\" * (count // 2 if at_quote else count)
            if at_quote and count % 2:
                current += '"'
                end += 1
            index, started = end, True
            continue
        if char == '"':
            quoted, started = not quoted, True
        elif char in " \t" and not quoted:
            if started:
                arguments.append(current)
            current, started = "", False
        else:
            current, started = current + char, True
        index += 1
    return [*arguments, current] if started else arguments


@dataclass(slots=True)
class PowerShellCall:
    """What powershell.exe was asked for; ``script`` and ``file`` are both None for an interactive start."""

    script: str | None = None
    file: str | None = None
    arguments: tuple[str, ...] = ()
    encoded: bool = False
    from_stdin: bool = False
    no_profile: bool = False
    output_format: str | None = None


# name, shortest prefix, further spellings, number of values
_SWITCHES: Final = (
    ("version", "v", (), 1),
    ("nologo", "nol", (), 0),
    ("noprofile", "nop", (), 0),
    ("noexit", "noe", (), 0),
    ("noninteractive", "noni", (), 0),
    ("sta", "sta", (), 0),
    ("mta", "mta", (), 0),
    ("windowstyle", "w", (), 1),
    ("executionpolicy", "ex", ("ep",), 1),
    ("outputformat", "o", ("of",), 1),
    ("inputformat", "in", ("if",), 1),
    ("configurationname", "config", (), 1),
    ("command", "c", (), -1),
    ("file", "f", (), -1),
    ("encodedcommand", "e", ("ec",), 1),
)


def _switch(argument: str) -> tuple[str, int] | None:
    if argument[:1] not in {"-", "/"} or len(argument) < 2:
        return None
    key = argument[1:].lower()
    for name, shortest, others, values in _SWITCHES:
        if key in others or (name.startswith(key) and key.startswith(shortest)):
            return name, values
    return None


def powershell_call(arguments: list[str]) -> PowerShellCall:
    """Read powershell.exe's arguments; what it does not know begins the command, as in Windows PowerShell."""
    call, index = PowerShellCall(), 0
    while index < len(arguments):
        switch = _switch(arguments[index])
        if switch is None:
            return _command(call, arguments[index:])
        name, values = switch
        rest = arguments[index + 1 :]
        if values and not rest:
            raise CommandLineError(f"Cannot process the command because of a missing parameter for -{name}.")
        if name == "command":
            return _command(call, rest)
        if name == "file":
            call.file, call.arguments = rest[0], tuple(rest[1:])
            return call
        if name == "encodedcommand":
            call.script, call.encoded = _decode(rest[0]), True
        elif name == "noprofile":
            call.no_profile = True
        elif name == "outputformat":
            call.output_format = rest[0].lower()
        elif name == "version" and not rest[0].startswith(("3", "4", "5")):
            raise CommandLineError(f"unsupported: powershell.exe -Version {rest[0]}")
        elif name == "configurationname":
            raise CommandLineError("unsupported: powershell.exe -ConfigurationName")
        index += 1 + values
    return call


def _command(call: PowerShellCall, words: list[str]) -> PowerShellCall:
    if words == ["-"]:
        call.from_stdin = True
    else:
        call.script = " ".join(words)
    return call


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise CommandLineError(
            "Cannot process the command because the value specified with -EncodedCommand is not properly "
            "encoded. "
            "The value must be Base64 encoded."
        ) from error
