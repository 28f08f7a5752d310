"""Meta-configurations: defaults, what is set, and what is refused."""

from __future__ import annotations

import pytest
from dsc_lab import META_FOOTER, Session, document, held, lab_host, meta, setting, simple

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.labhost import LabHost

WEB = (
    'instance of MSFT_WebDownloadManager as $Web1 { ResourceID = "[ConfigurationRepositoryWeb]Main"; '
    'ServerURL = "https://pull:8080/PSDSCPullServer.svc"; RegistrationKey = "abc"; ConfigurationNames = {"Base"}; };\n'
)
PARTIAL = (
    'instance of MSFT_PartialConfiguration as $P1 { ResourceId = "[PartialConfiguration]Base"; '
    'Description = "x"; RefreshMode = "Push"; };\n'
)


def applied(data: bytes, host: LabHost | None = None) -> Session:
    session = Session(host or lab_host())
    session.host.files.make_folders("C:\\meta")
    session.host.files.write("C:\\meta\\localhost.meta.mof", data)
    session.run("Set-DscLocalConfigurationManager -Path C:\\meta")
    return session


def test_a_fresh_host_shows_the_documented_defaults() -> None:
    session = Session(LabHost("bare", "2019"))
    names = [
        "ActionAfterReboot",
        "ConfigurationMode",
        "ConfigurationModeFrequencyMins",
        "RefreshMode",
        "RefreshFrequencyMins",
    ]
    shown = session.run(f"$m = Get-DscLocalConfigurationManager; {'; '.join(f'$m.{name}' for name in names)}")
    assert shown == ["ContinueConfiguration", "ApplyAndMonitor", 15, "PUSH", 30]
    assert session.run("$m.RebootNodeIfNeeded; $m.LCMState; $m.LCMVersion; $m.LCMCompatibleVersions") == [
        False, "Idle", "2.0", "1.0", "2.0",
    ]  # fmt: skip


def test_settings_and_managers_are_read_back_without_the_registration_key() -> None:
    data = meta(
        'ConfigurationMode = "ApplyAndAutoCorrect"; RefreshMode = "Pull"; RefreshFrequencyMins = 45; '
        "ConfigurationDownloadManagers = {$Web1};",
        WEB,
    )
    session = applied(data)
    (refused,) = session.errors  # nobody answers at https://pull, which takes nothing from the settings
    assert refused.startswith("RegisterDscAgentUnsuccessful,")
    assert session.run("$m = Get-DscLocalConfigurationManager; $m.ConfigurationMode; $m.RefreshFrequencyMins") == [
        "ApplyAndAutoCorrect", 45,
    ]  # fmt: skip
    assert session.run("$w = $m.ConfigurationDownloadManagers[0]; $w.ServerURL; $w.RegistrationKey; $w.ResourceId") == [
        "https://pull:8080/PSDSCPullServer.svc", "", "[ConfigurationRepositoryWeb]Main",
    ]  # fmt: skip


def test_a_document_replaces_all_settings() -> None:
    session = applied(meta("ConfigurationModeFrequencyMins = 60;"))
    assert session.host.lcm.settings["ConfigurationModeFrequencyMins"] == 60
    applied(meta("RebootNodeIfNeeded = True;"), session.host)
    assert session.host.lcm.settings["ConfigurationModeFrequencyMins"] == 15


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (meta(""), None),
        (meta('ConfigurationMode = "Sometimes";'), "ValueNotInMap"),
        (meta("RefreshFrequencyMins = 29;"), "FrequencyOutOfRange"),
        (meta("ConfigurationModeFrequencyMins = 44641;"), "FrequencyOutOfRange"),
        (meta('RebootNodeIfNeeded = "yes";'), "TypeMismatch"),
        (meta('DebugMode = {"All", "None"};'), "DebugModeShouldHaveOneValue"),
        (meta('ConfigurationID = "web";'), "InvalidConfigurationIdFormat"),
        (meta('CertificateID = "12 34";'), "InvalidCertificateId"),
        (meta('Colour = "red";'), "UndefinedProperty"),
        (meta('LCMState = "Idle";'), "UndefinedProperty"),
        (meta('RefreshMode = "Pull";'), "PullWithoutRepository"),
        (meta("ReportManagers = {$Web1};", WEB), "TypeMismatch"),
        (meta('ReportManagers = {"Web1"};'), "TypeMismatch"),
        (meta("ConfigurationDownloadManagers = {$Web1};", WEB.replace("https:", "http:")), "UnsecureConnection"),
        (meta("ConfigurationDownloadManagers = {$Web1};", WEB.replace("https:", "file:")), "InvalidServerUrl"),
        (
            meta(
                'ConfigurationDownloadManagers = {$Web1}; ConfigurationID = "1c707b86-ef8e-4c29-b7c1-34da2190ae24";',
                WEB,
            ),
            "ConfigurationIdAndKey",
        ),
        (meta("", WEB.replace('ResourceID = "[ConfigurationRepositoryWeb]Main"; ', "")), "InvalidResourceId"),
        (meta("", footer=META_FOOTER.replace('Version="2.0.0"', 'Version="4.0.0"')), "InvalidVersion"),
        (meta("", WEB, footer=META_FOOTER.replace(' Version="2.0.0"', ' Version="1.0.0"')), "InvalidVersion"),
        (simple("a"), "MetaConfigurationCount"),
        (
            meta(
                "PartialConfigurations = {$P1};",
                PARTIAL.replace('RefreshMode = "Push"', 'RefreshMode = "Pull"'),
            ),
            "GetPullModeNeedConfigurationSource",
        ),
        (
            meta(
                "PartialConfigurations = {$P1};",
                PARTIAL.replace("Description", 'DependsOn = {"[PartialConfiguration]No"}; Description'),
            ),
            "ManagerNotFound",
        ),
    ],
)
def test_what_a_meta_configuration_may_hold(data: bytes, name: str | None) -> None:
    session = applied(data)
    assert session.errors == ([f"Lab.{name}"] if name else [])
    assert (session.host.lcm.settings["RefreshMode"] == "PUSH") is True


def test_a_host_that_pulls_takes_a_push_only_when_it_is_forced() -> None:
    session = applied(meta('RefreshMode = "Pull"; ConfigurationDownloadManagers = {$Web1};', WEB))
    session.push(simple("a"))
    assert session.errors == ["MI RESULT 1"]
    assert (held(session.host, "a"), session.host.lcm.state) == (None, "Idle")
    session.push(simple("a"), "-Force")
    assert (session.errors, held(session.host, "a")) == ([], "on")
    assert session.run("(Get-DscLocalConfigurationManager).RefreshMode") == ["Push"]


def test_a_disabled_manager_takes_no_push_at_all() -> None:
    session = applied(meta('RefreshMode = "Disabled";'))
    session.push(simple("a"), "-Force")
    assert session.errors == ["MI RESULT 1"]


def test_debugging_is_a_setting_of_its_own() -> None:
    session = applied(meta("ConfigurationModeFrequencyMins = 60;"))
    session.run("Enable-DscDebug -BreakAll")
    assert session.run("$m = Get-DscLocalConfigurationManager; $m.DebugMode; $m.ConfigurationModeFrequencyMins") == [
        "ResourceScriptBreakAll", 60,
    ]  # fmt: skip
    session.run("Disable-DscDebug")
    assert session.run("(Get-DscLocalConfigurationManager).DebugMode") == ["None"]


@pytest.mark.parametrize(
    ("settings", "types", "state"),
    [
        ("RebootNodeIfNeeded = True;", ["Initial", "Reboot"], "Idle"),
        ('RebootNodeIfNeeded = True; ActionAfterReboot = "StopConfiguration";', ["Initial"], "PendingConfiguration"),
        ("RebootNodeIfNeeded = False;", ["Initial"], "PendingReboot"),
    ],
)
def test_reboots_follow_the_settings(settings: str, types: list[str], state: str) -> None:
    session = applied(meta(settings))
    session.push(document(setting("a", more=' Mood = "Reboot";'), setting("b", alias=2)))
    assert [run.type for run in session.host.lcm.history.runs()] == types
    assert session.host.lcm.state == state
    session.host.reboot()
    assert (held(session.host, "b") == "on") is ("Stop" not in settings)


def test_settings_that_are_refused_leave_those_that_hold() -> None:
    session = applied(meta("ConfigurationModeFrequencyMins = 60;"))
    with pytest.raises(HostRefusal):
        session.host.lcm.send_settings(meta("ConfigurationModeFrequencyMins = 1;"))
    assert session.host.lcm.settings["ConfigurationModeFrequencyMins"] == 60
