"""A wrong command line ends with 3 for every verb, without a traceback; of play with 2, as Ansible has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psnet.cli import main
from psnet.cli.app import command_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

#: These hand their words on: what is no option of theirs is somebody else's.
HANDS_ON = {"play", "lab run", "lab exec"}


def verbs(group: Any, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, *path, name)
        else:
            yield " ".join([*path, name])


@pytest.mark.parametrize("verb", sorted(set(verbs(command_tree())) - HANDS_ON))
def test_an_option_that_is_none(verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["psnet", *verb.split(), "--no-such-option"])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr().err
    assert end.value.code == 3
    assert "--no-such-option" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--allow-downtime endpoint", "'endpoint' is not one of 'none', 'endpoints', 'all' (did you mean endpoints?)"),
        ("--forks many", "expected a whole number, not the text 'many'"),
        ("--forks 0", "0 is less than 1"),
    ],
)
def test_a_value_that_is_none(
    words: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["psnet", "apply", "site.yaml", "-i", "hosts.yaml", *words.split()])
    with pytest.raises(SystemExit) as end:
        main()
    told = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert end.value.code == 3
    assert said in told
    assert "Value error" not in told
