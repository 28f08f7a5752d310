"""The drive WSMan: of a host: the configuration of WinRM with the values that Windows has at first.

Names and values are those of `winrm get winrm/config` (page Installation and configuration for Windows Remote
Management); what is set here is kept and read again, and changes nothing else of a host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.values import Array, PSObject

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_PROVIDER: Final = "Microsoft.WSMan.Management\\WSMan"
_TYPE: Final = "Microsoft.WSMan.Management.WSManConfig"
_MOST: Final = "2147483647"
_SDDL: Final = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
_PORTS: Final = {"HTTP": "5985", "HTTPS": "5986"}
Tree = dict[str, "str | Tree"]
# rule: wsman-drive
_LISTENERS: Final = {"HTTP": "Listener_1084132640", "HTTPS": "Listener_1305953032"}


def _first() -> Tree:
    return {
        "MaxEnvelopeSizekb": "500",
        "MaxTimeoutms": "60000",
        "MaxBatchItems": "32000",
        "MaxProviderRequests": "4294967295",
        "Client": {
            "NetworkDelayms": "5000",
            "URLPrefix": "wsman",
            "AllowUnencrypted": "false",
            "Auth": {
                "Basic": "true",
                "Digest": "true",
                "Kerberos": "true",
                "Negotiate": "true",
                "Certificate": "true",
                "CredSSP": "false",
            },
            "DefaultPorts": dict(_PORTS),
            "TrustedHosts": "",
        },
        "Service": {
            "RootSDDL": _SDDL,
            "MaxConcurrentOperations": "4294967295",
            "MaxConcurrentOperationsPerUser": "1500",
            "EnumerationTimeoutms": "240000",
            "MaxConnections": "300",
            "MaxPacketRetrievalTimeSeconds": "120",
            "AllowUnencrypted": "false",
            "Auth": {
                "Basic": "false",
                "Kerberos": "true",
                "Negotiate": "true",
                "Certificate": "false",
                "CredSSP": "false",
                "CbtHardeningLevel": "Relaxed",
            },
            "DefaultPorts": dict(_PORTS),
            "IPv4Filter": "*",
            "IPv6Filter": "*",
            "EnableCompatibilityHttpListener": "false",
            "EnableCompatibilityHttpsListener": "false",
            "CertificateThumbprint": "",
            "AllowRemoteAccess": "true",
        },
        "Shell": {
            "AllowRemoteShellAccess": "true",
            "IdleTimeout": "7200000",
            "MaxConcurrentUsers": _MOST,
            "MaxShellRunTime": _MOST,
            "MaxProcessesPerShell": _MOST,
            "MaxMemoryPerShellMB": _MOST,
            "MaxShellsPerUser": _MOST,
        },
    }


class WsmanDrive:
    r"""The tree below WSMan:\\; of its machines only the host itself, of its plug-ins none is simulated."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.kept: Tree | None = None

    def _tree(self) -> Tree:
        if getattr(self.host, "recording", None) is not None:
            raise UnsupportedError("the drive WSMan: of a recorded host")
        if self.kept is None:
            self.kept = _first()
        listeners: Tree = {_LISTENERS[kind]: _listener(kind, port) for kind, port in self.host.winrm_listeners.items()}
        return {"localhost": {**self.kept, "Listener": listeners, "Plugin": {}, "ClientCertificate": {}}}

    def _at(self, parts: list[str]) -> tuple[list[str], str | Tree] | None:
        """Return (the names as they are written, what is there)."""
        here: str | Tree = self._tree()
        names: list[str] = []
        for part in parts:
            if not isinstance(here, dict):
                return None
            found = next((name for name in here if name.lower() == part.lower()), None)
            if found is None:
                return None
            if found == "Plugin":
                raise UnsupportedError("the plug-ins of WSMan:")
            names.append(found)
            here = here[found]
        return names, here

    def item(self, parts: list[str]) -> Any | None:
        """Return a container or a value."""
        found = self._at(parts)
        if found is None:
            return None
        names, here = found
        path = "\\".join(names)
        parent = "\\".join(names[:-1])
        name = names[-1] if names else ""
        shown: dict[str, Any] = {"Name": name, "TypeNameOfElement": "Container"}
        kind = f"{_TYPE}ContainerElement"
        if isinstance(here, str):
            shown = {"Name": name, "SourceOfValue": "", "Value": here, "TypeNameOfElement": "System.String"}
            kind = f"{_TYPE}LeafElement"
        elif len(names) == 3 and names[1] == "Listener":
            keys = [f"Transport={here['Transport']}", f"Address={here['Address']}"]
            shown["Keys"] = Array(list(keys), "System.String")
        made = PSObject.of(shown, kind, f"{_TYPE}Element", "System.Object", kind="Property")
        made.to_string = kind
        for label, value in (
            ("PSPath", f"{_PROVIDER}::{path}"),
            ("PSParentPath", f"{_PROVIDER}::{parent}" if names else ""),
            ("PSChildName", name),
            ("PSIsContainer", not isinstance(here, str)),
        ):
            made.members.update(PSObject.of({label: value}).members)
        return made

    def children(self, parts: list[str]) -> list[str] | None:
        """Return the names below a container."""
        found = self._at(parts)
        return list(found[1]) if found is not None and isinstance(found[1], dict) else None

    def change(self, parts: list[str], value: Any, *, force: bool) -> None:
        """Set a value; the trusted hosts are asked about without -Force."""
        found = self._at(parts)
        if found is None or isinstance(found[1], dict) or found[0][1] == "Listener" or self.kept is None:
            raise UnsupportedError(f"setting WSMan:\\{_path(parts)}")
        names = found[0][1:]
        if names[-1] == "TrustedHosts" and not force:
            raise UnsupportedError("setting TrustedHosts without -Force, which asks")
        here: Any = self.kept
        for name in names[:-1]:
            here = here[name]
        text = to_string(value)
        here[names[-1]] = text.lower() if here[names[-1]] in {"true", "false"} else text


def _path(names: list[str]) -> str:
    return "\\".join(names)


def _listener(kind: str, port: int) -> Tree:
    return {
        "Address": "*",
        "Transport": kind,
        "Port": str(port),
        "Hostname": "",
        "Enabled": "true",
        "URLPrefix": "wsman",
        "CertificateThumbprint": "",
    }
