"""Where a secret comes from, under the name that inventories know it by; and prompts, answered for many hosts."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.secret import SecretSource, can_prompt, prompt_secret
from psnet.errors import InventoryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import SecretStr

    from psnet.inventories.load import InventoryHost

_SHOWN: Final = 5
__all__ = ["SecretSource", "with_answers"]


def with_answers(hosts: Iterable[InventoryHost]) -> list[InventoryHost]:
    """Return the hosts with every prompt answered; the same prompt is asked once for all of them.

    A password that no host of several has is asked once too where there is a terminal; else InventoryError tells it
    once, before anything is sent.
    """
    listed = list(hosts)
    missing = [_missing(host) for host in listed]
    if listed and all(missing) and len(set(missing)) == 1:
        said, remedy, user = missing[0] or ("", "", "")
        if not can_prompt():
            raise InventoryError(f"{said} (for {_names(listed)})", remedy=remedy)
        source = SecretSource(prompt=f"{said}. Password of {user}")
        listed = [replace(host, connection={**host.connection, "password": source}) for host in listed]
    else:
        _refuse_alike(listed)
    answers: dict[str, SecretStr] = {}
    return [_answered(host, answers) for host in listed]


def _names(hosts: list[InventoryHost]) -> str:
    more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
    return ", ".join(host.name for host in hosts[:_SHOWN]) + more


def _refuse_alike(hosts: list[InventoryHost]) -> None:
    """Say once what is wrong with the connection of every host: a secret file that is missing, settings that clash."""
    if not hosts or _fault(hosts[0]) is None:
        return
    faults = [_fault(host) for host in hosts]
    said, remedy = faults[0] or ("", None)
    if all(fault == faults[0] for fault in faults):
        raise InventoryError(f"{hosts[0].path}: {said} (for {_names(hosts)})", remedy=remedy)


def _fault(host: InventoryHost) -> tuple[str, str | None] | None:
    """Return why a host's connection settings cannot be had, and the remedy; None when somebody is still asked."""
    given = host.connection.values()
    if any(isinstance(value, SecretSource) and value.prompt is not None and value.given is None for value in given):
        return None
    try:
        host.settings()
    except InventoryError as error:
        return error.message.removeprefix(f"{host.path}: host {host.name}: "), error.remedy
    return None


def _answered(host: InventoryHost, answers: dict[str, SecretStr]) -> InventoryHost:
    def answered(value: Any) -> Any:
        if not isinstance(value, SecretSource) or value.prompt is None or value.given is not None:
            return value
        if value.prompt not in answers:
            answers[value.prompt] = prompt_secret(value.prompt)
        return value.model_copy(update={"given": answers[value.prompt]})

    connection = {name: answered(value) for name, value in host.connection.items()}
    return host if connection == host.connection else replace(host, connection=connection)


def _missing(host: InventoryHost) -> tuple[str, str, str] | None:
    """Return what is said of a password that is certainly not there, the remedy, and the user; None otherwise."""
    given = host.connection
    password, user, auth = given.get("password"), given.get("user"), given.get("auth", "negotiate")
    if isinstance(password, SecretSource) and password.env is not None and password.env not in os.environ:
        return f"the environment variable {password.env} is not set", "export it, or use {file: PATH}", str(user)
    if password is not None or user is None or auth == "certificate" or given.get("keytab") or given.get("ccache"):
        return None
    if auth in ("negotiate", "kerberos") and (os.name == "nt" or _ticket()):
        return None
    remedy = "say where it comes from: connection: {password: {env: NAME}}, {prompt: TEXT} or {keyring: ...}"
    return f"no password is configured for {user}", f"{remedy} (docs/connections.md)", str(user)


def _ticket() -> bool:
    """Say whether there may be a Kerberos ticket: a cache is named, or lies where it usually does."""
    named = os.environ.get("KRB5CCNAME")
    return bool(named) or Path("/", "tmp", f"krb5cc_{os.getuid()}").exists()
