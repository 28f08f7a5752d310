"""The account that the LCM runs resources under, and the certificate that its password is encrypted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from psnet._internal.secret import SecretSource
from psnet._internal.validation_messages import explain_error
from psnet.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.dsc.compile.options import SiteOptions
    from psnet.inventories import InventoryHost

_SUFFIXES: Final = (".cer", ".crt", ".pem", ".der")
CONNECTION: Final = "connection"


def run_as_of(host: InventoryHost, name: str | None) -> dict[str, Any] | None:
    r"""Return ``{"$credential": ...}`` for PsDscRunAsCredential; None when none is asked for.

    ``name`` is ``connection`` for the user of the inventory, else a host variable such as
    ``svc_dsc: {user: CORP\svc, password: {env: SVC_PASSWORD}}``. Raises InputError when it is not there.
    """
    if name is None:
        return None
    if name == CONNECTION:
        settings = host.settings()
        user, secret = settings.user, settings.password
    else:
        given = host.variables.get(name)
        if not isinstance(given, dict) or {"user", "password"} - given.keys():
            raise InputError(
                f"{host.path}: host {host.name} has no credential {name}",
                remedy=f"write vars: {{{name}: {{user: NAME, password: {{env: VARIABLE}}}}}}, or --run-as connection",
            )
        try:
            source = SecretSource.model_validate(given["password"])
        except ValidationError as error:
            reason = explain_error(error.errors()[0])[0]
            raise InputError(f"{host.path}: host {host.name}: {name}: {reason}") from None
        user, secret = str(given["user"]), source.read(host.folder)
    if not user or secret is None:
        raise InputError(
            f"{host.path}: host {host.name} has no user and password to run as",
            remedy="give the connection user and password, or name a variable that holds them",
        )
    return {"$credential": {"username": user, "password": secret.get_secret_value()}}


def node_data(host: InventoryHost, node: str, options: SiteOptions) -> dict[str, Any]:
    """Return the node's configuration data: its certificate, or that its password may stay readable."""
    data: dict[str, Any] = {"NodeName": node}
    thumbprint = host.variables.get("dsc_certificate_id")
    file = host.variables.get("dsc_certificate_file")
    if thumbprint is not None:
        data["CertificateID"] = str(thumbprint)
    elif file is not None:
        data["CertificateFile"] = str((host.folder / str(file)).resolve())
    elif (found := _certificate(host.name, options.certificates)) is not None:
        data["CertificateFile"] = str(found.resolve())
    elif host.name in options.plain_text:
        data |= {"PSDscAllowPlainTextPassword": True, "PSDscAllowDomainUser": True}
    elif options.run_as is not None:
        raise InputError(
            f"{host.name} has no certificate: its document would hold a readable password",
            remedy=f"put {host.name}.cer into the folder of --certificates, set dsc_certificate_file or "
            f"dsc_certificate_id in the inventory, or say --allow-plain-text {host.name}",
        )
    return data


def _certificate(name: str, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", remedy="name the folder that holds the nodes' certificates")
    return next((folder / f"{name}{suffix}" for suffix in _SUFFIXES if (folder / f"{name}{suffix}").is_file()), None)
