"""Where psnet writes: tried before anything is sent, whole or not there, its owner's alone; never a traceback."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from psnet._internal.output import write_whole
from psnet.cli import main
from psnet.errors import OutputError

SITE = "examples/web/site.yaml"
#: Command lines whose last word is an output in a folder that is not there; none of their inputs is there either.
OUTPUTS = [
    ["plan", SITE, "-i", "none.yaml", "--out"],
    ["plan", SITE, "-i", "none.yaml", "--junit"],
    ["apply", SITE, "-i", "none.yaml", "--junit"],
    ["observe", "-i", "none.yaml", "--junit"],
    ["run", "-i", "none.yaml", "--junit"],
    ["graph", SITE, "--out"],
    ["schema", "--out"],
    ["advise", "--out"],
    ["runs", "show", "last", "--html"],
    ["runs", "export", "last", "--out"],
    ["lab", "up", "--inventory-out"],
    ["dsc", "publish", SITE, "-i", "none.yaml", "--junit"],
]
#: The same for folders: what is there is a file.
FOLDERS = [
    ["render", SITE, "-i", "none.yaml", "--out"],
    ["record", "-i", "none.yaml", "--out"],
    ["dsc", "compile", SITE, "-i", "none.yaml", "--out"],
    ["dsc", "lcm", "-i", "none.yaml", "--out"],
]


def psnet(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["psnet", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize("words", OUTPUTS + FOLDERS, ids=" ".join)
def test_an_output_is_tried_first(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    code, said = psnet([*words, str(taken / "out")], monkeypatch, capsys)
    assert code == 3
    assert str(taken) in said
    assert "cannot be written" in said
    assert [item.name for item in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("words", "expected"), [(["plan"], 3), (["nothing"], 3), (["plan", "--no"], 3), (["play", "--journal"], 2)]
)
def test_a_wrong_command_line(
    words: list[str], expected: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = psnet(words, monkeypatch, capsys)
    assert code == expected
    assert "Error" in said


def test_files_are_whole_and_their_owners(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("before")
    write_whole(path, "after")
    assert path.read_text() == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    script = (
        "import resource, signal, sys; from pathlib import Path; from psnet._internal.output import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: write_whole(Path(sys.argv[1]), 'x' * 1000)\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "OutputError\n"
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == limit
    assert path.read_text() == "after"
    assert [item.name for item in tmp_path.iterdir()] == ["plan.json"]


def test_a_device_is_written_as_it_is() -> None:
    write_whole(Path(os.devnull), "x")
    if Path("/dev/full").exists():
        with pytest.raises(OutputError, match="no space"):
            write_whole(Path("/dev/full"), "x")


def test_standard_output_that_is_full_or_closed() -> None:
    command = [sys.executable, "-m", "psnet", "schema"]
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "error: no space left on device\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
