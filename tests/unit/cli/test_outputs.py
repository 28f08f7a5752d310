"""Where psnet writes: tried before anything is sent, whole or not there, its owner's alone; never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from verb_outputs import FOLDER_VERBS, FOLDERS, OUTPUTS

from psnet._internal.output import write_whole
from psnet.cli import main
from psnet.errors import OutputError

SITE = "examples/web/site.yaml"


def psnet(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["psnet", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(("verb", "option"), OUTPUTS, ids=" ".join)
def test_an_output_of_any_verb_is_tried_first(
    verb: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything else is read or sent: neither a site nor an inventory is given."""
    taken = tmp_path / "taken"
    taken.write_text("")
    code, said = psnet([*verb.split(), option, str(taken / "out")], monkeypatch, capsys)
    assert code == 3
    assert str(taken) in said
    assert "cannot be written" in said
    assert [item.name for item in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(("verb", "option"), OUTPUTS, ids=" ".join)
def test_a_folder_that_takes_nothing_is_told_first(
    verb: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that is closed, to root too; and for a file one that is not there."""
    places = [Path("/proc/out")] if Path("/proc").is_dir() else []
    places += (
        [] if option in FOLDERS or (verb in FOLDER_VERBS and option == "--out") else [tmp_path / "missing" / "out"]
    )
    for place in places:
        code, said = psnet([*verb.split(), option, str(place)], monkeypatch, capsys)
        assert code == 3
        assert str(place) in said
        assert "cannot be written" in said
        assert "remedy" in said
    assert list(tmp_path.iterdir()) == []


def test_every_verb_with_an_output_is_among_them() -> None:
    assert len(OUTPUTS) > 25
    assert {verb for verb, _ in OUTPUTS} >= {"plan", "apply", "run", "graph", "lab up", "doctor", "show", *FOLDER_VERBS}


#: What writes a file without a host.
WRITERS = [["schema", "--out"], ["graph", SITE, "--out"], ["runs", "show", "last", "--html"]]
WRITERS += [["runs", "export", "last", "--out"], ["runs", "export", "last", "--junit", "--out"]]
#: What says something without a host.
SPEAKERS = [["schema"], ["lint", SITE], ["graph", SITE], ["graph", SITE, "--format", "dot"], ["runs", "list"]]
SPEAKERS += [
    ["runs", "show", "last", "--json"],
    ["inventory", "list", "-i", "h1,h2,"],
    ["observe", "-i", "h1,", "--script"],
]
SPEAKERS += [["plan", SITE, "-i", "HOSTS"], ["run", "-i", "HOSTS", "--json", "--", "1"], ["observe", "-i", "HOSTS"]]
SPEAKERS += [["--help"], ["--version"], ["watch", SITE, "-i", "HOSTS", "--count", "1"], ["doctor", "-i", "HOSTS"]]


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inventory that reaches nobody, and the journal after a run over it."""
    folder = tmp_path_factory.mktemp("run")
    path = folder / "hosts.yaml"
    connection = "{port: 1, user: u, password: {env: HOME}, retry: {attempts: 1, resume_within: 0}}"
    path.write_text(f"connection: {connection}\nhosts: {{a: {{address: 127.0.0.1}}, b: {{address: 127.0.0.1}}}}\n")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setenv("PSNET_JOURNAL", str(folder / "journal.sqlite"))
        patch.setattr(sys, "argv", ["psnet", "observe", "-i", str(path)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 4
    return folder


@pytest.fixture
def runs(one_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an inventory that reaches nobody, after a run over it."""
    for path in one_run.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "journal.sqlite"))
    return tmp_path / "hosts.yaml"


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_a_file_on_a_full_disk_ends_in_a_sentence(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = psnet([*words, str(FULL)], monkeypatch, capsys)
    assert code == 1
    assert "/dev/full cannot be written: no space left on device" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("end", ["full", "closed"])
@pytest.mark.parametrize("words", SPEAKERS, ids=" ".join)
def test_standard_output_that_takes_nothing(
    words: list[str], end: str, runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if end == "full":
        if not FULL.exists():
            return
        descriptor = os.open(FULL, os.O_WRONLY)
    else:
        reading, descriptor = os.pipe()
        os.close(reading)
    with contextlib.suppress(OSError), os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        code, said = psnet([str(runs) if word == "HOSTS" else word for word in words], monkeypatch, capsys)
        monkeypatch.undo()
    assert code in (1, 4)
    assert "Traceback" not in said
    assert "itself failed" not in said
    assert ("no space left" in said) == (end == "full")


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
