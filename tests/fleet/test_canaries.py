"""Secrets in every entrance, every verb of the command line, and then every byte that was written anywhere: none found.

A sample runs with make test; under the marker sweep every verb runs, with success and with a logon that is refused, and
so do workers in processes and of Dask, a prompt on a terminal, a crash, and a process that is killed.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from canaries import canary, forms, found_below, found_in
from canary_place import Planted, Runner, plant
from canary_verbs import SITE, verbs
from dask_tls import tls_cluster
from verb_outputs import FOLDER_VERBS, FOLDERS, OUTPUTS, TREE, verb_of

from psnet.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

ROOT = Path(__file__).resolve().parents[2]
#: Kills psnet by a programming error that shows all that there is, or by a signal after some writes of the journal.
CRASH = """
import os, signal, sys
from psnet.cli import main
from psnet.fleet import operations
from psnet.journal import Recorder
if sys.argv.pop(1) == "error":
    def broken(session, host):
        raise RuntimeError(f"{session!r} {vars(session) if hasattr(session, '__dict__') else ''} {host!r}")
    operations.observe_host = broken
else:
    write = Recorder.handle
    def handle(self, events, count=[0]):
        write(self, events)
        count[0] += 1
        if count[0] == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    Recorder.handle = handle
main()
"""


@pytest.fixture
def planted(psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    return plant(psnet_lab, tmp_path, monkeypatch)


@pytest.fixture
def run(
    planted: Planted,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Runner]:
    with Runner(planted, monkeypatch, capfd, caplog) as made:
        yield made


#: Of ``verbs``, what make test runs.
SAMPLE = ("observe", "plan", "show", "apply", "run", "runs", "inventory", "graph")


def test_nothing_of_any_secret_is_written_by_the_verbs_of_every_day(planted: Planted, run: Runner) -> None:
    seen = set()
    for expected, words in verbs(planted, planted.written / "good"):
        verb = " ".join(word for word in words[:3] if not word.startswith("-") and "/" not in word)
        verb = verb if "--junit" in words or "--html" in words or "processes:2" in words else verb.split()[0]
        if verb.split()[0] in SAMPLE and verb not in seen and "--journal" not in words:
            seen.add(verb)
            code = run(*words)
            assert expected in (None, code), planted.said[-1]
    run.__exit__()
    assert planted.everywhere() == []
    assert planted.open_to_others() == []


@pytest.mark.sweep
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_every_verb_and_every_file_on_a_full_disk_ends_in_a_sentence(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of the verbs with all their outputs: standard output that is full, then each file that is."""
    files = {option for verb, option in OUTPUTS if verb not in FOLDER_VERBS} - FOLDERS
    silent: list[list[str]] = []
    for _, words in verbs(planted, planted.written / "full"):
        if words[0] == "play":
            continue  # ansible-core's own output
        given = list(words)
        for at, word in enumerate(words[:-1]):
            if word in files and verb_of(words) not in FOLDER_VERBS and words[at + 1].startswith(str(planted.written)):
                given[at + 1] = "/dev/full"
        if given != words:
            monkeypatch.setattr(sys, "argv", ["psnet", *given])
            ended_in_a_sentence(given, capfd)
        with (
            contextlib.suppress(OSError),
            Path("/dev/full").open("w") as full,
            monkeypatch.context() as patch,
        ):
            patch.setattr(sys, "argv", ["psnet", *words])
            patch.setattr(sys, "stdout", full)
            said = ended_in_a_sentence(words, capfd)
            silent += [] if "no space left on device" in said else [words]
    assert len(silent) < 20, silent  # they say something else on standard error, or nothing on standard output


def ended_in_a_sentence(words: list[str], capfd: pytest.CaptureFixture[str]) -> str:
    """Run what sys.argv says; return what it said of its end."""
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr().err
    assert "Traceback" not in said, (words, said)
    assert "itself failed" not in said, (words, said)
    assert int(ended.value.code or 0) in (0, 1, 2, 3, 4), words
    return said


#: Run as processes, for they serve until they are told to stop; what they write is looked at there.
SERVERS = {("lab up", "--inventory-out"), ("lab up", "--state")}


def test_no_verb_that_writes_a_file_is_forgotten(tmp_path: Path) -> None:
    """Neither a verb nor an option, whatever the command line has: the modes of all that they write are looked at."""
    nothing = Planted(dict.fromkeys(["Journal"], ""), *(tmp_path / name for name in "abcd"), lab=None)
    used = {(verb_of(words), word) for _, words in verbs(nothing, tmp_path / "place") for word in words}
    assert set(OUTPUTS) - {(verb, "-o") for verb, _ in OUTPUTS} <= used | SERVERS


def test_no_verb_is_forgotten(tmp_path: Path) -> None:
    """Whatever the command line has; ``lab up`` serves until it is stopped and is looked at in test_canaries_shown."""
    nothing = Planted(dict.fromkeys(["Journal"], ""), *(tmp_path / name for name in "abcd"), lab=None)
    used = {verb_of(words) for _, words in verbs(nothing, tmp_path / "place")}
    assert {verb for verb, command in TREE.items() if not hasattr(command, "commands")} - used == {"lab up"}


@pytest.mark.sweep
@pytest.mark.timeout(1500)
def test_nothing_of_any_secret_is_written_anywhere(planted: Planted, run: Runner) -> None:
    for expected, words in verbs(planted, planted.written / "good"):
        code = run(*words)
        assert expected in (None, code), planted.said[-1]
    for host in planted.lab.hosts.values():
        host.password = "another"
    for _, words in verbs(planted, planted.written / "refused"):
        run(*words)
    run.__exit__()
    assert len(planted.said) > 100
    assert planted.everywhere() == []
    assert planted.open_to_others() == []
    looked = sum(len(data) for _, _, data in planted.said)
    files = [path for path in planted.written.rglob("*") if path.is_file()]
    sys.stdout.write(
        f"\n{len(planted.secrets)} canaries, {len(planted.said)} runs, {len(files)} files, {looked} bytes said\n"
    )


@pytest.mark.sweep
@pytest.mark.parametrize("how", ["error", "killed"])
def test_nothing_of_any_secret_is_left_by_a_crash(planted: Planted, how: str) -> None:
    for executor in ("threads", "processes:2"):
        words = ["-v", "apply", SITE, "-i", str(planted.inventory), "--yes", "--executor", executor]
        words = words if how == "killed" else ["-v", "observe", "-i", str(planted.inventory), "--executor", executor]
        done = subprocess.run([sys.executable, "-c", CRASH, how, *words], capture_output=True, check=False, timeout=200)
        assert done.returncode == (-signal.SIGKILL if how == "killed" else done.returncode)
        planted.said.append((how, done.returncode, done.stdout + done.stderr))
    assert planted.everywhere() == []


@pytest.mark.sweep
def test_nothing_of_any_secret_is_left_by_workers_of_dask(planted: Planted, run: Runner) -> None:
    (planted.inputs / "tls").mkdir()
    with tls_cluster(planted.inputs / "tls") as where:
        for verb in (["observe", "--json"], ["run"]):
            more = ["--", "throw 'no'"] if verb[0] == "run" else []
            run("-v", *verb, "-i", str(planted.inventory), "--executor", where, *more)
    run.__exit__()
    assert planted.everywhere() == []


@pytest.mark.sweep
def test_nothing_of_an_answered_prompt_is_written(planted: Planted) -> None:
    host = planted.lab.hosts["ws2022-01"]
    host.password = planted.secrets["Prompt"]
    path = planted.inputs / "asked.yaml"
    path.write_text(planted.inventory.read_text().replace("{env: CANARY_ENV}", "{prompt: The password}"))
    terminal, other = pty.openpty()
    words = ["-m", "psnet", "-v", "observe", "-i", str(path), "--limit", "ws2022-01"]
    with subprocess.Popen(
        [sys.executable, *words], stdin=other, stdout=other, stderr=other, start_new_session=True
    ) as running:
        os.close(other)
        said = b""
        while b"The password: " not in said:
            said += os.read(terminal, 4096)
        os.write(terminal, planted.secrets["Prompt"].encode() + b"\n")
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            said += piece
    os.close(terminal)
    planted.said.append(("prompt", running.returncode, said))
    assert running.returncode == 0, said
    assert planted.everywhere() == []


#: What somebody types at psnet's prompt to see what there is; ``{site}`` is a site.
TYPED = """\
fleet
host
print(fleet, host, host.settings, vars(host))
host.settings.model_dump()
fleet.observe()
fleet.plan({site!r})
fleet.run("throw 'no'")
host.run("throw 'no'")
1/0
[item.settings() for item in psnet.inventory({inventory!r}).inventory]
globals()
exit()
"""
ASYNCHRONOUS = """
import asyncio, logging, pprint, sys, traceback
import psnet.aio
logging.basicConfig(level="DEBUG")

async def main():
    hosts = psnet.aio.hosts(sys.argv[1])
    print(hosts)
    for host in hosts:
        print(host, vars(host))
        pprint.pprint(host)
        for work in (host.observe, lambda: host.plan(sys.argv[2]), lambda: host.run("throw 'no'"), host.close):
            try:
                print(await work())
            except Exception as error:
                traceback.print_exception(error, chain=True)
                print(repr(error), vars(error))
    try:
        async with psnet.aio.connect(sys.argv[3]) as host:
            print(await host.observe())
    except Exception as error:
        traceback.print_exception(error)

asyncio.run(main())
"""


def typed(words: list[str], lines: list[str]) -> bytes:
    """Run a program on a terminal, type lines when it asks for them, and return all that stood there."""
    terminal, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *words], stdin=other, stdout=other, stderr=other, start_new_session=True
    ) as running:
        os.close(other)
        said, waiting = b"", list(lines)
        while True:
            if not select.select([terminal], [], [], 60)[0]:
                running.kill()
                raise AssertionError(said)
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
            if waiting and re.search(rb"In \[\d+\]: (?:\x1b\[[0-9;?]*[a-zA-Z])*$", said):
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
    os.close(terminal)
    assert not waiting, said
    return said


@pytest.mark.sweep
@pytest.mark.timeout(300)
@pytest.mark.parametrize("password", ["right", "wrong"])
def test_nothing_of_any_secret_is_shown_at_the_prompt_or_by_psnet_aio(
    planted: Planted, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if password == "wrong":
        for host in planted.lab.hosts.values():
            host.password = "another"
    monkeypatch.setenv("IPY_TEST_SIMPLE_PROMPT", "1")  # a prompt without completion as one types
    lines = TYPED.format(site=SITE, inventory=str(planted.inventory)).splitlines()
    words = ["-m", "psnet", "shell", "-i", str(planted.inventory)]
    planted.said.append(("shell", 0, typed(words, lines)))
    address = f"psrp://Administrator:{planted.secrets['Journal']}@127.0.0.1:9"
    done = subprocess.run(
        [sys.executable, "-c", ASYNCHRONOUS, str(planted.inventory), SITE, address],
        capture_output=True,
        check=True,
        timeout=200,
    )
    planted.said.append(("psnet.aio", 0, done.stdout + done.stderr))
    assert len(done.stdout) > 1000
    assert planted.everywhere() == []
    assert planted.open_to_others() == []


def test_a_canary_is_found_in_every_form(tmp_path: Path) -> None:
    secret = canary("Found")
    planted = {"x": secret}
    wide = secret.encode("utf-16-le")
    for written in (
        secret.encode(),
        json.dumps(json.dumps({"a": secret})).encode(),
        "".join(f"\\u{ord(sign):04x}" for sign in secret).encode(),
        "".join(f"&#{ord(sign)};" for sign in secret).encode(),
        "".join(f"_x{ord(sign):04X}_" for sign in secret).encode(),
        "".join(f"%{byte:02x}" for byte in secret.encode()).encode(),
        *(base64.b64encode(b"ab"[:at] + data + b"cd") for at in range(3) for data in (secret.encode(), wide)),
        wide,
        gzip.compress(secret.encode()),
    ):
        assert found_in(b"x" + written if written[:2] != b"\x1f\x8b" else written, planted), written
    assert not found_in(b"nothing of it", planted)
    (tmp_path / "file").write_text(secret)
    assert found_below(tmp_path, planted) == ["file: x: plain"]
    assert len(forms(secret)) > 20
