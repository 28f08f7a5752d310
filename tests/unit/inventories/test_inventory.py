"""Hosts, groups, ranges, patterns and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psnet.errors import InputError, InventoryError
from psnet.inventories import load_inventory
from psnet.inventories.patterns import expand_range
from psnet.transport import settings_from_url

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
connection: {user: admin, password: {env: PSNET_TEST_SECRET}}
vars: {tier: none, port: 80}
hosts:
  "web[01:03]":
  db1: {address: 10.0.0.9, vars: {port: 5432}, connection: {scheme: http, auth: ntlm}}
groups:
  web: {hosts: ["web[01:03]"], vars: {tier: front}}
  prod: {hosts: [web01, web02, db1], connection: {port: 6000}}
  canary: {hosts: [web02]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "hosts.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        (None, "web01 web02 web03 db1"),
        ("web", "web01 web02 web03"),
        ("web:&prod:!canary", "web01"),
        ("!web", "db1"),
        ("*1", "web01 db1"),
        ("~^web0[12]$", "web01 web02"),
        ("web[02:03]", "web02 web03"),
        ("db1,web03", "web03 db1"),
    ],
)
def test_patterns_choose_as_ansible_does(path: Path, pattern: str | None, names: str) -> None:
    assert " ".join(host.name for host in load_inventory(path).select(pattern)) == names


def test_nearer_settings_win(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSNET_TEST_SECRET", "s3cret")
    inventory = load_inventory(path)
    assert inventory["web01"].variables["tier"] == "front"
    assert inventory["web01"].variables["group_names"] == ["web", "prod"]
    assert inventory["db1"].variables["port"] == 5432
    settings = inventory["db1"].settings()
    assert (settings.address, settings.effective_port, settings.scheme, settings.user) == (
        "10.0.0.9",
        6000,
        "http",
        "admin",
    )
    assert inventory["web03"].settings().effective_port == 5986


def test_several_files_of_psnets_own_are_joined_each_with_its_settings(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("connection: {user: else, port: 7000}\nhosts: {lone: }\n", encoding="utf-8")
    made = load_inventory([path, other])
    assert [host.name for host in made.hosts] == ["web01", "web02", "web03", "db1", "lone"]
    assert [made.hosts[n].connection["user"] for n in (0, -1)] == ["admin", "else"]
    other.write_text("hosts: {db1: }\n", encoding="utf-8")
    with pytest.raises(InventoryError, match="the host db1 is in"):
        load_inventory([path, other])


def test_a_secret_is_in_no_repr(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSNET_TEST_SECRET", "s3cret")
    host = load_inventory(path)["web01"]
    settings = host.settings()
    assert settings.password is not None
    assert settings.password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(host) + repr(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts: {a: {vars: 1}}", "hosts.a.vars"),
        ("hosts: {a: }\ngroups: {g: {hosts: [b]}}", "b is not listed under hosts"),
        ("hosts: {a: {connection: {password: hunter2}}}", "a password is not written here"),
        ("hosts: {a: {connection: {usr: x}}}", "did you mean user?"),
        ("hosts: {'a[3:1]': }", "counts backwards"),
        ("groups: {}", "no hosts"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "hosts.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        load_inventory(file)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_basic_over_plain_http_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yaml"
    file.write_text("hosts: {a: {connection: {scheme: http, auth: basic}}}", encoding="utf-8")
    with pytest.raises(InventoryError, match="needs scheme https"):
        load_inventory(file)["a"].settings()


def test_a_secret_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", encoding="utf-8")
    file = tmp_path / "hosts.yaml"
    file.write_text("hosts: {a: {connection: {password: {file: secret}}}}", encoding="utf-8")
    secret.chmod(0o644)
    with pytest.raises(InventoryError, match="chmod 600"):
        load_inventory(file)["a"].settings()
    secret.chmod(0o600)
    password = load_inventory(file)["a"].settings().password
    assert password is not None
    assert password.get_secret_value() == "s3cret"


def test_a_wrong_host_name_suggests_the_nearest(path: Path) -> None:
    with pytest.raises(InventoryError, match="did you mean web0"):
        load_inventory(path)["web10"]
    with pytest.raises(InventoryError, match="the hosts are web01"):
        load_inventory(path).select("nothing")


def test_ranges_keep_zeros_and_steps() -> None:
    assert expand_range("w[08:10]x[1:3:2]") == ["w08x1", "w08x3", "w09x1", "w09x3", "w10x1", "w10x3"]


def test_urls_name_hosts_and_never_passwords() -> None:
    settings = settings_from_url("psrp://CORP%5Cadmin@web01:6000?auth=ntlm&scheme=http", password="x")
    assert (settings.user, settings.effective_port, settings.auth) == ("CORP\\admin", 6000, "ntlm")
    with pytest.raises(InputError, match="ends up in logs") as caught:
        settings_from_url("psrp://admin:hunter2@web01")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(InputError, match="psrp://user@host"):
        settings_from_url("https://web01")
