"""Ansible's inventories, read by ansible-core itself: what psnet makes of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InventoryError, SiteError
from psnet.inventories import load_inventory
from psnet.inventories.connection import connection_of
from psnet.inventories.vault import Vaulted, decrypt, encrypt
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


def test_ini_and_yaml_say_the_same(tmp_path: Path) -> None:
    for name, text in (("hosts", INI), ("hosts.yml", YAML)):
        inventory = load_inventory(write(tmp_path / name, {name: text}))
        assert {host.name for host in inventory} == {"alone", "web01", "web02", "web03", "odd.example", "db1"}
        web = inventory["web02"]
        assert set(web.groups) == {"prod", "web"}
        assert (web.variables["http_port"], web.variables["tier"], web.variables["listed"]) == (
            8080,
            "prod",
            ["a", "b"],
        )
        assert web.connection["user"] == "Administrator"
        assert inventory["alone"].variables["tier"] == "none"
        assert inventory["alone"].settings().address == "10.9.9.9"
        assert inventory["odd.example"].settings().effective_port == 5990
        assert inventory["odd.example"].variables["note"] == "two words"
        db = inventory["db1"].settings()
        assert (db.transport, db.auth) == ("winrm", "ntlm")
        assert "ansible_user" not in web.variables
        assert {host.name for host in inventory.select("web:!odd*")} == {"web01", "web02", "web03"}


MIXED = {
    "one/01-web.ini": "[web]\nweb1 ansible_host='{{ inventory_hostname }}.corp' ansible_user='{{ domain }}\\adm'\n"
    "web2 ansible_user='{{ gone }}'\nweb3 ansible_psrp_auth=nonsense\n"
    "[web:vars]\nansible_connection=psrp\ndomain=CORP\n",
    "one/02-linux.yml": "linux: {hosts: {tux: {ansible_connection: ssh}, plain: }}\nlocal: {hosts: {localhost: }}\n",
    "one/sub/group_vars/never.yml": "a: 1\n",
    "one/group_vars/web/site.yml": "http_port: 8080\nraw: !unsafe '{{ no }}'\nurl: 'http://{{ inventory_hostname }}'\n",
    "two.constructed.yml": "plugin: ansible.builtin.constructed\nuse_vars_plugins: true\n"
    "groups: {ports: http_port is defined}\n",
    "two.ini": "web1 tier=second\n",
}


def test_several_folders_plug_ins_and_hosts_that_are_no_windows(tmp_path: Path) -> None:
    write(tmp_path, MIXED)
    sources = [tmp_path / name for name in ("one", "two.constructed.yml", "two.ini")]
    inventory = load_inventory(sources)
    assert [host.name for host in inventory] == ["web1", "web2", "web3"]
    assert {(item.name, item.kind) for item in inventory.others} == {
        ("tux", "ssh"),
        ("plain", "ssh"),
        ("localhost", "local"),
    }
    first = inventory["web1"]
    assert (first.settings().address, first.settings().user) == ("web1.corp", "CORP\\adm")
    assert (first.variables["http_port"], first.variables["tier"]) == (8080, "second")
    assert first.groups == ("ports", "web")
    assert first.variables["url"] == "http://{{ inventory_hostname }}"
    assert [host.name for host in inventory.select("ports")] == ["web1", "web2", "web3"]
    with pytest.raises(InventoryError, match=r"web2: .*ansible_user cannot be filled.*gone"):
        inventory["web2"].settings()
    with pytest.raises(InventoryError, match="web3: auth: 'nonsense' is none of negotiate"):
        inventory["web3"].settings()
    assert [host.name for host in inventory.select("all")] == ["web1", "web2", "web3"]
    for pattern in ("tux", "web:tux", "linux"):
        with pytest.raises(InventoryError, match="is no Windows host"):
            inventory.select(pattern)
    assert [host.name for host in load_inventory("h1,h2,")] == ["h1", "h2"]


def test_a_thousand_hosts_are_read_in_one_process(tmp_path: Path) -> None:
    text = "[web]\nh[0001:1000] ansible_host='{{ inventory_hostname }}.corp'\n[web:vars]\nansible_connection=psrp\n"
    inventory = load_inventory(write(tmp_path, {"hosts": text}))
    assert len(inventory) == 1000
    assert inventory["h0999"].connection["address"] == "h0999.corp"


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
        ({"ansible_winrm_scheme": "http"}, {"transport": "psrp"}),
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
    ("variables", "said"),
    [
        ({"ansible_connection": "ssh"}, "no connection to Windows"),
        ({"ansible_port": "many"}, "ansible_port cannot be 'many'"),
        ({"ansible_psrp_message_encryption": "never"}, "never cannot be mapped: psnet always encrypts"),
        ({"ansible_psrp_read_timout": 3}, "did you mean ansible_psrp_read_timeout?"),
    ],
)
def test_what_cannot_be_mapped_is_refused(variables: dict[str, Any], said: str) -> None:
    with pytest.raises(InventoryError) as caught:
        connection_of("x", variables)
    assert said in str(caught.value)


def test_what_ansible_core_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InventoryError, match="hosts"):
        load_inventory(write(tmp_path, {"hosts": "[web:nonsense]\nx\n"}))
    with pytest.raises(InventoryError, match="there is no file"):
        load_inventory(tmp_path / "nowhere")
    with pytest.raises(InventoryError, match="has no Windows hosts: x has ansible_connection ssh"):
        load_inventory(write(tmp_path, {"linux": "x ansible_connection=ssh\n"}))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InventoryError, match=r"needs ansible-core[\s\S]*psnet\[ansible\]"):
        load_inventory(tmp_path / "linux")


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
    with pytest.raises(InventoryError, match=r"(?i)vault"):
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
