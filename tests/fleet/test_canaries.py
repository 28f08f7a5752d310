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
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
import yaml
from canaries import canary, forms, found_below, found_in
from canary_verbs import SITE, verbs
from cryptography.hazmat.primitives import serialization
from document_certificate import certificate
from pydantic import SecretStr
from verb_outputs import FOLDER_VERBS, FOLDERS, OUTPUTS, verb_of

from psnet.cli import main
from psnet.inventories.vault import encrypt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

ROOT = Path(__file__).resolve().parents[2]
KEYRING = """\
import os
from keyring.backend import KeyringBackend

class Fake(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return os.environ["CANARY_KEYRING"]
    def set_password(self, service, username, password): ...
"""
PLAY = """\
- hosts: ws2022-01
  gather_facts: false
  vars_files: [vault.yml]
  tasks:
    - name: vaulted
      psnet.powershell: {script: 'param($P) throw "logon failed for $P"', parameters: {P: "{{ vaulted_word }}"}}
      ignore_errors: true
    - name: extra
      psnet.powershell: {script: 'param($P) throw "logon failed for $P"', parameters: {P: "{{ extra_word }}"}}
      no_log: true
      ignore_errors: true
    - name: file
      psnet.copy: {content: "{{ extra_word }}", dest: 'C:\\x.txt'}
      no_log: true
    - name: rule
      psnet.firewall_rule: {name: x, direction: Inbound, action: Allow, description: "{{ no_log_word }}"}
      no_log: true
      ignore_errors: true
    - name: gone again, for whoever looks at the host afterwards is shown what the host has
      psnet.firewall_rule: {name: x, state: absent}
"""
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


@dataclass
class Planted:
    """The canaries, where they were planted, and what was written since."""

    secrets: dict[str, str]
    inputs: Path
    written: Path
    inventory: Path
    proxied: Path
    lab: Any
    said: list[tuple[str, int, bytes]] = field(default_factory=list)

    def open_to_others(self) -> list[str]:
        """Return the files and folders that others may read, but for those that say nothing of a site."""
        return [
            f"{stat.S_IMODE(path.stat().st_mode):o} {path.relative_to(self.written)}"
            for path in sorted(self.written.rglob("*"))
            if path.stat().st_mode & 0o077
            and not path.is_socket()
            and not PUBLIC & set(path.relative_to(self.written).parts)
        ]

    def everywhere(self) -> list[str]:
        """Return where canaries are: in what was said, and in files."""
        found = [f"{words}: {item}" for words, _, data in self.said for item in found_in(data, self.secrets)]
        return found + found_below(self.written, self.secrets)


@pytest.fixture
def planted(psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    names = ("Env", "Keyring", "Vault", "Tagged", "File", "Prompt", "Proxy", "Registration", "Sdn", "Dsc", "Variable")
    secrets = {name: canary(name) for name in names}
    # What Ansible's own language reads, and what a URL may hold as it is.
    secrets |= {name: canary(name, "&%x") for name in ("Vaulted", "Extra", "Nolog", "Journal", "Vaultkey", "Certkey")}
    lab = psnet_lab("2022", count=5)
    inputs, written = tmp_path / "inputs", tmp_path / "written"
    for folder in (inputs, written, written / "tmp", written / "home"):
        folder.mkdir(mode=0o700)
    for host, name in zip(lab.hosts.values(), names, strict=False):
        host.password = secrets[name]
    key = SecretStr(secrets["Vaultkey"])
    (inputs / "word").write_text(secrets["File"])
    (inputs / "word").chmod(0o600)
    (inputs / "word.vault").write_text(encrypt(secrets["Vault"], key))
    (inputs / "vault.yml").write_text(encrypt(json.dumps({"vaulted_word": secrets["Vaulted"]}), key))
    (inputs / "extra.json").write_text(json.dumps({"extra_word": secrets["Extra"], "no_log_word": secrets["Nolog"]}))
    (inputs / "play.yml").write_text(PLAY)
    (inputs / "fake_keyring.py").write_text(KEYRING)
    (inputs / "lcm.yaml").write_text(
        "report_servers: [{name: p, server_url: 'https://localhost:1/x', registration_key: {env: CANARY_REGISTRATION}}]"
    )
    (inputs / "sdn.yaml").write_text(
        "name: s\nsdn: {controller: {url: 'https://127.0.0.1:9', backend: rest, user: u, password: {env: CANARY_SDN}}, "
        "access_control_lists: [{name: a, rules: [{name: r, direction: in, action: Deny, priority: 400}]}]}"
    )
    for name in lab.hosts:
        (inputs / f"{name}.pem").write_bytes(certificate().public_bytes(serialization.Encoding.PEM))
    data: dict[str, Any] = yaml.safe_load(lab.inventory.read_text())
    ways = [
        "{env: CANARY_ENV}",
        "{keyring: {service: psnet, user: Administrator}}",
        "{vault: word.vault}",
        "!vault |\n" + "\n".join(f"          {line}" for line in encrypt(secrets["Tagged"], key).splitlines()),
        "{file: word}",
    ]
    authority = lab.inventory.with_name(data["connection"]["ca_file"])
    tagged = encrypt(secrets["Variable"], key).splitlines()
    lines = [
        f"connection: {{user: Administrator, auth: ntlm, ca_file: {authority}, retry: {{attempts: 1}}}}",
        "vars:",
        "  svc: {user: svc, password: {env: CANARY_DSC}}",
        "  db_password: !vault |",
        *(f"    {line}" for line in tagged),
        "hosts:",
    ]
    for (name, item), way in zip(data["hosts"].items(), ways, strict=True):
        lines += [f"  {name}:", f"    address: {item['address']}", "    connection:"]
        lines += [f"      {key_}: {value}" for key_, value in item["connection"].items()]
        lines += [f"      password: {way}"]
    inventory, proxied = inputs / "hosts.yaml", inputs / "proxied.yaml"
    inventory.write_text("\n".join(lines) + "\n")
    for transport in ("pypsrp", "winrm"):
        text = inventory.read_text().replace(
            "{user: Administrator,", f"{{user: Administrator, transport: {transport},", 1
        )
        (inputs / f"{transport}.yaml").write_text(text)
    (inputs / "asked.ps1").write_text("Get-NetAdapter | Out-Null; Get-ChildItem Env: | Out-String\n")
    password = "".join(f"%{byte:02X}" for byte in secrets["Proxy"].encode())
    proxied.write_text(
        "hosts: {web: {address: 127.0.0.1}}\nconnection: {user: u, auth: basic, password: {env: CANARY_ENV}, "
        f"certificate_key_password: {{env: CANARY_CERTKEY}}, proxy: 'http://u:{password}@127.0.0.1:9', "
        "retry: {attempts: 1, resume_within: 0}}\n"
    )
    environment = {f"CANARY_{name.upper()}": value for name, value in secrets.items()}
    environment |= {
        "PSNET_VAULT_PASSWORD": secrets["Vaultkey"],
        "PYTHON_KEYRING_BACKEND": "fake_keyring.Fake",
        "PYTHONPATH": os.pathsep.join([str(inputs), str(ROOT), str(ROOT / "tests")]),
        "TMPDIR": str(written / "tmp"),
        "HOME": str(written / "home"),
        "ANSIBLE_HOME": str(written / "home" / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "LC_ALL": "C.UTF-8",
        "PSNET_JOURNAL": str(written / "journal.sqlite"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(inputs))
    monkeypatch.setattr(tempfile, "tempdir", str(written / "tmp"))
    import keyring  # its backend is chosen when it is first used

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.chdir(written)
    return Planted(secrets, inputs, written, inventory, proxied, lab)


class Runner:
    """Runs psnet in this process, keeps what it wrote and logged, and looks at the command lines of its processes."""

    def __init__(
        self,
        planted: Planted,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        self.planted, self._patch, self._capfd, self._caplog = planted, monkeypatch, capfd, caplog
        caplog.set_level("DEBUG")
        self._done = threading.Event()
        self._lines: set[bytes] = set()
        self._looking = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._done.wait(0.02):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self._lines.add(path.read_bytes())
                except OSError:
                    continue

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._looking.join()
        assert self._lines
        self.planted.said.append(("/proc/*/cmdline", 0, b"\n".join(self._lines)))

    def __call__(self, *words: str) -> int:
        self._patch.setattr(sys, "argv", ["psnet", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        code = int(ended.value.code or 0)
        out, err = self._capfd.readouterr()
        logged = "\n".join(
            f"{record.getMessage()} {record.exc_text or ''} {record.args!r}"
            for record in self._caplog.records
            if not record.name.startswith(("psrpcore", "psnet.lab"))  # the host's side of the line
        )
        self._caplog.clear()
        self.planted.said.append((" ".join(words[:3]), code, (out + err + logged).encode("utf-8", "replace")))
        assert "Traceback (most recent call last)" not in out + err, (words, err[-3000:])
        return code


@pytest.fixture
def run(
    planted: Planted,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Runner]:
    with Runner(planted, monkeypatch, capfd, caplog) as made:
        yield made


#: What says nothing of a site, or is ansible-core's own: it keeps its folder closed.
PUBLIC = {"schema.json", "home"}
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
    from distributed import LocalCluster
    from distributed.security import Security

    security = Security.temporary()
    (planted.inputs / "tls").mkdir()
    for name, text in (
        ("ca", security.tls_ca_file),
        ("cert", security.tls_client_cert),
        ("key", security.tls_client_key),
    ):
        (planted.inputs / "tls" / name).write_text(str(text), encoding="utf-8")
    query = "&".join(f"{name}={planted.inputs / 'tls' / name}" for name in ("ca", "cert", "key"))
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        security=security,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tls://",
    ) as cluster:
        where = f"dask+tls://{cluster.scheduler_address.removeprefix('tls://')}?{query}"
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
