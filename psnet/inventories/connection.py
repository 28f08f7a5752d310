"""Ansible's connection variables as psnet's settings: each is mapped, or refused with what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from psnet._internal.yaml import nearest
from psnet.errors import InventoryError
from psnet.inventories.vault import Vaulted, vault_password

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class GivenSecret:
    """A password that an inventory's variables give, read when it is needed."""

    value: Vaulted | SecretStr = field(repr=False)

    def read(self, folder: Path | None = None) -> SecretStr:
        """Return the secret's value."""
        _ = folder
        return self.value.reveal(vault_password()) if isinstance(self.value, Vaulted) else self.value


def _seconds(value: Any) -> int:
    return int(float(str(value)))


def _same(value: Any) -> Any:
    return value


def _verify(value: Any) -> bool:
    return str(value).lower() not in ("ignore", "false", "no")


def _scheme(value: Any) -> str:
    return str(value).lower()


def _auth(value: Any) -> str:
    word = str(value[0] if isinstance(value, list) else value).lower()
    return {"plaintext": "basic", "ssl": "basic"}.get(word, word)


def _yes(value: Any) -> bool:
    return str(value).lower() in ("true", "yes", "on", "1")


_Map = dict[str, tuple[str, "Callable[[Any], Any]"]]
_PSRP: Final[_Map] = {
    "host": ("address", str),
    "port": ("port", int),
    "user": ("user", str),
    "password": ("password", _same),
    "protocol": ("scheme", _scheme),
    "path": ("path", lambda value: str(value).strip("/")),
    "auth": ("auth", _auth),
    "cert_validation": ("verify", _verify),
    "ca_cert": ("ca_file", str),
    "cert_trust_path": ("ca_file", str),
    "connection_timeout": ("connect_timeout", _seconds),
    "read_timeout": ("read_timeout", _seconds),
    "operation_timeout": ("operation_timeout", _seconds),
    "configuration_name": ("configuration_name", str),
    "certificate_pem": ("certificate_file", str),
    "certificate_key_pem": ("certificate_key_file", str),
    "proxy": ("proxy", str),
    "negotiate_delegate": ("delegate", _yes),
    "negotiate_service": ("service", str),
    "negotiate_hostname_override": ("service_host", str),
    "reconnection_retries": ("retry.attempts", lambda value: int(value) + 1),
    "reconnection_backoff": ("retry.base", float),
    "connection_backoff": ("retry.base", float),
}
_WINRM: Final[_Map] = {
    "host": ("address", str),
    "port": ("port", int),
    "user": ("user", str),
    "password": ("password", _same),
    "pass": ("password", _same),
    "scheme": ("scheme", _scheme),
    "path": ("path", lambda value: str(value).strip("/")),
    "transport": ("auth", _auth),
    "server_cert_validation": ("verify", _verify),
    "ca_trust_path": ("ca_file", str),
    "connection_timeout": ("connect_timeout", _seconds),
    "read_timeout_sec": ("read_timeout", _seconds),
    "operation_timeout_sec": ("operation_timeout", _seconds),
    "cert_pem": ("certificate_file", str),
    "cert_key_pem": ("certificate_key_file", str),
    "proxy": ("proxy", str),
    "kerberos_delegation": ("delegate", _yes),
    "kerberos_hostname_override": ("service_host", str),
    "service": ("service", str),
    "realm": ("realm", str),
}
_COMMON: Final[_Map] = {
    "ansible_host": ("address", str),
    "ansible_ssh_host": ("address", str),
    "ansible_port": ("port", int),
    "ansible_user": ("user", str),
    "ansible_password": ("password", _same),
    "ansible_pass": ("password", _same),
    "ansible_winrm_pass": ("password", _same),  # the psrp connection takes these two as well
    "ansible_winrm_password": ("password", _same),
}

# What psnet does by itself, by the values that say the same; any other value cannot be mapped.
_FIXED: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "psrp_message_encryption": (("auto", "always"), "psnet always encrypts what TLS does not"),
    "psrp_ignore_proxy": (("true", "yes", "false", "no"), "psnet uses a proxy only when one is given"),
    "psrp_negotiate_send_cbt": (("true", "yes"), "psnet always sends the channel binding"),
    "psrp_max_envelope_size": (("153600", "512000"), "psnet asks the host"),
    "psrp_credssp_auth_mechanism": (("auto",), "psnet leaves it to the library"),
    "psrp_credssp_disable_tlsv1_2": (("false", "no"), "psnet needs TLS 1.2 at least"),
    "psrp_credssp_minimum_version": (("2", "5"), "psnet demands 5, which is not open to CVE-2018-0886"),
    "winrm_message_encryption": (("auto", "always"), "psnet always encrypts what TLS does not"),
    "winrm_send_cbt": (("true", "yes"), "psnet always sends the channel binding"),
    "winrm_kinit_mode": (
        ("manual",),
        "pywinrm uses the ticket that is there: run kinit, or set ansible_connection: psrp",
    ),
    "winrm_kinit_cmd": ((), "psnet runs no kinit: with ansible_connection: psrp a password gets its ticket"),
    "winrm_kinit_args": ((), "psnet runs no kinit: with ansible_connection: psrp a password gets its ticket"),
    "winrm_kinit_env_vars": ((), "psnet runs no kinit: with ansible_connection: psrp a password gets its ticket"),
    "winrm_kerberos_command": ((), "psnet runs no kinit: with ansible_connection: psrp a password gets its ticket"),
    "winrm_keytab": ((), "set ansible_connection: psrp and keytab: in a hosts.yaml"),
    "winrm_credssp_minimum_version": (("2", "5"), "psnet demands 5, which is not open to CVE-2018-0886"),
    "winrm_credssp_auth_mechanism": (("auto",), "psnet leaves it to the library"),
    "winrm_credssp_disable_tlsv1_2": (("false", "no"), "psnet needs TLS 1.2 at least"),
}


def connection_of(host: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return psnet's connection settings for Ansible's variables (psrp and winrm connections)."""
    kind = str(variables.get("ansible_connection", "psrp")).rsplit(".", 1)[-1]
    if kind not in ("psrp", "winrm"):
        raise InventoryError(
            f"{host}: ansible_connection {kind} is no connection to Windows",
            remedy="set ansible_connection: psrp or winrm",
        )
    found: dict[str, Any] = {"transport": kind}
    special = {f"ansible_{kind}_{key}": value for key, value in (_PSRP if kind == "psrp" else _WINRM).items()}
    for name, (setting, read) in (_COMMON | special).items():
        if name not in variables:
            continue
        value = variables[name]
        if setting == "password":
            found[setting] = GivenSecret(value if isinstance(value, Vaulted) else SecretStr(str(value)))
            continue
        try:
            outer, dot, inner = setting.partition(".")
            if dot:
                found[outer] = {**found.get(outer, {}), inner: read(value)}
            else:
                found[setting] = read(value)
        except (ValueError, TypeError):
            raise InventoryError(f"{host}: {name} cannot be {value!r}") from None
    _refuse_others(host, kind, variables, special)
    if "scheme" not in found and found.get("port") == 5985:  # noqa: PLR2004 - WinRM's plain port
        found["scheme"] = "http"
    return found


def _refuse_others(host: str, kind: str, variables: Mapping[str, Any], mapped: Mapping[str, Any]) -> None:
    """Refuse settings of this connection that psnet has no counterpart for: going on without them would be a guess."""
    for name in variables:
        if not name.startswith(f"ansible_{kind}_") or name in mapped or name in _COMMON:
            continue
        values, reason = _FIXED.get(name.removeprefix("ansible_"), ((), "psnet has no such setting"))
        if str(variables[name]).lower() not in values:
            near = nearest(name, [*mapped, *(f"ansible_{each}" for each in _FIXED if each.startswith(kind))])
            raise InventoryError(
                f"{host}: {name} {variables[name] if values else ''}".rstrip() + f" cannot be mapped: {reason}",
                remedy="remove it" if values or near is None else f"remove it; did you mean {near}?",
            )
