"""Where a secret comes from, under the name that inventories know it by; and prompts, answered for many hosts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psnet._internal.secret import SecretSource, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import SecretStr

    from psnet.inventory.load import InventoryHost

__all__ = ["SecretSource", "with_answers"]


def with_answers(hosts: Iterable[InventoryHost]) -> list[InventoryHost]:
    """Return the hosts with every prompt answered; the same prompt is asked once for all of them."""
    answers: dict[str, SecretStr] = {}

    def answered(value: Any) -> Any:
        if not isinstance(value, SecretSource) or value.prompt is None or value.given is not None:
            return value
        if value.prompt not in answers:
            answers[value.prompt] = ask(value.prompt)
        return value.model_copy(update={"given": answers[value.prompt]})

    found = []
    for host in hosts:
        connection = {name: answered(value) for name, value in host.connection.items()}
        found.append(host if connection == host.connection else replace(host, connection=connection))
    return found
