"""Parameters that a provider adds to the item cmdlets for its own drive (WSMan:, Cert:, HKLM:, ...)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .literals import UNKNOWN, beginning, elements, literal
from .spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .arguments import Call

_ITEM_VERBS: Final = (
    "Get-Item Set-Item New-Item Remove-Item Copy-Item Move-Item Rename-Item Clear-Item Get-ChildItem Get-ItemProperty "
    "Set-ItemProperty New-ItemProperty Get-Content Set-Content Add-Content Clear-Content Test-Path Resolve-Path"
)
CMDLETS: Final = frozenset(name.lower() for name in _ITEM_VERBS.split())
#: Cmdlets whose paths are those of files wherever nothing says otherwise.
_OF_FILES: Final = frozenset(
    (
        *("get-childitem", "get-content", "set-content", "add-content", "clear-content"),
        *("copy-item", "move-item", "rename-item", "test-path", "resolve-path"),
    )
)
_FILES: Final = (
    "Encoding Raw Delimiter Wait Stream NoNewline ReadCount Tail Attributes Directory File Hidden ReadOnly System "
    "AsByteStream FollowSymlink OlderThan NewerThan ToSession FromSession"
)
# Source: about_Certificate_Provider, about_WSMan_Provider, about_Registry_Provider, about_Function_Provider.
_ADDED: Final = {
    "cert": "CodeSigningCert DocumentEncryptionCert SSLServerAuthentication DnsName Eku ExpiringInDays DeleteKey",
    "wsman": (
        "Transport Address Port Hostname Enabled URLPrefix CertificateThumbprint Issuer Subject URI UserName "
        "Capability Plugin FileName Resource SDKVersion XMLRenderingType File Security SecurityDescriptorSDDL Sddl "
        "RunAsCredential UseSharedProcess AutoRestart ProcessIdleTimeoutSec ParamName ParamValue ConnectionURI "
        "ApplicationName Authentication SessionOption UseSSL OptionSet Concatenate"
    ),
    "hklm": "Type",
    "function": "Options",
    "alias": "Options",
    "variable": "",
    "env": "",
}
_SAME: Final = {
    "hkcu": "hklm",
    "hkcr": "hklm",
    "hku": "hklm",
    "hkcc": "hklm",
    "registry": "hklm",
    "certificate": "cert",
}
_TABLE: Final = {drive: frozenset(words.lower().split()) for drive, words in _ADDED.items()}
_ALL: Final = frozenset().union(*_TABLE.values()) | frozenset(_FILES.lower().split())
_DRIVE: Final = re.compile(r"\s*(?:[\w.]+\\)?([A-Za-z]\w*)::?")


def added(call: Call, name: str, parameter: str, own: Iterable[str]) -> bool:
    """Say whether a parameter that a cmdlet has not may come from the provider of the path of this call.

    ``own`` are the names of the parameters that it has.
    """
    if name.lower() not in CMDLETS:
        return False
    drives, told = _drives(call)
    wanted = parameter.lower()
    known = [_TABLE.get(_SAME.get(drive, drive)) for drive in drives]
    if any(words is None or any(one.startswith(wanted) for one in words) for words in known):
        return True
    if told or drives:
        return False
    # Of which provider the path is, only a run tells: a misspelling of what the cmdlet has is none's.
    return any(one.startswith(wanted) for one in _ALL) or (name.lower() not in _OF_FILES and near(wanted, own) is None)


def _drives(call: Call) -> tuple[set[str], bool]:
    """Return the drives of the paths of a call, files left out, and whether every path could be told.

    Without a path it is the current one, which only a run tells.
    """
    found: set[str] = set()
    told = not (call.open or call.has_input) and any(argument.value is not None for argument in call.arguments)
    for argument in call.arguments:
        if argument.value is None:
            continue
        value = literal(argument.value)
        if value is UNKNOWN or (isinstance(value, list) and UNKNOWN in value):
            match = _DRIVE.match(beginning(argument.value))
            if match is None:
                told = False
            elif len(match[1]) > 1:
                found.add(match[1].lower())
            continue
        for item in elements(value):
            match = _DRIVE.match(item) if isinstance(item, str) else None
            if match is not None and len(match[1]) > 1:
                found.add(match[1].lower())
    return found, told
