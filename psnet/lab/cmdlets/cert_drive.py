"""The drive Cert: of a host: the machine's own certificates and the roots that were added to those of Windows."""

from __future__ import annotations

from typing import Any, Final

from cryptography import x509

from psnet.lab.cmdlets.pki import shown_certificate
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.lcm.certificates import thumbprint
from psnet.lab.values import PSObject

_PROVIDER: Final = "Microsoft.PowerShell.Security\\Certificate"
#: Locations and their stores; of those that are not listed no certificate is known.
_STORES: Final = {"LocalMachine": ("My", "Root"), "CurrentUser": ("My",)}


def _path(names: list[str]) -> str:
    return "\\".join(names)


class CertDrive:
    r"""The tree below Cert:\\: locations, stores, certificates by their thumbprints."""

    def __init__(self, host: Any) -> None:
        self.host = host

    def _place(self, parts: list[str]) -> list[str] | None:
        """Return a path's names as they are written; a store that is not simulated is refused."""
        if not parts:
            return []
        location = next((name for name in _STORES if name.lower() == parts[0].lower()), None)
        if location is None:
            return None
        if len(parts) == 1:
            return [location]
        store = next((name for name in _STORES[location] if name.lower() == parts[1].lower()), None)
        if store is None:
            raise UnsupportedError(f"the store Cert:\\{parts[0]}\\{parts[1]}")
        return [location, store, *(part.upper() for part in parts[2:])]

    def _certificates(self, location: str, store: str) -> dict[str, tuple[x509.Certificate, bool]]:
        if location == "CurrentUser":
            return {}
        if store == "Root":
            trusted = [x509.load_pem_x509_certificate(pem.encode()) for pem in self.host.lcm.certificates.roots]
            return {thumbprint(each): (each, False) for each in trusted}
        return {name: (own, True) for name, (own, _) in self.host.lcm.certificates.own.items()}

    def item(self, parts: list[str]) -> Any | None:
        """Return a location, a store or a certificate."""
        names = self._place(parts)
        if names is None:
            return None
        if len(names) == 3:
            found = self._certificates(names[0], names[1]).get(names[2])
            if found is None:
                return None
            made = shown_certificate(found[0], has_key=found[1])
        elif len(names) > 3:
            return None
        else:
            kind = "X509StoreLocation" if len(names) < 2 else "X509Store"
            made = PSObject.of(
                {"Name": names[-1] if names else ""},
                f"Microsoft.PowerShell.Commands.{kind}",
                "System.Object",
                kind="Property",
            )
        for label, value in (
            ("PSPath", "::".join([_PROVIDER, _path(names)])),
            ("PSParentPath", "::".join([_PROVIDER, _path(names[:-1])])),
            ("PSChildName", names[-1] if names else ""),
            ("PSIsContainer", len(names) < 3),
        ):
            made.members.update(PSObject.of({label: value}).members)
        return made

    def children(self, parts: list[str]) -> list[str] | None:
        """Return the names below a location or a store; the stores of a location are not all known."""
        names = self._place(parts)
        if names is None or len(names) > 2:
            return None
        if not names:
            return ["CurrentUser", "LocalMachine"]
        if len(names) == 1:
            raise UnsupportedError(f"the stores of Cert:\\{names[0]}")
        return list(self._certificates(names[0], names[1]))

    def change(self, parts: list[str], value: Any, *, force: bool) -> None:
        """Refuse: a certificate cannot be set."""
        _ = value, force
        raise UnsupportedError(f"Set-Item on Cert:\\{_path(parts)}")
