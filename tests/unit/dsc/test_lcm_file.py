"""lcm.yaml: what it may say, what is refused, and the documents that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psnet.dsc.lcm import compile_lcm, load_lcm
from psnet.errors import InputError
from psnet.inventories import load_inventory
from psnet.mof import MofRefusal, parse_mof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psnet.mof import Instance

KEY = "0123456789abcdef-a-registration-key"
URL = "https://pull.example:8080/PSDSCPullServer.svc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hosts.yaml").write_text("hosts: {web01: {vars: {part: Net}}}\n")
    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    return tmp_path


def compiled(folder: Path, text: str) -> dict[str, Instance]:
    (folder / "lcm.yaml").write_text(text)
    (made,) = compile_lcm(load_lcm(folder / "lcm.yaml"), load_inventory(folder / "hosts.yaml").hosts)
    assert made.file == "web01.meta.mof"
    return {item.class_name: item for item in parse_mof(made.data)}


def plain(instance: Instance) -> Mapping[str, Any]:
    return {name: value.plain() for name, value in instance.properties.items() if name != "SourceInfo"}


def test_every_setting_gets_its_name_and_type(folder: Path) -> None:
    made = compiled(
        folder,
        """
        settings:
          refresh_mode: Push
          configuration_mode: ApplyAndAutoCorrect
          configuration_mode_frequency_mins: 15
          refresh_frequency_mins: 30
          reboot_node_if_needed: true
          action_after_reboot: StopConfiguration
          allow_module_overwrite: true
          debug_mode: ForceModuleImport
          certificate_id: "00 112233445566778899aabbccddeeff00112233"
          configuration_id: 0f9619ff-8b86-d011-b42d-00c04fc964ff
          status_retention_time_in_days: 7
          maximum_download_size_mb: 100
          signature_validation_policy: NONE
        """,
    )
    assert plain(made["MSFT_DSCMetaConfiguration"]) == {
        "RefreshMode": "Push",
        "ConfigurationMode": "ApplyAndAutoCorrect",
        "ConfigurationModeFrequencyMins": 15,
        "RefreshFrequencyMins": 30,
        "RebootNodeIfNeeded": True,
        "ActionAfterReboot": "StopConfiguration",
        "AllowModuleOverwrite": True,
        "DebugMode": ["ForceModuleImport"],
        "CertificateID": "00112233445566778899AABBCCDDEEFF00112233",
        "ConfigurationID": "0f9619ff-8b86-d011-b42d-00c04fc964ff",
        "StatusRetentionTimeInDays": 7,
        "MaximumDownloadSizeMB": 100,
        "SignatureValidationPolicy": "NONE",
    }
    assert made["OMI_ConfigurationDocument"].get("MinimumCompatibleVersion").plain() == "2.0.0"  # type: ignore[union-attr]


def test_a_pulled_fleet_with_parts_shares_and_reports(folder: Path) -> None:
    made = compiled(
        folder,
        f"""
        settings: {{refresh_mode: Pull}}
        configuration_repositories:
          - {{name: pull, server_url: "{URL}", registration_key: {{file: key}},
              configuration_names: ["{{{{ inventory_hostname }}}}", "{{{{ part }}}}"]}}
        resource_repositories:
          - {{name: share, source_path: '\\\\files\\dsc'}}
        report_servers:
          - {{name: pull, server_url: "{URL}", registration_key: {{file: key}}}}
        partial_configurations:
          - {{name: Net, configuration_source: [pull], resource_module_source: [share], refresh_mode: Pull,
              exclusive_resources: ['PSNetDsc\\*']}}
        """,
    )
    assert plain(made["MSFT_WebDownloadManager"]) == {
        "ResourceID": "[ConfigurationRepositoryWeb]pull",
        "ServerURL": URL,
        "RegistrationKey": KEY,
        "ConfigurationNames": ["web01", "Net"],
    }
    assert plain(made["MSFT_FileResourceManager"])["SourcePath"] == "\\\\files\\dsc"
    assert plain(made["MSFT_PartialConfiguration"]) == {
        "ResourceID": "[PartialConfiguration]Net",
        "ExclusiveResources": ["PSNetDsc\\*"],
        "ConfigurationSource": ["[ConfigurationRepositoryWeb]pull"],
        "ResourceModuleSource": ["[ResourceRepositoryShare]share"],
        "RefreshMode": "Pull",
    }
    settings = made["MSFT_DSCMetaConfiguration"]
    for name in ("ConfigurationDownloadManagers", "ResourceModuleManagers", "ReportManagers", "PartialConfigurations"):
        assert len(settings.get(name).plain()) == 1, name  # type: ignore[union-attr]


WEB = f'name: pull, server_url: "{URL}"'


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("settings: {refresh_modes: Pull}", "settings.refresh_modes", "unknown key"),
        ("settings: {refresh_mode: Sometimes}", "settings.refresh_mode", "'Sometimes' is none of Push, Pull, Disabled"),
        ("settings: {configuration_mode_frequency_mins: 14}", "settings.configuration_mode_frequency_mins", "15"),
        ("settings: {certificate_id: abc}", "settings.certificate_id", "40 hexadecimal digits"),
        ("settings: {configuration_id: abc}", "settings.configuration_id", "no GUID"),
        ("settings: {refresh_mode: Pull}", "settings.refresh_mode", "Pull needs a repository"),
        ("report_servers: [{name: x}]", "report_servers[0]", "server_url is missing"),
        ("report_servers: [{name: x, server_url: 'ftp://x'}]", "report_servers[0].server_url", "is no URL"),
        ("report_servers: [{name: x, server_url: 'https://a:b@x/'}]", "report_servers[0].server_url", "password"),
        ("report_servers: [{name: x, server_url: 'http://x/'}]", "report_servers[0]", "allow_unsecure_connection"),
        (
            ("report_servers: [{name: x, server_url: 'http://x/', allow_unsecure_connection: true,"
            " registration_key: {file: key}}]"),
            "report_servers[0]",
            "over https:// only",
        ),
        (f"report_servers: [{{{WEB}, registration_key: plain}}]", "report_servers[0].registration_key", "not written"),
        (f"resource_repositories: [{{{WEB}, source_path: x}}]", "resource_repositories[0]", "give one of"),
        ("resource_repositories: [{name: x, source_path: x, proxy_url: 'https://p'}]", "resource_repositories[0]",
         "a share has no proxy_url"),
        (f"configuration_repositories: [{{{WEB}, registration_key: {{file: key}}}}]", "configuration_repositories[0]",
         "configuration_names is missing"),
        (f"configuration_repositories: [{{{WEB}, configuration_names: [a, b]}}]",
         "configuration_repositories[0].configuration_names", "need partial_configurations"),
        (f"report_servers: [{{{WEB}}}, {{{WEB}}}]", "report_servers[1].name", "stands here twice"),
        (
            (f"settings: {{configuration_id: 0f9619ff-8b86-d011-b42d-00c04fc964ff}}\n"
            f"report_servers: [{{{WEB}, registration_key: {{file: key}}}}]"),
            "report_servers[0].registration_key",
            "either a configuration_id or a registration key",
        ),
        (
            (f"configuration_repositories: [{{{WEB}}}]\n"
            "partial_configurations: [{name: N, configuration_source: [pul]}]"),
            "partial_configurations[0].configuration_source[0]",
            "did you mean pull?",
        ),
        ("partial_configurations: [{name: N, refresh_mode: Pull}]", "partial_configurations[0]", "needs a config"),
        ("report_servers: [{name: x, server_url: '{{ nothing }}'}]", "report_servers[0].server_url", "undefined"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(folder: Path, text: str, key: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        compiled(folder, text)
    assert not isinstance(caught.value, MofRefusal)
    problem = caught.value.problems[0]
    assert message in str(problem)
    assert problem.key == key
    assert problem.line is not None


def test_a_credential_needs_a_certificate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARE_PASSWORD", "secret-of-the-share")
    text = """
        configuration_repositories:
          - {name: s, source_path: x, credential: {user: u, password: {env: SHARE_PASSWORD}}}
    """
    with pytest.raises(InputError, match="cannot become the meta-configuration of web01") as caught:
        compiled(folder, text)
    assert "CertificateFile" in str(caught.value)
    assert "secret-of-the-share" not in str(caught.value)


def test_a_document_does_not_show_its_key(folder: Path) -> None:
    (folder / "lcm.yaml").write_text(f"report_servers: [{{{WEB}, registration_key: {{file: key}}}}]")
    (made,) = compile_lcm(load_lcm(folder / "lcm.yaml"), load_inventory(folder / "hosts.yaml").hosts)
    assert made.secret
    assert KEY not in repr(made)


@pytest.mark.parametrize(("name", "message"), [("none.pem", "no certificate"), ("leaf.pem", "not an authority's")])
def test_a_trusted_root_is_an_authoritys_certificate(folder: Path, name: str, message: str) -> None:
    from psnet.dsc.server import self_signed

    tls, ca = self_signed(folder / "private", ["localhost"])
    (folder / "leaf.pem").write_bytes(tls.certificate.read_bytes())
    (folder / "lcm.yaml").write_text(f"trusted_roots: [{ca}]")
    (made,) = compile_lcm(load_lcm(folder / "lcm.yaml"), load_inventory(folder / "hosts.yaml").hosts)
    assert len(made.roots) == 1
    with pytest.raises(InputError, match="has errors") as caught:
        compiled(folder, f"trusted_roots: [{name}]")
    assert message in str(caught.value.problems[0])
    assert caught.value.problems[0].key == "trusted_roots[0]"
