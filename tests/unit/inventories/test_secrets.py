"""Where secrets come from, and that none is ever shown."""

from __future__ import annotations

import getpass
import logging
import os
import pickle
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import HostError, InputError, InventoryError
from psnet.inventories import SecretSource, load_inventory, with_answers
from psnet.inventories.vault import encrypt
from psnet.transport import RetryPolicy, open_session
from psnet.transport.settings import settings_from_url

if TYPE_CHECKING:
    from pathlib import Path

WORD = "Hush-9-hush"
KEY = SecretStr("vault-key")


def private(path: Path, text: str = WORD + "\n") -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def inventory(tmp_path: Path, password: str) -> Path:
    path = tmp_path / "hosts.yaml"
    path.write_text(f"connection: {{user: u, password: {password}}}\nhosts: {{a: , b: }}\n")
    return path


def test_an_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_WORD", WORD)
    settings = load_inventory(inventory(tmp_path, "{env: MY_WORD}"))["a"].settings()
    assert settings.password == SecretStr(WORD)
    assert WORD not in repr(settings)


def test_a_file_beside_the_inventory(tmp_path: Path) -> None:
    private(tmp_path / "word")
    assert load_inventory(inventory(tmp_path, "{file: word}"))["a"].settings().password == SecretStr(WORD)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "word")
    path.chmod(0o640)
    with pytest.raises(InventoryError, match="others may read") as caught:
        SecretSource(file=str(path)).read()
    assert "chmod 600" in str(caught.value)


def test_a_file_in_a_folder_that_is_open_to_all_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    path = private(folder / "word")
    folder.chmod(0o777)
    with pytest.raises(InventoryError, match="others may replace"):
        SecretSource(file=str(path)).read()
    link = tmp_path / "link"
    link.symlink_to(path)  # by way of a link it is no safer
    with pytest.raises(InventoryError, match="others may replace"):
        SecretSource(file=str(link)).read()
    folder.chmod(0o1777)  # sticky: others cannot rename what is mine
    assert SecretSource(file=str(path)).read() == SecretStr(WORD)


@pytest.mark.parametrize("what", ["file", "link"])
def test_what_belongs_to_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    path = private(tmp_path / "word")
    link = tmp_path / "link"
    link.symlink_to(path)
    real = os.fstat if what == "file" else type(path).lstat

    def foreign(target: Any, *args: Any) -> os.stat_result:
        found = real(target, *args)
        mine = what == "link" and target != link
        return found if mine else os.stat_result((*found[:4], 4242, *found[5:10]))

    monkeypatch.setattr(*(("os.fstat", foreign) if what == "file" else (type(path), "lstat", foreign)))
    with pytest.raises(InventoryError, match="somebody else"):
        SecretSource(file=str(link)).read()


def test_a_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Ring(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return WORD if (service, username) == ("psnet", "admin") else None

        def set_password(self, *_: str) -> None:
            raise AssertionError

    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        entry = "{keyring: {service: psnet, user: admin}}"
        assert load_inventory(inventory(tmp_path, entry))["a"].settings().password == SecretStr(WORD)
        with pytest.raises(InventoryError, match="no password of who for psnet"):
            SecretSource.model_validate({"keyring": {"service": "psnet", "user": "who"}}).read()
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(InventoryError) as missing:
            SecretSource.model_validate({"keyring": {"service": "psnet", "user": "admin"}}).read()
        assert "psnet[keyring]" in str(missing.value)
    finally:
        keyring.set_keyring(before)


def test_vaults_inline_as_a_file_and_around_the_whole_inventory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = encrypt(WORD, KEY)
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", KEY.get_secret_value())
    inline = "!vault |\n" + "".join(f"    {line}\n" for line in vault.splitlines())
    path = tmp_path / "hosts.yaml"
    text = f"connection:\n  user: u\n  password: {inline}vars:\n  word: {inline}hosts: {{a: }}\n"
    path.write_text(text)
    host = load_inventory(path)["a"]
    assert host.settings().password == SecretStr(WORD)
    assert WORD not in f"{host} {host.variables} {host.connection}"
    path.write_text(encrypt(text, KEY))
    assert load_inventory(path)["a"].settings().password == SecretStr(WORD)
    (tmp_path / "word.vault").write_text(vault)
    assert load_inventory(inventory(tmp_path, "{vault: word.vault}"))["a"].settings().password == SecretStr(WORD)
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "another")
    with pytest.raises(InventoryError, match=r"does not open .*word.vault"):
        load_inventory(tmp_path / "hosts.yaml")["a"].settings()


def test_a_prompt_is_asked_once_for_all_hosts_and_never_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = load_inventory(inventory(tmp_path, "{prompt: Password of the lab}")).hosts
    with pytest.raises(InventoryError, match="no terminal"):
        with_answers(hosts)
    asked: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream: (asked.append(prompt), WORD)[1])  # noqa: ARG005
    answered = with_answers(hosts)
    assert [host.settings().password for host in answered] == [SecretStr(WORD)] * 2
    assert asked == ["Password of the lab: "]
    assert WORD not in f"{answered} {answered[0].connection}"
    again = pickle.loads(pickle.dumps(answered[0]))
    assert again.settings().password == SecretStr(WORD)


@pytest.mark.parametrize(
    "written", [WORD, f"{{given: {WORD}}}", f"{{prompt: p, given: {WORD}}}", "{}", "{env: A, file: B}", "{enf: A}"]
)
def test_a_password_is_never_written_into_hosts_yaml(tmp_path: Path, written: str) -> None:
    with pytest.raises(InventoryError) as caught:
        load_inventory(inventory(tmp_path, written))
    assert "hosts.yaml:1" in str(caught.value)
    assert WORD not in str(caught.value)


@pytest.mark.parametrize("transport", ["psrp", "winrm"])
@pytest.mark.parametrize("auth", ["ntlm", "basic"])
def test_a_password_is_in_no_log_error_or_traceback(
    psnet_lab: Any, caplog: pytest.LogCaptureFixture, transport: str, auth: str
) -> None:
    lab = psnet_lab("2022")
    host = load_inventory(lab.inventory).hosts[0]
    right = host.settings()
    assert right.password is not None
    changes = {"transport": transport, "auth": auth, "retry": RetryPolicy(attempts=1)}
    wrong = right.model_copy(update={**changes, "password": SecretStr(WORD)})
    shown = [repr(right), str(right), repr(host), right.model_dump_json(), repr(wrong)]
    with caplog.at_level(logging.DEBUG):
        good = open_session(right.model_copy(update=changes), host.name)
        assert good.run("1").objects
        shown += [repr(good), str(vars(good))]
        good.close()
        with pytest.raises(HostError) as caught:
            open_session(wrong, host.name).run("1")
    shown += [caplog.text, "".join(traceback.format_exception(caught.value)), repr(caught.value)]
    for text in shown:
        assert WORD not in text
        assert right.password.get_secret_value() not in text


@pytest.mark.parametrize("written", ["Hush-9-hush", "940123456789", "9.40123456789", "[Hush-9-hush]", "true"])
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, written: str) -> None:
    with pytest.raises(InventoryError, match="a password is not written here") as caught:
        load_inventory(inventory(tmp_path, written))
    assert written.strip("[]") not in str(caught.value).replace("true or false", "")


@pytest.mark.parametrize(
    "url",
    [
        "psrp://adm:Hush-9-hush@web01",
        "psrp://adm:Hush-9-hush#x@web01",  # a sign that was not written as %23: what follows is no port
        "psrp://adm:Hush-9-hush/x@web01",
        "psrp://adm@web01?password=Hush-9-hush",
        "psrp://adm@web01?pasword=Hush-9-hush",
        "psrp://adm@web01?auth=ntlm&proxy=http://u:Hush-9-hush@proxy:no",
        "psrp://adm@web01?proxy=http://u:Hush-9-hush@proxy:3128&port=no",
        "https://adm:Hush-9-hush@web01",
        "adm:Hush-9-hush@web01",
        "psrp://:Hush-9-hush@",
    ],
)
def test_a_url_that_is_refused_is_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as caught:
        settings_from_url(url)
    assert WORD not in str(caught.value)


def test_a_proxy_that_has_a_password_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    text = "vars: {u: 'https://u:Hush-9-hush@x/y', api_key: 94012345, db_password: {value: Hush-9-hush}}"
    path.write_text(f"connection: {{user: u, proxy: 'http://u:Hush-9-hush@proxy:3128'}}\n{text}\nhosts: {{a: }}\n")
    settings = load_inventory(path)["a"].settings()
    assert WORD not in repr(settings)
    for words in (["show", "a"], ["show", "a", "--json"], ["list", "--json"]):
        told = CliRunner().invoke(app, ["inventory", *words, "-i", str(path)])
        assert told.exit_code == 0
        assert WORD not in told.output
        assert "94012345" not in told.output
        assert "proxy:3128" in told.output
    path.write_text("connection: {user: u, proxy: 'http://u:Hush-9/hush@proxy:3128'}\nhosts: {a: }\n")
    with pytest.raises(InventoryError, match="it is no proxy") as caught:
        load_inventory(path)["a"].settings()
    assert "Hush" not in str(caught.value)
