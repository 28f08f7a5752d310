"""Ansible's inventories, unchanged: INI and YAML, group_vars and host_vars, vaults, connection variables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InventoryError, SiteError
from psnet.inventory import load_inventory
from psnet.inventory.connection import connection_of
from psnet.inventory.vault import Vaulted, decrypt, encrypt
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from pathlib import Path

INI = """
# the fleet
alone ansible_host=10.9.9.9
[web]
web[01:03] http_port=8080
odd.example:5990 http_port=80 note="two words"

[db]
db1 ansible_connection=winrm ansible_winrm_transport=ntlm # the old one

[prod:children]
web
db

[prod:vars]
tier=prod
ansible_user=Administrator
listed=['a', 'b']

[all:vars]
ansible_connection=psrp
tier=none
"""
YAML = """
all:
  vars: {ansible_connection: psrp, tier: none}
  hosts:
    alone: {ansible_host: 10.9.9.9}
  children:
    prod:
      vars: {tier: prod, ansible_user: Administrator, listed: [a, b]}
      children:
        web:
          hosts:
            web[01:03]: {http_port: 8080}
            odd.example: {ansible_port: 5990, http_port: 80, note: two words}
        db:
          hosts:
            db1: {ansible_connection: winrm, ansible_winrm_transport: ntlm}
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


@pytest.mark.parametrize(("name", "text"), [("hosts", INI), ("hosts.ini", INI), ("hosts.yml", YAML)])
def test_ini_and_yaml_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    inventory = load_inventory(write(tmp_path, {name: text}))
    assert {host.name for host in inventory} == {"alone", "web01", "web02", "web03", "odd.example", "db1"}
    web = inventory["web02"]
    assert set(web.groups) == {"prod", "web"}
    assert (web.variables["http_port"], web.variables["tier"], web.variables["listed"]) == (8080, "prod", ["a", "b"])
    assert web.connection["user"] == "Administrator"
    assert inventory["alone"].variables["tier"] == "none"
    assert inventory["alone"].settings().address == "10.9.9.9"
    assert inventory["odd.example"].settings().effective_port == 5990
    assert inventory["odd.example"].variables["note"] == "two words"
    db = inventory["db1"].settings()
    assert (db.transport, db.auth) == ("winrm", "ntlm")
    assert "ansible_user" not in web.variables
    assert {host.name for host in inventory.select("web:!odd*")} == {"web01", "web02", "web03"}


def test_variable_files_win_over_groups_and_hosts_over_both(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "hosts": "[web]\nweb1 own=inventory\n[prod:children]\nweb\n"
            "[web:vars]\na=ini-web\nb=ini-web\nc=ini-web\n[all:vars]\nd=ini-all\n",
            "group_vars/all.yml": "a: file-all\nd: file-all\n",
            "group_vars/prod/one.yml": "b: file-prod\n",
            "group_vars/web": "c: file-web\n",
            "host_vars/web1.yml": "own: file-host\n",
            "host_vars/.hidden": "own: never\n",
        },
    )
    shown = load_inventory(path)["web1"].variables
    assert {key: shown[key] for key in ("a", "b", "c", "d", "own")} == {
        "a": "file-all",
        "b": "file-prod",
        "c": "file-web",
        "d": "file-all",
        "own": "file-host",
    }


def test_a_folder_of_inventories_is_one(tmp_path: Path) -> None:
    write(tmp_path, {"01-web.ini": "[web]\nweb1 a=1\n", "02-db.yml": "db: {hosts: {db1: }}\n", "notes.md": "[x]\ny\n"})
    assert [host.name for host in load_inventory(tmp_path)] == ["web1", "db1"]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, {"transport": "psrp"}),
        ({"ansible_psrp_protocol": "http"}, {"transport": "psrp", "scheme": "http"}),
        ({"ansible_port": 5985}, {"transport": "psrp", "port": 5985, "scheme": "http"}),
        ({"ansible_psrp_cert_validation": "ignore"}, {"transport": "psrp", "verify": False}),
        ({"ansible_psrp_auth": "certificate"}, {"transport": "psrp", "auth": "certificate"}),
        (
            {"ansible_psrp_configuration_name": "Networks", "ansible_psrp_path": "/wsman/"},
            {"transport": "psrp", "configuration_name": "Networks", "path": "wsman"},
        ),
        ({"ansible_psrp_read_timeout": "45"}, {"transport": "psrp", "read_timeout": 45}),
        (
            {
                "ansible_connection": "ansible.builtin.winrm",
                "ansible_winrm_transport": ["ssl"],
                "ansible_winrm_server_cert_validation": "validate",
                "ansible_winrm_operation_timeout_sec": 30,
            },
            {"transport": "winrm", "auth": "basic", "verify": True, "operation_timeout": 30},
        ),
        ({"ansible_user": "{{ who }}", "who": "me"}, {"transport": "psrp", "user": "me"}),
        ({"ansible_winrm_scheme": "http"}, {"transport": "psrp"}),
        ({"ansible_user": "{{ a }}", "a": "{{ b }}", "b": "me"}, {"transport": "psrp", "user": "me"}),
        (
            {
                "ansible_psrp_negotiate_delegate": True,
                "ansible_psrp_negotiate_service": "HTTP",
                "ansible_psrp_negotiate_hostname_override": "web.corp",
                "ansible_psrp_reconnection_retries": 4,
                "ansible_psrp_reconnection_backoff": 1.5,
                "ansible_psrp_message_encryption": "auto",
                "ansible_psrp_proxy": "http://proxy:3128",
            },
            {
                "transport": "psrp",
                "delegate": True,
                "service": "HTTP",
                "service_host": "web.corp",
                "retry": {"attempts": 5, "base": 1.5},
                "proxy": "http://proxy:3128",
            },
        ),
        (
            {
                "ansible_connection": "winrm",
                "ansible_winrm_kerberos_delegation": "yes",
                "ansible_winrm_kinit_mode": "manual",
                "ansible_winrm_ca_trust_path": "/ca.pem",
                "ansible_psrp_unheard_of": 1,
            },
            {"transport": "winrm", "delegate": True, "ca_file": "/ca.pem"},
        ),
    ],
)
def test_connection_variables_are_psnets(variables: dict[str, Any], expected: dict[str, Any]) -> None:
    assert connection_of("h", variables) == expected


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"hosts": "[web:nonsense]\nx\n"}, "unknown section :nonsense"),
        ({"hosts": "[web]\nx y\n"}, "'y' is no variable"),
        ({"hosts": "[web:vars]\nnothing\n"}, "is no variable"),
        ({"hosts": "[web]\nx[3:1]\n"}, "counts backwards"),
        ({"hosts": "[a:children]\nb\n[b:children]\na\n[a]\nx\n"}, "stands in itself"),
        ({"hosts": "x ansible_connection=ssh\n"}, "no connection to Windows"),
        ({"hosts": "x ansible_port=many\n"}, "ansible_port cannot be 'many'"),
        ({"hosts": "x ansible_user='{{ gone }}'\n"}, "ansible_user cannot be filled"),
        ({"hosts": "x ansible_psrp_message_encryption=never\n"}, "never cannot be mapped: psnet always encrypts"),
        ({"hosts": "x ansible_psrp_read_timout=3\n"}, "did you mean ansible_psrp_read_timeout?"),
        (
            {"hosts": "x ansible_connection=winrm ansible_winrm_kinit_cmd=/k\n"},
            "ansible_winrm_kinit_cmd cannot be mapped",
        ),
        ({"hosts.yml": "web: {hosts: {a: }, nonsense: 1}\n"}, "web"),
        ({"hosts": "[web]\nx\n", "group_vars/web.yml": "a: [\n"}, "not valid YAML"),
        ({"hosts": "[web]\nx\n", "group_vars/web.yml": "- a\n"}, "holds no variables"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(InventoryError) as caught:
        load_inventory(write(tmp_path, files))
    assert said in str(caught.value)


# Made by ansible-vault itself: the text "s3cret ü" with the password "vault".
OF_ANSIBLE = """\
$ANSIBLE_VAULT;1.1;AES256
30616530336436653862636161663466383239343265653133623633336436656232386431633662
3330663530623062663633323266653963306530633963360a306635633064666432613166346432
31613964343365633936343934323766613662666634356232393966363961656137616261313737
6163336232363037300a336135363663353864656266646435353064646336333737333264393138
6263
"""


def test_a_vault_of_ansible_itself_opens() -> None:
    assert decrypt(OF_ANSIBLE, SecretStr("vault"), "x") == "s3cret ü"


def test_a_vault_opens_with_its_password_only() -> None:
    vault = encrypt("s3cret ü", SecretStr("vault"))
    assert vault.startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert max(map(len, vault.splitlines())) == 80
    assert decrypt(vault, SecretStr("vault"), "x") == "s3cret ü"
    with pytest.raises(InventoryError, match="does not open x"):
        decrypt(vault, SecretStr("wrong"), "x")
    with pytest.raises(InventoryError, match="no vault password"):
        decrypt(vault, None, "x")
    with pytest.raises(InventoryError, match="damaged"):
        decrypt(vault[:-9], SecretStr("vault"), "x")


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def test_vaulted_values_connect_and_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = encrypt("s3cret", SecretStr("vault"))
    path = write(
        tmp_path,
        {
            "hosts": "[web]\nweb1\n",
            "group_vars/web/plain.yml": 'ansible_user: me\nansible_password: "{{ the_password }}"\n',
            "group_vars/web/vault.yml": f"the_password: !vault |\n{indented(vault)}\n",
            "host_vars/web1.yml": encrypt("other: hidden value\n", SecretStr("vault")),
        },
    )
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "vault")
    host = load_inventory(path)["web1"]
    password = host.settings().password
    assert password is not None
    assert password.get_secret_value() == "s3cret"
    result = CliRunner().invoke(app, ["inventory", "show", "web1", "-i", str(path)])
    shown = result.output + repr(host) + repr(host.connection)
    assert result.exit_code == 0, result.output
    assert "s3cret" not in shown
    assert "hidden value" not in shown
    assert isinstance(host.variables["the_password"], Vaulted)
    with pytest.raises(SiteError, match="vaulted"):
        parse_site("firewall_rules: [{name: r, display_name: '{{ the_password }}'}]").for_host("web1", host.variables)
    monkeypatch.delenv("PSNET_VAULT_PASSWORD")
    with pytest.raises(InventoryError, match="vault password"):
        load_inventory(path)


def test_a_vault_password_file_that_others_may_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "pw"
    secret.write_text("vault\n")
    secret.chmod(0o644)
    path = write(tmp_path, {"hosts": encrypt("[web]\nweb1\n", SecretStr("vault"))})
    monkeypatch.setenv("ANSIBLE_VAULT_PASSWORD_FILE", str(secret))
    with pytest.raises(InventoryError, match="others may read"):
        load_inventory(path)
    secret.chmod(0o600)
    assert [host.name for host in load_inventory(path)] == ["web1"]


def test_list_graph_and_show(tmp_path: Path) -> None:
    path = str(write(tmp_path, {"hosts": INI}))
    run = CliRunner()
    listed = json.loads(run.invoke(app, ["inventory", "list", "-i", path, "--json"]).output)
    assert [item["name"] for item in listed] == ["alone", "web01", "web02", "web03", "odd.example", "db1"]
    graph = run.invoke(app, ["inventory", "graph", "-i", path]).output
    assert "  @web\n    web01" in graph
    shown = run.invoke(app, ["inventory", "show", "db1", "-i", path]).output
    assert "transport: winrm" in shown


def test_groups_of_psnets_own_inventory_stand_in_groups(tmp_path: Path) -> None:
    text = """
hosts: {web1: , db1: }
groups:
  web: {hosts: [web1], vars: {tier: web}}
  prod: {children: [web], hosts: [db1], vars: {tier: prod, zone: a}}
"""
    inventory = load_inventory(write(tmp_path, {"hosts.yaml": text}))
    assert inventory["web1"].groups == ("prod", "web")
    assert (inventory["web1"].variables["tier"], inventory["web1"].variables["zone"]) == ("web", "a")
    with pytest.raises(InventoryError, match="did you mean web"):
        load_inventory(write(tmp_path, {"bad.yaml": text.replace("[web]", "[wed]")}))
