"""The three firewall profiles; values are those of a fresh Windows Server."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

_LOG: Final = "%systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log"
_LARGEST_LOG: Final = 32_767
_SWITCHES: Final = ("False", "True", "NotConfigured")
_ACTIONS: Final = ("NotConfigured", "Allow", "Block")


@dataclass(slots=True)
class Profile:
    """Settings of Domain, Private or Public; the words are the enumerations'."""

    name: str
    enabled: str = "True"
    default_inbound_action: str = "NotConfigured"
    default_outbound_action: str = "NotConfigured"
    allow_inbound_rules: str = "NotConfigured"
    allow_local_firewall_rules: str = "NotConfigured"
    allow_local_ipsec_rules: str = "NotConfigured"
    allow_user_apps: str = "NotConfigured"
    allow_user_ports: str = "NotConfigured"
    allow_unicast_response_to_multicast: str = "NotConfigured"
    notify_on_listen: str = "False"
    enable_stealth_mode_for_ipsec: str = "NotConfigured"
    log_file_name: str = _LOG
    log_max_size_kilobytes: int = 4096
    log_allowed: str = "False"
    log_blocked: str = "False"
    log_ignored: str = "NotConfigured"
    disabled_interface_aliases: list[str] = field(default_factory=lambda: ["NotConfigured"])

    def changed(self, values: dict[str, Any]) -> Profile:
        """Return the profile with other values; raises ValueError for what is none."""
        for name, value in values.items():
            if name == "log_max_size_kilobytes":
                good = 1 <= value <= _LARGEST_LOG
            elif name == "log_file_name":
                good = bool(value) and "|" not in value
            elif name == "disabled_interface_aliases":
                good = bool(value)
            else:
                good = value in (_ACTIONS if name.endswith("_action") else _SWITCHES)
            if not good:
                raise ValueError(name)
        return replace(self, **values)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain data."""
        return asdict(self)


def fresh_profiles() -> dict[str, Profile]:
    """Return the profiles of a fresh host by name."""
    return {name: Profile(name) for name in ("Domain", "Private", "Public")}
