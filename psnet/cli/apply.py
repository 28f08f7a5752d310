"""psnet apply."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet.cli.common import (
    ForksOption,
    InventoryOption,
    JournalOption,
    JsonOption,
    LimitOption,
    PruneOption,
    error_json,
    error_lines,
    exit_code,
    journal_at,
    show,
    show_json,
    sites_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.errors import PsnetError
    from psnet.fleet import HostResult
    from psnet.fleet.pool import HostAnswer
    from psnet.inventory import InventoryHost
    from psnet.journal import Journal
    from psnet.plan import Plan
    from psnet.site import Site
    from psnet.transport import Session

_ORDERS = ("inventory", "reverse", "sorted", "reverse_sorted", "shuffle")


def apply(
    site: Annotated[
        Path,
        typer.Argument(metavar="SITE_OR_PLAN", help="A site file, or a plan saved with --out.", show_default=False),
    ],
    inventory: InventoryOption,
    limit: LimitOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing anything.")] = False,
    json_: JsonOption = False,
    forks: ForksOption = 10,
    prune: PruneOption = False,
    confirm_within: Annotated[
        int,
        typer.Option(
            "--confirm-within",
            metavar="SECONDS",
            min=5,
            help="A change that cuts the connection is taken back by the host unless psnet confirms it in time.",
        ),
    ] = 120,
    no_rollback: Annotated[bool, typer.Option("--no-rollback", help="Make such changes without a way back.")] = False,
    serial: Annotated[
        str | None, typer.Option("--serial", help="Batches: 5, 20%, or 1,25%,100%; the next begins when one is done.")
    ] = None,
    max_fail: Annotated[
        str | None, typer.Option("--max-fail", help="Begin no further host after more failures than 3, or 10%.")
    ] = None,
    order: Annotated[
        str, typer.Option("--order", help="inventory, reverse, sorted, reverse_sorted or shuffle.")
    ] = "inventory",
    canary: Annotated[bool, typer.Option("--canary", help="One host first, and no other when it fails.")] = False,
    journal: JournalOption = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML of the run to this file.")] = None,
) -> None:
    """Bring each host to what is declared, then prove that nothing is left.

    A saved plan is applied without a question, and only to hosts that are still as they were observed. Every run is
    recorded (psnet runs). Ctrl-C once: no new hosts, running ones finish.
    """
    from psnet.errors import InputError
    from psnet.fleet.batches import allowed_failures, batches, in_order, sizes_of
    from psnet.inventory import load_inventory
    from psnet.plan.saved import is_saved, load_plans
    from psnet.site import load_site

    if order not in _ORDERS:
        raise InputError(f"--order {order} is no order", remedy=f"one of {', '.join(_ORDERS)}")
    saved = load_plans(site) if is_saved(site) else None
    source = load_site(saved[0] if saved else site)
    hosts = in_order(load_inventory(inventory).select(limit), order)  # type: ignore[arg-type]
    sizes_of(serial, len(hosts))
    bears = allowed_failures(max_fail, len(hosts))
    if saved is not None:
        missing = [host.name for host in hosts if host.name not in saved[1]]
        if missing:
            raise InputError(f"{site} has no plan for {', '.join(missing)}", remedy="use --limit, or plan again")
    sites = sites_for(source, hosts, prune=prune)
    if saved is None and not yes:
        if json_ or not sys.stdin.isatty():
            raise InputError("apply changes hosts", remedy="add --yes, or apply a plan saved with psnet plan --out")
        typer.confirm(f"Apply {site} to {len(hosts)} host(s)?", abort=True)
    store = journal_at(journal)
    options = {"prune": prune, "confirm_within": confirm_within, "no_rollback": no_rollback}
    names = [host.name for host in hosts]
    declared = str(Path(saved[0] if saved else site).resolve())
    run = store.begin("apply", declared, str(inventory.resolve()), names, options)
    work = _Work(store, run, sites, saved[1] if saved else {}, confirm_within, rollback=not no_rollback)
    groups = batches(hosts, serial)
    if canary and len(hosts) > 1:
        groups = [hosts[:1], *batches(hosts[1:], serial)]
    answers = work.carry_out(groups, forks=forks, bears=0 if canary and bears is None else bears, canary=canary)
    ordered = [answers[host.name] for host in hosts if host.name in answers]
    results = [answer.value for answer in ordered if answer.value is not None]
    errors = [answer.error for answer in ordered if answer.error is not None]
    left = [host.name for host in hosts if host.name not in answers]
    bad = bool(errors) or any(item.failed for item in results)
    store.end(run, "interrupted" if work.stopping.is_set() else "failed" if bad or left else "done")
    if junit is not None:
        from psnet.report.junit import junit_xml

        junit.write_text(junit_xml(store.read(run)) + "\n", encoding="utf-8")
    _report(ordered, left, run, results, json_=json_)
    raise typer.Exit(1 if any(item.failed for item in results) or (left and not errors) else exit_code(errors))


class _Work:
    """One run over many hosts: each host's steps are in the journal before and after they are taken."""

    def __init__(
        self,
        store: Journal,
        run: str,
        sites: dict[str, Site],
        saved: dict[str, Plan],
        confirm_within: int,
        *,
        rollback: bool,
    ) -> None:
        from psnet.fleet import Confirmation

        self.store, self.run, self.sites, self.saved = store, run, sites, saved
        self.confirmation = Confirmation(confirm_within, rollback)
        self.stopping = threading.Event()

    def _host(self, session: Session, host: InventoryHost) -> HostResult:
        from psnet.fleet import apply_host
        from psnet.transport import open_session

        self.store.began(self.run, host.name)
        return apply_host(
            session,
            host.name,
            self.sites[host.name],
            self.saved.get(host.name),
            confirmation=self.confirmation,
            reopen=lambda: open_session(host.settings(), host.name),
            planned=lambda plan: self.store.planned(self.run, host.name, plan),
        )

    def carry_out(
        self, groups: Sequence[Sequence[InventoryHost]], *, forks: int, bears: int | None, canary: bool
    ) -> dict[str, HostAnswer[HostResult]]:
        """Return an answer for every host that was begun."""
        from psnet.fleet import over_hosts

        answers: dict[str, HostAnswer[HostResult]] = {}
        failed = 0
        before = self._listen()
        try:
            for position, group in enumerate(groups):
                if self.stopping.is_set() or (bears is not None and failed > bears) or (canary and position and failed):
                    break
                for answer in over_hosts(group, self._host, forks=forks, stopping=self.stopping):
                    answers[answer.host.name] = answer
                    failed += self._record(answer)
                    if bears is not None and failed > bears:
                        self.stopping.set()
        finally:
            if before is not None:
                signal.signal(signal.SIGINT, before)
        return answers

    def _listen(self) -> Any:
        """Let the first Ctrl-C end the run after the hosts that are under way, the second one at once."""
        if threading.current_thread() is not threading.main_thread():
            return None
        before = signal.getsignal(signal.SIGINT)

        def first(*_: object) -> None:
            self.stopping.set()
            signal.signal(signal.SIGINT, before)
            typer.echo("stopping: hosts under way finish; Ctrl-C again stops at once", err=True)

        signal.signal(signal.SIGINT, first)
        return before

    def _record(self, answer: HostAnswer[HostResult]) -> int:
        if answer.value is not None:
            self.store.finished(self.run, answer.host.name, answer.value)
            return int(answer.value.failed)
        if answer.error is not None:
            self.store.broke(self.run, answer.host.name, answer.error)
        return 1


def _report(
    ordered: Sequence[HostAnswer[HostResult]], left: list[str], run: str, results: list[HostResult], *, json_: bool
) -> None:
    from psnet.report import result_lines, result_summary

    if json_:
        show_json([_json(answer) for answer in ordered] + [{"host": name, "not_begun": True} for name in left])
        return
    for answer in ordered:
        if answer.value is not None:
            show([*result_lines(answer.value), Text("")])
        elif answer.error is not None:
            show([*error_lines(answer.error, answer.host.name), Text("")])
    show(result_summary(item) for item in results)
    if left:
        shown = ", ".join(left[:10]) + (f" and {len(left) - 10} more" if len(left) > 10 else "")  # noqa: PLR2004 - a screenful
        show([Text(f"not begun: {shown}", style="yellow")])
    if left or any(answer.error for answer in ordered) or any(item.failed for item in results):
        show([Text(f"go on with: psnet runs resume {run}", style="dim")])


def _json(answer: HostAnswer[HostResult]) -> dict[str, Any]:
    if answer.value is not None:
        data: dict[str, Any] = json.loads(answer.value.model_dump_json())
        return data | {"failed": answer.value.failed}
    error: PsnetError = answer.error  # type: ignore[assignment]
    return error_json(error, answer.host.name)
