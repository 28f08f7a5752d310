"""The settings of the Local Configuration Manager: defaults, and meta-configuration documents read strictly.

Facts: MSFT_DSCMetaConfiguration.mof of PSDesiredStateConfiguration, Microsoft's metaConfig page, and what
Get-DscLocalConfigurationManager shows on a fresh host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psnet.lab.lcm.document import instances_of
from psnet.lab.lcm.refusals import refused
from psnet.lab.lcm.values import Reader
from psnet.mof.schema import meta_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.mof.keyword import Keyword
    from psnet.mof.model import Instance

SETTINGS: Final = "MSFT_DSCMetaConfiguration"
DEFAULTS: Final[dict[str, Any]] = {
    "ActionAfterReboot": "ContinueConfiguration",
    "AllowModuleOverWrite": False,
    "CertificateID": None,
    "ConfigurationID": None,
    "ConfigurationMode": "ApplyAndMonitor",
    "ConfigurationModeFrequencyMins": 15,
    "DebugMode": ["NONE"],
    "RebootNodeIfNeeded": False,
    "RefreshFrequencyMins": 30,
    "RefreshMode": "PUSH",
    "StatusRetentionTimeInDays": 10,
    "SignatureValidationPolicy": "NONE",
    "MaximumDownloadSizeMB": 500,
}
LISTS: Final = (
    "ConfigurationDownloadManagers",
    "PartialConfigurations",
    "ReportManagers",
    "ResourceModuleManagers",
    "SignatureValidations",
)
_IGNORED: Final = frozenset({"resourceid", "sourceinfo"})
_THUMBPRINT: Final = re.compile(r"[0-9A-Fa-f]{40}")
_WEB: Final = frozenset({"MSFT_WebDownloadManager", "MSFT_WebResourceManager", "MSFT_WebReportManager"})


@dataclass(frozen=True, slots=True)
class Manager:
    """A repository, a report server or a partial configuration; values by the schema's names."""

    class_name: str
    resource_id: str
    source_info: str | None
    values: dict[str, Any]

    @property
    def name(self) -> str:
        """Return its name, without its kind."""
        return self.resource_id.partition("]")[2]

    @property
    def url(self) -> str:
        """Return its URL without the slash at the end; "" for a share."""
        return str(self.values.get("ServerURL") or "").rstrip("/")


@dataclass(frozen=True, slots=True)
class Settings:
    """What Set-DscLocalConfigurationManager sets; ``values`` hold every setting, by its name."""

    values: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    managers: dict[str, tuple[Manager, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def is_mode(self, *modes: str) -> bool:
        """Return whether ConfigurationMode is one of these."""
        return str(self["ConfigurationMode"]).lower() in {mode.lower() for mode in modes}

    @property
    def refresh(self) -> str:
        """Return RefreshMode in lower case."""
        return str(self["RefreshMode"]).lower()

    def listed(self, name: str) -> tuple[Manager, ...]:
        """Return the managers of a kind."""
        return self.managers.get(name, ())


def parse_settings(data: bytes) -> Settings:
    """Read a meta-configuration document; raises HostRefusal."""
    instances, header = instances_of(data)
    found = [item for item in instances if item.class_name.lower() == SETTINGS.lower()]
    if len(found) != 1:
        raise refused("MetaConfigurationCount", f"One instance of {SETTINGS} is expected, not {len(found)}.")
    _check_version(found[0], instances, header)
    keywords = {keyword.class_name.lower(): keyword for keyword in meta_schemas().keywords.values()}
    managers = {
        instance.alias.lower(): _manager(instance, instances, keywords)
        for instance in instances
        if instance.alias and instance is not found[0] and instance.class_name.lower() in keywords
    }
    settings = _settings_keyword(keywords[f"{SETTINGS}V2".lower()])
    lists = frozenset(name.lower() for name in LISTS)
    values = Reader(SETTINGS, {}, {}, _plain).properties(settings, found[0], _IGNORED | lists)
    names = {name.lower(): name for name in DEFAULTS}
    merged = DEFAULTS | {names[name.lower()]: _value(value) for name, value in values.items()}
    by_list = {name: _listed(found[0], name, managers, settings) for name in LISTS}
    made = Settings(merged, by_list)
    _check(made)
    return made


def _settings_keyword(keyword: Keyword) -> Keyword:
    """Return the class with the one mode of debugging that only Enable-DscDebug -BreakAll sets."""
    debug = keyword.properties["debugmode"]
    more = "ResourceScriptBreakAll"
    changed = replace(debug, values=(*debug.values, more), value_map={**debug.value_map, more.lower(): more})
    return replace(keyword, properties={**keyword.properties, "debugmode": changed})


def _plain(text: str) -> str:
    return text


def _value(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    return [str(item) for item in value]


def _check_version(settings: Instance, instances: Iterable[Instance], header: Instance) -> None:
    """Refuse a document of version 1 that holds what only version 2 knows."""
    version = header.get("Version")
    newer = any(item is not settings and item.class_name.lower() != "msft_credential" for item in instances)
    if version is not None and str(version.value).startswith("1.") and newer:
        raise refused("InvalidVersion", "A meta-configuration of version 1 has no managers or partial configurations.")


def _manager(instance: Instance, instances: list[Instance], keywords: dict[str, Keyword]) -> Manager:
    keyword = keywords[instance.class_name.lower()]
    embedded = {item.alias.lower(): item for item in instances if item.alias}
    identity, source = instance.get("ResourceId"), instance.get("SourceInfo")
    resource_id = str(identity.value) if identity is not None else ""
    if keyword.needs_name and not re.fullmatch(r"\[[^\[\]]+\].+", resource_id):
        raise refused("InvalidResourceId", f"An instance of {keyword.class_name} has no valid ResourceId.")
    reader = Reader(resource_id or keyword.class_name, keywords, embedded, _plain)
    values = {
        name: value if keyword.class_name == "MSFT_Credential" or "Credential" in name else _value(value)
        for name, value in reader.properties(keyword, instance, _IGNORED).items()
    }
    return Manager(keyword.class_name, resource_id, str(source.value) if source is not None else None, values)


def _listed(settings: Instance, name: str, managers: dict[str, Manager], keyword: Keyword) -> tuple[Manager, ...]:
    value = settings.get(name)
    if value is None or value.kind == "null":
        return ()
    wanted = (keyword.properties[name.lower()].embedded_class or "").lower()
    found = [managers.get(str(item.value).lower()) for item in value.value] if value.kind == "array" else [None]
    classes = {item.class_name.lower(): item for item in meta_schemas().keywords.values()}
    for item in found:
        if item is None or wanted not in classes[item.class_name.lower()].ancestors:
            raise refused("TypeMismatch", f"{name} must be a list of instances of {wanted}.")
    return tuple(item for item in found if item is not None)


def _check(settings: Settings) -> None:
    for name, low in (("ConfigurationModeFrequencyMins", 15), ("RefreshFrequencyMins", 30)):
        if not low <= settings[name] <= 44640:
            raise refused("FrequencyOutOfRange", f"{name} is {settings[name]}; it goes from {low} to 44640.")
    if len(settings["DebugMode"]) > 1:
        raise refused("DebugModeShouldHaveOneValue", "DebugMode takes one value.")
    identity = settings["ConfigurationID"]
    if identity:
        try:
            UUID(str(identity))
        except ValueError:
            raise refused("InvalidConfigurationIdFormat", f"ConfigurationID {identity} is no GUID.") from None
    certificate = settings["CertificateID"]
    if certificate and not _THUMBPRINT.fullmatch(str(certificate)):
        raise refused("InvalidCertificateId", "CertificateID is the thumbprint of a certificate: 40 hex digits.")
    repositories = settings.listed("ConfigurationDownloadManagers")
    for each in [item for name in LISTS for item in settings.listed(name) if item.class_name in _WEB]:
        url = each.url.lower()
        if not url.startswith(("http://", "https://")):
            raise refused("InvalidServerUrl", f"{each.resource_id}: ServerURL is no HTTP address.")
        if url.startswith("http://") and not each.values.get("AllowUnsecureConnection"):
            raise refused("UnsecureConnection", f"{each.resource_id}: http:// needs AllowUnsecureConnection.")
        if identity and each.values.get("RegistrationKey"):
            raise refused("ConfigurationIdAndKey", "ConfigurationID and RegistrationKey exclude each other.")
    partial = settings.listed("PartialConfigurations")
    if settings.refresh == "pull" and not repositories and not partial:
        raise refused("PullWithoutRepository", "RefreshMode Pull needs a configuration repository.")
    _check_partial(settings)


def _check_partial(settings: Settings) -> None:
    partial = settings.listed("PartialConfigurations")
    names = {item.resource_id.lower() for name in LISTS for item in settings.listed(name)}
    for each in partial:
        for field_name in ("ConfigurationSource", "ResourceModuleSource", "DependsOn"):
            for wanted in each.values.get(field_name) or ():
                if wanted.lower() not in names:
                    message = f"{each.resource_id}: {field_name} names {wanted}, which is missing."
                    raise refused("ManagerNotFound", message)
        if str(each.values.get("RefreshMode") or "").lower() == "pull" and not each.values.get("ConfigurationSource"):
            message = f"{each.resource_id} pulls without ConfigurationSource."
            raise refused("GetPullModeNeedConfigurationSource", message)
