"""A place with a canary in every entrance, and psnet run there with every byte kept that it says."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
import yaml
from canaries import canary, found_below, found_in
from cryptography.hazmat.primitives import serialization
from document_certificate import certificate
from pydantic import SecretStr

from psnet.cli import main
from psnet.inventories.vault import encrypt

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

ROOT = Path(__file__).resolve().parents[1]
#: What says nothing of a site, or is ansible-core's own: it keeps its folder closed.
PUBLIC = {"schema.json", "home"}
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


def plant(psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    """Return a lab and inputs with a canary in every entrance; the environment and the working folder are theirs."""
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
    (inputs / "copy.yaml").write_text((inputs / "sdn.yaml").read_text())
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
