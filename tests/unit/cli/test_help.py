"""Help at 80 columns: switches are switches, and nothing wraps inside a command."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from psnet.cli.app import command_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A command as a help text names it: verbs and switches behind psnet.
_COMMAND = re.compile(r"psnet(?: [a-z]{3,}| --?[a-z][\w-]*)+")


@cache
def verbs() -> dict[str, Any]:
    return dict(_under(command_tree(), "psnet"))


def _under(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, each in getattr(command, "commands", {}).items():
        yield from _under(each, f"{name} {word}")


def _texts(command: Any) -> list[str]:
    texts = [command.help or "", command.epilog or "", *(getattr(each, "help", None) or "" for each in command.params)]
    return texts + [
        (each.short_help or each.help or "").split("\n\n")[0] for each in getattr(command, "commands", {}).values()
    ]


def _commands(command: Any) -> set[str]:
    """Return the commands that a help text names, with the switches right behind them."""
    found = {match for text in _texts(command) for match in _COMMAND.findall(" ".join(text.split()))}
    return {named for match in found if len((named := _named(match.split())).split()) > 1}


def _named(words: list[str]) -> str:
    name = words.pop(0)
    while words and f"{name} {words[0]}" in verbs():
        name += f" {words.pop(0)}"
    while words and words[0].startswith("-"):
        name += f" {words.pop(0)}"
    return name


@pytest.mark.parametrize("name", verbs())
def test_nothing_wraps_inside_a_command(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    command = verbs()[name]
    with pytest.raises(SystemExit) as end:
        command.main(["--help"], prog_name=name)
    shown = capsys.readouterr().out
    assert not end.value.code
    assert max(map(len, shown.splitlines())) <= 80
    flat = "\n".join(" ".join(line.strip("│ ").split()) for line in shown.splitlines())
    assert not [wanted for wanted in _commands(command) if wanted not in flat]


@pytest.mark.parametrize("name", verbs())
def test_a_switch_takes_nothing_and_an_option_says_what(name: str) -> None:
    for each in verbs()[name].params:
        if each.param_type_name == "option" and each.is_flag:
            assert each.metavar == "", each.name
        elif each.param_type_name == "option" and each.metavar is not None:
            assert each.metavar.strip("[]<>")


@pytest.mark.parametrize("name", verbs())
def test_the_usage_line_has_each_sign_once_and_words_in_capitals(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        verbs()[name].main(["--help"], prog_name=name)
    usage = next(line for line in capsys.readouterr().out.splitlines() if "Usage:" in line)
    words = usage.partition(name)[2].replace("[OPTIONS]", "").replace("COMMAND [ARGS]...", "")
    assert not re.search(r"\.\.\..*\.\.\.|\[\[|\{\[", words), usage
    assert words.upper().replace("LCM.YAML", "LCM.yaml") == words, usage
