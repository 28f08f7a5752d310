"""The few keys of the registry that scripts of this job read: the Windows version, TCP/IP's parameters, firewall rules.

What a host does not hold is refused: the registry of a Windows is not simulated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import thrown

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOTS: Final = ("hklm:", "hklm:\\", "registry::hkey_local_machine", "hkey_local_machine")
_USER_ROOTS: Final = ("hkcu:", "hkcu:\\", "registry::hkey_current_user", "hkey_current_user")
#: How a key of the user's own hive is kept: by its whole path; those of HKLM by the path below it.
_USER: Final = "HKEY_CURRENT_USER\\"
_VERSION: Final = "software\\microsoft\\windows nt\\currentversion"
#: What Windows itself keeps below HKLM\\SOFTWARE; every other key is one that a script made.
_WINDOWS_OWN: Final = frozenset(
    {
        *("classes", "clients", "defaultuserenvironment", "google", "intel", "khronos", "microsoft", "odbc", "openssh"),
        *(
            "partner",
            "policies",
            "realtek",
            "registeredapplications",
            "setup",
            "vmware, inc.",
            "windows",
            "wow6432node",
        ),
    }
)
_LISTENERS: Final = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WSMAN\\Listener"
_INTERFACE: Final = re.compile(
    r"system\\currentcontrolset\\services\\tcpip(?P<six>6?)\\parameters\\interfaces\\\{(?P<guid>[0-9a-f-]{36})\}"
)
_TCPIP: Final = "system\\currentcontrolset\\services\\tcpip\\parameters"


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its full path and its values."""

    path: str
    values: Mapping[str, Any]


def keys_at(host: Any, path: str) -> list[Key] | None:
    """Return the known keys that a path with a * as its last part stands for, None for every other path."""
    lowered = path.replace("/", "\\").lower()
    root = next((each for each in sorted(_ROOTS, key=len, reverse=True) if lowered.startswith(each)), None)
    if root is None or getattr(host, "os", None) is None:
        return None
    if lowered[len(root) :].strip("\\") != f"{_LISTENERS.lower()}\\*":
        return None
    if host.recording is not None:
        return []
    # rule: winrm-listeners
    return [
        Key(f"HKEY_LOCAL_MACHINE\\{_LISTENERS}\\*+{kind}", {"Port": port, "uriprefix": "wsman"})
        for kind, port in host.winrm_listeners.items()
    ]


def _user_place(text: str) -> str | None:
    """Return a path of the user's hive as its keys are kept, None for other paths."""
    root = next((each for each in sorted(_USER_ROOTS, key=len, reverse=True) if text.lower().startswith(each)), None)
    return None if root is None else _USER + text[len(root) :].strip("\\")


def full_name(below: str) -> str:
    """Return the whole path of a key that is kept."""
    return below if below.lower().startswith(_USER.lower()) else f"HKEY_LOCAL_MACHINE\\{below}"


def always_there(host: Any, path: str) -> bool:
    """Say whether a path is of a hive itself or of its Software key, which every Windows has."""
    text = path.replace("/", "\\").lower().removeprefix("microsoft.powershell.core\\").rstrip("\\")
    root = next(
        (each for each in (*_ROOTS, *_USER_ROOTS) if text.removesuffix("\\software") == each.rstrip("\\")), None
    )
    return root is not None and getattr(host, "keys", None) is not None


def tree_place(host: Any, path: str) -> str | None:
    """Return the place of a key in a part of the registry that the host keeps whole, None for every other path.

    It is the path below HKLM, or the whole path in the user's hive.
    """
    text = path.replace("/", "\\").rstrip("\\")
    if text.lower().startswith("microsoft.powershell.core\\"):
        text = text[len("microsoft.powershell.core\\") :]
    of_user = _user_place(text)
    if of_user is not None:
        return of_user if getattr(host, "keys", None) is not None and vendor_key(of_user) else None
    root = next((each for each in sorted(_ROOTS, key=len, reverse=True) if text.lower().startswith(each)), None)
    if root is None or getattr(host, "keys", None) is None:
        return None
    below = text[len(root) :].strip("\\")
    lowered = below.lower()
    if any(f"{lowered}\\".startswith(f"{tree}\\") for tree in host.trees):
        return below
    return below if vendor_key(below) else None


def vendor_key(below: str) -> bool:
    """Say whether a path below HKLM, or one of the user's hive, is of a key that only a script makes."""
    parts = below.lower().removeprefix(_USER.lower()).split("\\")
    return len(parts) > 1 and parts[0] == "software" and parts[1] not in _WINDOWS_OWN and "*" not in below


def tree_exists(host: Any, below: str) -> bool:
    """Say whether there is a key in a part of the registry that the host keeps whole."""
    lowered = below.lower()
    return any(key == lowered or key.startswith(f"{lowered}\\") for key in host.keys)


def remove_tree(host: Any, below: str) -> None:
    """Remove a key with all below it."""
    lowered = below.lower()
    for key in [key for key in host.keys if key == lowered or key.startswith(f"{lowered}\\")]:
        del host.keys[key]


def key_at(host: Any, path: str) -> Key | None:
    """Return a known key of a host's registry, None for every other path."""
    lowered = path.replace("/", "\\").lower().rstrip("\\")
    lowered = lowered.removeprefix("microsoft.powershell.core\\")
    of_user = _user_place(lowered)
    if of_user is not None:
        held = host.keys.get(of_user.lower()) if getattr(host, "keys", None) is not None else None
        return None if held is None else Key(host.key_names.get(of_user.lower(), of_user), held)
    root = next((each for each in sorted(_ROOTS, key=len, reverse=True) if lowered.startswith(each)), None)
    build = getattr(host, "os", None)
    if root is None or build is None:
        return None
    below = lowered[len(root) :].strip("\\")
    kept = host.keys.get(below) if getattr(host, "keys", None) is not None else None
    if kept is not None:
        return Key(f"HKEY_LOCAL_MACHINE\\{host.key_names.get(below, below)}", kept)
    if below == _VERSION:
        full = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
        values = dict(_version(build))
        if getattr(host, "recording", None) is not None:
            values.pop("UBR")  # a recording does not say it
        return Key(full, values)
    if below == _TCPIP:
        full = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"
        name = str(host.environment.get("COMPUTERNAME", host.name))
        return Key(full, {"Hostname": name.lower(), "Domain": "", "IPEnableRouter": 0, "NV Hostname": name.lower()})
    if (found := _interface(host, below)) is not None:
        return found
    if below == host.firewall.key.lower():
        if host.recording is not None:
            # No recording has it: a script asks the cmdlets then, whose answers were recorded.
            raise thrown("System.Security.SecurityException", "Requested registry access is not allowed.")
        return Key(f"HKEY_LOCAL_MACHINE\\{host.firewall.key}", host.firewall_texts())
    return None


def _version(build: Any) -> Mapping[str, Any]:
    number = str(build.build)
    values: dict[str, Any] = {
        "CurrentBuild": number,
        "CurrentBuildNumber": number,
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "CurrentVersion": "6.3",
        "EditionID": "ServerDatacenter",
        "InstallationType": "Server",
        "ProductName": build.product,
        "ReleaseId": build.release if build.release.isdigit() else "2009",
        "UBR": build.revision,
    }
    if not build.release.isdigit():
        values["DisplayVersion"] = build.release
    return values


def _interface(host: Any, below: str) -> Key | None:
    """Return the key of an interface's IPv4 or IPv6 settings: what a hand has set, and what DHCP says, apart."""
    found = _INTERFACE.fullmatch(below)
    links = getattr(host, "links", None)
    if found is None or links is None:
        return None
    item = next((each for each in links.adapters if each.guid.lower() == found["guid"]), None)
    if item is None:
        return None
    # rule: interface-keys
    servers = [each for each in item.dns_servers if (":" in each) is bool(found["six"])]
    by_hand = not item.dhcp
    full = f"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\{below.split(chr(92), 3)[3]}"
    values = {"NameServer" if by_hand else "DhcpNameServer": ",".join(servers)}
    return Key(full, values | {"Domain" if by_hand else "DhcpDomain": item.suffix})
