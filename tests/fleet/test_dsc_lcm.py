"""The Local Configuration Manager's settings over hosts of the lab; keys that stay secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.server import self_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    from psnet.lab.contract.files import Entry
    from psnet.testing import Lab

KEY = "0123456789abcdef-a-registration-key"


def files_of(entry: Entry, path: str = "C:") -> Iterator[tuple[str, bytes]]:
    for item in (entry.children or {}).values():
        if item.is_folder:
            yield from files_of(item, f"{path}\\{item.name}")
        else:
            yield f"{path}\\{item.name}", bytes(item.data)


def test_settings_are_set_read_back_and_told(psnet_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    _, ca = self_signed(tmp_path / "private", ["localhost"])
    (tmp_path / "lcm.yaml").write_text(
        f"settings: {{configuration_mode: ApplyAndAutoCorrect, reboot_node_if_needed: true}}\ntrusted_roots: [{ca}]\n"
    )
    runner = CliRunner()
    environment = {"PSNET_INVENTORY": str(lab.inventory)}
    made = runner.invoke(app, ["dsc", "lcm", str(tmp_path / "lcm.yaml")], env=environment)
    assert made.exit_code == 0, made.output
    assert made.output.count("ConfigurationMode: ApplyAndMonitor -> ApplyAndAutoCorrect") == 2
    for host in lab.hosts.values():
        assert host.lcm.settings["ConfigurationMode"] == "ApplyAndAutoCorrect"
        assert host.lcm.certificates.roots == [ca.read_text()]
        assert host.files.find("C:\\ProgramData\\psnet\\dsc").children == {}, "nothing is left behind"
    shown = runner.invoke(app, ["dsc", "lcm", "--show"], env=environment)
    assert shown.output.count("ApplyAndAutoCorrect") == 2
    again = runner.invoke(app, ["dsc", "lcm", str(tmp_path / "lcm.yaml")], env=environment)
    assert "->" not in again.output


def test_a_registration_key_is_nowhere_but_in_the_lcm(
    psnet_lab: Callable[..., Lab], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022")
    monkeypatch.setenv("PULL_KEY", KEY)
    journal = tmp_path / "journal.sqlite"
    settings = tmp_path / "lcm.yaml"
    settings.write_text(
        "report_servers: [{name: pull, server_url: 'https://localhost:1/x', registration_key: {env: PULL_KEY}}]"
    )
    # Nothing answers there: what matters is what became of the key, whether the node could register or not.
    with caplog.at_level("DEBUG"):
        made = CliRunner().invoke(
            app,
            ["dsc", "lcm", str(settings), "--journal", str(journal)],
            env={"PSNET_INVENTORY": str(lab.inventory)},
        )
    found = [path for path, data in files_of(lab.hosts["ws2022"].files.drives["C:"]) if holds(data)]
    assert [path for path in found if "\\System32\\Configuration\\" not in path] == []
    assert KEY not in made.output
    assert KEY not in caplog.text
    assert not any(holds(path.read_bytes()) for path in tmp_path.glob("journal.sqlite*"))


def holds(data: bytes) -> bool:
    return KEY.encode() in data or KEY.encode("utf-16-le") in data


def test_documents_with_keys_are_written_only_when_that_is_asked_for(
    psnet_lab: Callable[..., Lab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab: Any = psnet_lab("2022")
    monkeypatch.setenv("PULL_KEY", KEY)
    settings = tmp_path / "lcm.yaml"
    settings.write_text(
        "report_servers: [{name: pull, server_url: 'https://localhost:1/x', registration_key: {env: PULL_KEY}}]"
    )
    ask = ["dsc", "lcm", str(settings), "-i", str(lab.inventory), "--out", str(tmp_path / "out")]
    refused = CliRunner().invoke(app, ask)
    assert refused.exit_code != 0
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(app, [*ask, "--with-secrets"]).exit_code == 0
    path = tmp_path / "out" / "ws2022.meta.mof"
    assert holds(path.read_bytes())
    assert path.stat().st_mode & 0o077 == 0
