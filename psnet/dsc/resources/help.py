"""Comment-based help of every function of PSNetDsc, as Get-Help and the DSC community's tests of modules read it."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

from psnet.dsc.resources.parameter_help import parameter_help
from psnet.powershell.syntax import ast, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.dsc.resources.model import DscClass

_WIDTH: Final = 112
_BLOCK: Final = re.compile(r"<#\n(?P<body>(?:(?!#>).)*?)#>\n\Z", re.DOTALL)
_SYNOPSIS: Final = re.compile(r"^ {4}\.SYNOPSIS\n(?P<text>(?: {8}.*\n)+)", re.MULTILINE)
_INNER: Final = re.compile(r"(?P<brace>\n?\{\n)(?P<lines>(?:[ ]{4}# [^\n]*\n)+)")
_VERBS: Final = {
    "Get": ("Returns what is on the host, and why it is not as it is declared.", "Hashtable"),
    "Set": ("Makes what is declared, or takes it away.", ""),
    "Test": ("Says whether the host is as it is declared.", "Boolean"),
}


def with_help(text: str, cls: DscClass | None = None, notes: str = "") -> str:
    """Return a script whose functions have help before them: what they do and what each parameter is.

    What a function does stands in its help, or, before it has one, in the comment at its beginning; Get-, Set- and
    Test-TargetResource have theirs from the model. Raises KeyError for a parameter that nothing is known of.
    """
    tree = parse(text)
    statements = tree.end_block.statements if tree.end_block is not None else ()
    for node in reversed([item for item in statements if isinstance(item, ast.FunctionDefinition)]):
        before, function, after = text[: node.start], text[node.start : node.end], text[node.end :]
        found = _BLOCK.search(before)
        said = ""
        if found is not None:
            synopsis = _SYNOPSIS.search(found["body"])
            said = " ".join(synopsis["text"].split()) if synopsis is not None else ""
            before = before[: found.start()]
        inner = _INNER.search(function)
        if inner is not None and inner.start() < function.find("param"):
            said = " ".join(line.strip().removeprefix("# ") for line in inner["lines"].splitlines())
            function = function[: inner.start()] + inner["brace"] + function[inner.end() :]
        parameters = node.body.param.parameters if node.body and node.body.param else ()
        names = [item.variable.path for item in parameters if item.variable is not None]
        verb, _, noun = node.name.partition("-")
        own = cls is not None and noun == "TargetResource"
        lines = list(_target(cls, verb, notes)) if own and cls is not None else list(_helper(node.name, said, names))
        text = before + "<#\n" + "\n".join(lines) + "\n#>\n" + function + after
    return text


def _helper(function: str, said: str, names: list[str]) -> Iterator[str]:
    yield from _section(".SYNOPSIS", said)
    for name in names:
        yield ""
        yield from _section(f".PARAMETER {name}", parameter_help(function, name))


def _target(cls: DscClass, verb: str, notes: str) -> Iterator[str]:
    synopsis, output = _VERBS[verb]
    yield from _section(".SYNOPSIS", synopsis)
    yield ""
    yield from _section(".DESCRIPTION", f"{cls.description} {notes}".strip())
    for item in cls.settable:
        yield ""
        yield from _section(f".PARAMETER {item.name}", f"{item.description}.")
    if output:
        yield ""
        yield from _section(".OUTPUTS", f"System.{output}" if output == "Boolean" else f"System.Collections.{output}")


def _section(head: str, text: str) -> Iterator[str]:
    yield f"    {head}"
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )
