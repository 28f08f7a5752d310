"""A walk through README and docs: every command is one that psnet has; those of the walk print what stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from typer.testing import CliRunner

from psnet.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "ansible" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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


def words_of(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def resolved(words: list[str]) -> tuple[Any, str, list[str]]:
    """Return the command of a command line, its name, and the words after it."""
    here: Any = typer.main.get_command(app)
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


#: Page -> what is put in place of its names, and the commands of it that run, each with its exit code.
WALK: dict[str, tuple[tuple[str, int], ...]] = {
    "docs/plans.md": (
        ("psnet plan site.yaml -i hosts.yaml --limit web --out p.json", 0),
        ("psnet show p.json", 0),
        ("psnet apply p.json", 0),
    ),
    "docs/adopt.md": (("psnet adopt -i hosts.yaml --out adopted", 0),),
}


@pytest.mark.parametrize("page", WALK)
def test_a_walk_through_a_page_does_what_it_says(
    page: str, psnet_lab: LabMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022", count=2)
    for host in lab.hosts.values():
        for network in list(host.hns.networks):
            host.hns.remove(network)
    if page == "docs/adopt.md":
        for number, host in enumerate(lab.hosts.values()):
            prefix = f"172.2{number}.0"
            subnet = {"AddressPrefix": f"{prefix}.0/24", "GatewayAddress": f"{prefix}.1"}
            host.hns.create("web", "nat", subnets=[subnet])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "j.sqlite"))
    site = (ROOT / "examples" / "minimal" / "site.yaml").read_text(encoding="utf-8")
    Path("site.yaml").write_text(site, encoding="utf-8")
    written = set(commands(ROOT / page))
    for command, code in WALK[page]:
        assert command in written, f"{page} does not say {command} any more"
        real = command.replace("hosts.yaml", str(lab.inventory)).replace("--limit web", "--limit os2022")
        done = CliRunner().invoke(app, shlex.split(real)[1:])
        assert done.exit_code == code, (command, done.output, done.exception)
        shown = _shown_below(ROOT / page, command)
        for line in shown:
            assert _fits(line, done.output), f"{page}: {command} prints no line like: {line}"


def _shown_below(path: Path, command: str) -> list[str]:
    """Return the lines that a page shows below a command."""
    for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
        lines = block.splitlines()
        if f"$ {command}" in lines:
            below = lines[lines.index(f"$ {command}") + 1 :]
            end = next((place for place, line in enumerate(below) if line.startswith("$ ")), len(below))
            return below[:end]
    return []


def _fits(line: str, output: str) -> bool:
    """Say whether some printed line has the same first words as one shown: names and numbers are the reader's own."""
    first = re.split(r"[\d:]", line.strip(), maxsplit=1)[0].strip().partition(" ")[0]
    return line.startswith(("web", "  not declared")) or not first or first in output
