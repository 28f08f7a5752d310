"""A walk through README and docs: every command is one of psnet's; every block runs and prints what it shows."""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from docs_walk import PAGES, ROOT, TYPED, Block, Page, Walk, agrees, read_page

from psnet.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Commands that hand the rest of their words to somebody else.
HANDS_ON = {"play", "run", "lab run", "lab exec"}
_BLOCK = re.compile(r"```(?:console|sh|bash|shell)\n(.*?)```", re.DOTALL)
_INLINE = re.compile(r"`(psnet [^`]+)`")


def commands(path: Path) -> Iterator[str]:
    """Yield the psnet commands of a page: after a prompt in blocks, and whole in the text."""
    text = path.read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ psnet "):
                yield line[2:].partition(" | ")[0].partition(" > ")[0].partition(" #")[0].strip()
    for found in _INLINE.findall(text):
        yield " ".join(found.split()).partition(" | ")[0].partition(" > ")[0]


def _typed(block: Block) -> bool:
    return block.language in TYPED


@cache
def _tree() -> Any:
    return typer.main.get_command(app)


def words_of(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def resolved(words: list[str]) -> tuple[Any, str, list[str]]:
    """Return the command of a command line, its name, and the words after it."""
    here: Any = _tree()
    name: list[str] = []
    rest = words[1:]
    while rest and hasattr(here, "commands") and rest[0] in here.commands:
        here = here.commands[rest[0]]
        name.append(rest.pop(0))
    return here, " ".join(name), rest


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_of_a_page_is_one_that_psnet_has(path: Path) -> None:
    for command in commands(path):
        here, name, rest = resolved(words_of(command))
        known = {option for parameter in here.params for option in (*parameter.opts, *parameter.secondary_opts)}
        known |= {"--help", "-h"}
        if not name:
            continue  # psnet --version, or words that begin with psnet
        if name in HANDS_ON:
            rest = rest[: rest.index("--")] if "--" in rest else [] if name == "play" else rest
        for word in rest:
            if word.startswith("--") and len(word) > 2:
                assert word.partition("=")[0] in known, f"{path.name}: {command}: {word}"
            elif re.fullmatch(r"-[a-zA-Z]", word):
                assert word in known, f"{path.name}: {command}: {word}"


#: Pages that `make test` walks, psnet in the test's own process; the sweep walks all, each command in a shell.
SAMPLE = ("README.md", "docs/connections.md", "docs/dsc-compile.md", "docs/lab.md", "docs/record.md")
WALKED = {page.name: page for page in map(read_page, PAGES) if any(_typed(block) for block in page.blocks)}
IN_A_SHELL = [page for page in WALKED.values() if page.needs is not None]


@pytest.mark.parametrize("page", WALKED.values(), ids=lambda page: page.name)
def test_every_block_that_could_be_typed_runs_or_says_why_not(page: Page) -> None:
    typed = [block for block in page.blocks if _typed(block)]
    silent = [block for block in typed if block.reason is not None and len(block.reason.split()) < 4]
    assert not silent
    assert page.needs is not None or all(block.reason for block in typed), f"{page.name} has no <!-- walk comment"


@pytest.mark.parametrize("name", SAMPLE)
def test_a_page_does_what_it_shows(name: str, tmp_path: Path) -> None:
    with Walk(WALKED[name], tmp_path, real=False) as walk:
        walk.all()
    assert walk.ran


@pytest.mark.sweep
@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", IN_A_SHELL, ids=lambda page: page.name)
def test_a_page_does_what_it_shows_in_a_shell(page: Page, tmp_path: Path) -> None:
    with Walk(page, tmp_path, real=True) as walk:
        walk.all()
    assert walk.ran


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("web01: 3 changed in 2.4 s", "web01: 3 changed in 17 s\n", True),
        ("web01: 3 changed", "web01: 4 changed", False),
        ("a\n...\nz", "a\nb\nc\nz", True),
        ("a\n...\nz", "a\nz", True),
        ("id ...; port 8080", "id 6a; port 8080", True),
        ("id ...; port 8080", "id 6a; port 8081", False),
        ("a", "a\nb", False),
    ],
)
def test_what_is_compared(shown: str, printed: str, *, same: bool) -> None:
    assert agrees(shown, printed) is same
