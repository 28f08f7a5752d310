"""A start-up task that makes nat networks and their mappings again: from 2019 on they do not survive a restart."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.container_network import ContainerNetwork
from psnet.resources.endpoint import EndpointName
from psnet.resources.nat_prefix import SEVERAL_SINCE
from psnet.resources.nat_static_mapping import NatStaticMapping
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator


_BUILD_1803 = 17134  # loses custom ones (claim c98)


class Reapply(Resource):
    """The task ``psnet-reapply-<name>``: at each start of the host it makes the declared nat networks again."""

    kind: ClassVar[str] = "reapply"
    section: ClassVar[str] = "reapply"

    name: EndpointName

    @property
    def identity(self) -> Identity:
        """The name; the task on the host is named after it."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return the name."""
        return f"{self.name} at each start of the host"

    def _again(self, context: Context) -> tuple[Resource, ...]:
        nats = [item for item in context.resources if isinstance(item, ContainerNetwork) and item.mode is Mode.NAT]
        names = {item.name.lower() for item in nats}
        mappings = [
            item.model_copy(update={"firewall": None})  # rules of the firewall survive a restart
            for item in context.resources
            if isinstance(item, NatStaticMapping) and item.network.lower() in names
        ]
        return (*nats, *mappings)

    def _script(self, context: Context) -> str:
        return context.script(self.name, self._again(context), context)

    def _hash(self, context: Context) -> str:
        return hashlib.sha256(self._script(context).encode()).hexdigest()

    def requires(self) -> tuple[Identity, ...]:
        """Return nothing: it stands for itself."""
        return ()

    def observe(self, context: Context) -> Observed | None:
        """Compare the task's script, by the hash that the ledger keeps, with what is declared."""
        task = f"psnet-reapply-{self.name}".lower()
        if task not in {name.lower() for name in context.state.startup_tasks}:
            return None
        old = (context.state.ledger.get(f"{self.kind}/{self.name}") or {}).get("hash")
        new = self._hash(context)
        change = FieldChange(field="script", old=(old or "unknown")[:12], new=new[:12])
        gone = {"name": self.name}
        return Observed(differences=() if old == new else (change,), replace=False, remove=gone, remove_all=gone)

    def claims(self, context: Context) -> Iterator[Claim]:
        """Claim the scheduled task's name."""
        yield Claim("task", "", f"psnet-reapply-{self.name}".lower())

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield a warning when there is nothing to make again."""
        if not self._again(context):
            yield Finding(
                id="reapply-nothing",
                severity="warning",
                resource=str(self.identity),
                reason="no nat network is declared, and other networks survive a restart",
                remedy="leave it out",
            )
        elif context.state.facts.build < SEVERAL_SINCE and context.state.facts.build != _BUILD_1803:
            yield Finding(
                id="reapply-not-needed",
                severity="info",
                resource=str(self.identity),
                reason=f"on build {context.state.facts.build} nat networks of HNS survive a restart of the host",
                remedy="leave it out",
                source="claim c97",
            )

    def values(self, context: Context) -> dict[str, Any]:
        """Return the name and the script."""
        return {"name": self.name, "script": self._script(context)}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the script's hash."""
        return {"name": self.name, "hash": self._hash(context)}
