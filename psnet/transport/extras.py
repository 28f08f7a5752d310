"""Optional libraries that some authentications need, asked for before anything is sent."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from psnet.errors import InputError

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings


def check_extras(settings: ConnectionSettings) -> None:
    """Raise InputError that names the extra to install when the authentication lacks its library."""
    if settings.auth == "credssp" and settings.transport != "psrp" and find_spec("requests_credssp") is None:
        raise _missing("credssp", "requests-credssp", "psnet[credssp]")
    if settings.auth == "kerberos":
        if settings.transport == "winrm" and find_spec("kerberos") is None and find_spec("winkerberos") is None:
            raise _missing("kerberos over transport winrm", "pykerberos", "pywinrm[kerberos]")
        if settings.transport != "winrm" and find_spec("gssapi") is None and find_spec("sspilib") is None:
            raise _missing("kerberos", "gssapi", "psnet[kerberos]")


def _missing(auth: str, library: str, extra: str) -> InputError:
    return InputError(f"auth {auth} needs {library}, which is not installed", remedy=f"run: pip install '{extra}'")
