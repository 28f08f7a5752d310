"""The options that every command over many hosts has: declared once, and handed to the command as one value."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet.cli import fleet
from psnet.cli.common import InventoryOption, LimitOption, SavedInventoryOption
from psnet.cli.fleet_options import (
    CanaryOption,
    ExecutorOption,
    ForksOption,
    JournalOption,
    JsonLinesOption,
    JunitOption,
    MaxFailOption,
    OrderOption,
    SerialOption,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psnet.fleet import RunOptions
    from psnet.inventories import InventoryHost


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFlags:
    """Which hosts, how many at once and in what order, and where the run is told and recorded."""

    inventory: list[Path]
    limit: str | None = None
    json: bool = False
    forks: int = 10
    serial: str | None = None
    max_fail: str | None = None
    order: str = "inventory"
    canary: bool = False
    executor: str = "threads"
    journal: str | None = None
    junit: Path | None = None

    @property
    def options(self) -> RunOptions:
        """Return how the run goes over its hosts; raises InputError for words that mean nothing."""
        from psnet.fleet import run_options

        return run_options(
            forks=self.forks,
            serial=self.serial,
            max_fail=self.max_fail,
            order=self.order,
            canary=self.canary,
            executor=self.executor,
        )

    def hosts(self) -> tuple[InventoryHost, ...]:
        """Return the hosts that --inventory and --limit name."""
        from psnet.inventories import load_inventory

        return load_inventory(self.inventory).select(self.limit)

    def call(
        self,
        command: str,
        hosts: Sequence[InventoryHost],
        site: Path | None = None,
        more: Mapping[str, Any] | None = None,
        *,
        full: bool = False,
    ) -> fleet.Call:
        """Return the run of a command over hosts; ``more`` are its own options, for the journal."""
        return fleet.Call(
            command,
            hosts,
            self.options,
            site,
            self.inventory,
            more or {},
            journal=self.journal,
            junit=self.junit,
            json=self.json,
            full=full,
        )


_EMPTY: Final = inspect.Parameter.empty
#: Name on the command line's function -> (field of FleetFlags, type, default).
_FLAGS: Final[dict[str, tuple[str, Any, Any]]] = {
    "inventory": ("inventory", InventoryOption, _EMPTY),
    "limit": ("limit", LimitOption, None),
    "json_": ("json", JsonLinesOption, False),
    "forks": ("forks", ForksOption, 10),
    "serial": ("serial", SerialOption, None),
    "max_fail": ("max_fail", MaxFailOption, None),
    "order": ("order", OrderOption, "inventory"),
    "canary": ("canary", CanaryOption, False),
    "executor": ("executor", ExecutorOption, "threads"),
    "journal": ("journal", JournalOption, None),
    "junit": ("junit", JunitOption, None),
}
#: What only a command that changes hosts has.
CHANGING: Final = frozenset({"serial", "max_fail", "canary"})


def over_fleet(
    *, without: frozenset[str] = frozenset(), saved: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of FleetFlags but those named; it takes them as its parameter ``flags``.

    ``saved``: it takes a saved plan, which knows its inventory.
    """
    taken = {name: flag for name, flag in _FLAGS.items() if flag[0] not in without}
    if saved:
        taken["inventory"] = ("inventory", SavedInventoryOption, None)

    def give(command: Callable[..., None]) -> Callable[..., None]:
        own = [item for item in inspect.signature(command, eval_str=True).parameters.values() if item.name != "flags"]
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (_, kind, default) in taken.items()
        ]
        own = [item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in own]
        every = [added[0], *own, *added[1:]]  # the inventory stands first in --help

        @functools.wraps(command)
        def called(**given: Any) -> None:
            chosen = {field: given.pop(name) for name, (field, _, _) in taken.items()}
            flags = FleetFlags(**{**chosen, "inventory": chosen["inventory"] or []})
            command(**given, flags=flags)

        called.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined] # typer reads it
        called.__annotations__ = {item.name: item.annotation for item in every}
        return called

    return give
