"""Resources that run as a user: the password travels and lies encrypted for the node, from the inventory to its LCM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from document_certificate import KEY, certificate
from sampling import swept
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InputError
from psnet.lab.lcm.certificates import thumbprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psnet.lab.contract.files import Entry
    from psnet.testing import Lab

PASSWORD = "s3cret-word-of-svc"
SITE = "firewall_rules:\n  - {name: web-ping, direction: Inbound, action: Allow, protocol: ICMPv4}\n"


def contents(entry: Entry) -> Iterator[bytes]:
    for item in (entry.children or {}).values():
        if item.is_folder:
            yield from contents(item)
        else:
            yield bytes(item.data)


def readable(data: bytes) -> bool:
    return PASSWORD.encode() in data or PASSWORD.encode("utf-16-le") in data


def test_resources_run_as_a_user_whose_password_is_only_ever_encrypted(
    psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022")
    (host,) = lab.hosts.values()
    monkeypatch.setenv("SVC_PASSWORD", PASSWORD)
    own = certificate()
    host.lcm.certificates.add(own, KEY)
    host.accounts["svc"] = PASSWORD
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / f"{host.name}.cer").write_bytes(own.public_bytes(serialization.Encoding.DER))
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "lcm.yaml").write_text(f"settings: {{certificate_id: {thumbprint(own)}}}\n")
    inventory = yaml.safe_load(lab.inventory.read_text())
    known = inventory["hosts"][host.name] = inventory["hosts"][host.name] or {}
    known["vars"] = {"svc": {"user": "svc", "password": {"env": "SVC_PASSWORD"}}}
    lab.inventory.write_text(yaml.safe_dump(inventory))
    runner = CliRunner()
    both = ["-i", str(lab.inventory), "--journal", str(tmp_path / "journal.sqlite")]
    set_up = runner.invoke(app, ["dsc", "lcm", str(tmp_path / "lcm.yaml"), *both])
    assert set_up.exit_code == 0, set_up.output
    ask = ["dsc", "start", str(tmp_path / "site.yaml"), *both, "--run-as", "svc"]
    refused = runner.invoke(app, ask)
    assert isinstance(refused.exception, InputError)
    assert "has no certificate" in str(refused.exception)
    ask += ["--certificates", str(tmp_path / "certificates")]
    made = runner.invoke(app, ask)
    assert made.exit_code == 0, made.output
    assert "web-ping" in host.firewall.rules
    assert "1 of 1 hosts changed" in made.output
    again = runner.invoke(app, ask)
    assert "0 of 1 hosts changed" in again.output, again.output
    for shown in (made, again, refused):
        assert PASSWORD not in shown.output
    root = host.files.find("C:\\")
    assert root is not None
    assert not any(map(readable, contents(root)))
    assert not any(readable(path.read_bytes()) for path in tmp_path.iterdir() if path.is_file())
    host.accounts["svc"] = "another"
    del host.firewall.rules["web-ping"]
    bad = runner.invoke(app, ask)
    assert (bad.exit_code, "The user name or password is incorrect" in bad.output) == (1, True), bad.output
    assert "web-ping" not in host.firewall.rules


@pytest.mark.parametrize("many", [2, swept(5)])
def test_hosts_with_nothing_to_do_say_that_nothing_changed(
    psnet_lab: Callable[..., Lab], tmp_path: Path, many: int
) -> None:
    lab = psnet_lab("2022", count=many)
    (tmp_path / "site.yaml").write_text(SITE)
    ask = ["dsc", "start", str(tmp_path / "site.yaml"), "-i", str(lab.inventory)]
    first = CliRunner().invoke(app, ask)
    assert (first.exit_code, f"{many} of {many} hosts changed" in first.output) == (0, True), first.output
    second = CliRunner().invoke(app, ask)
    assert second.exit_code == 0, second.output
    assert second.output.count("1 resource, 0 changed") == many
    assert f"0 of {many} hosts changed" in second.output
    assert f"{many} unchanged" in second.output
    (host, *_) = lab.hosts.values()
    del host.firewall.rules["web-ping"]
    third = CliRunner().invoke(app, ask)
    assert f"1 of {many} hosts changed" in third.output
    assert (f"{many - 1} unchanged" in third.output, "1 changed" in third.output) == (True, True)
