"""A whole playbook: its plays one after the other, their hosts in batches, and the recap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from psnet.errors import InputError
from psnet.fleet.batches import batches, in_order
from psnet.fleet.run import new_run_id
from psnet.inventory.patterns import choose
from psnet.playbook.events import NoHosts, PlayBegan, RunEnded
from psnet.playbook.model import Inherited, Playbook, Task, Where
from psnet.playbook.record import RunRecord
from psnet.playbook.run.play import EndPlay, PlayRun
from psnet.playbook.run.sessions import Sessions
from psnet.playbook.run.state import RunOptions, Standing
from psnet.playbook.run.task import LOCAL, TaskRunner
from psnet.playbook.tasks import TaskLoader
from psnet.playbook.template import Scope, TemplateFault, lazily
from psnet.playbook.variables import Store

if TYPE_CHECKING:
    from psnet.fleet import Listener
    from psnet.inventory import Inventory
    from psnet.playbook.events import ProgressCallback
    from psnet.playbook.model import Play
    from psnet.playbook.modules import Registry
    from psnet.playbook.template import Templar


@dataclass(slots=True)
class PlaybookRun:
    """One run of a playbook over an inventory."""

    playbook: Playbook
    inventory: Inventory
    registry: Registry
    templar: Templar
    options: RunOptions
    tell: ProgressCallback
    journal: Listener | None = None
    identifier: str = field(default_factory=new_run_id)
    standing: Standing = field(default_factory=Standing)

    def run(self) -> int:
        """Run it; return Ansible's exit code. Raises InputError for what only a run can find out."""
        hosts = {host.name: host for host in self.inventory.hosts}
        store = Store(self.templar, hosts, self.options.extra)
        sessions = Sessions(hosts)
        record = RunRecord(self.identifier, self.journal, self.templar.secrets)
        tasks = TaskRunner(self.registry, store, sessions, self.options, self.tell, record)
        names = self._everyone()
        options = {"check": self.options.check, "limit": self.options.limit, "tags": list(self.options.tags)}
        record.begin(self.playbook.path, str(self.inventory.path), options, names)
        interrupted = True
        try:
            for play in self.playbook.plays:
                if not self._play(play, tasks):
                    break
            interrupted = False
        except EndPlay:
            interrupted = False
        finally:
            sessions.close()
            record.end(self.standing.counts, names, interrupted=interrupted)
            self.tell(RunEnded({name: dict(row) for name, row in sorted(self.standing.counts.items())}))
        return self.standing.exit_code()

    def _everyone(self) -> list[str]:
        """Return the hosts of all plays, once."""
        return list(dict.fromkeys(name for play in self.playbook.plays for name in self.hosts_of(play)))

    # -- plays ----------------------------------------------------------------------------------

    def hosts_of(self, play: Play) -> list[str]:
        """Return the hosts of a play, in its order. Raises InputError."""
        pattern = self._filled(play.hosts, play, "hosts")
        if pattern in LOCAL and pattern not in {host.name for host in self.inventory.hosts}:
            return [str(pattern)]
        words = ":".join(map(str, pattern)) if isinstance(pattern, list) else str(pattern)
        try:
            chosen = choose(words, self.inventory.hosts)
            if self.options.limit is not None:
                limited = choose(self.options.limit, self.inventory.hosts)
                chosen = [host for host in chosen if host in limited]
        except ValueError as error:
            raise InputError(f"{play.where.of('hosts')}: {error}") from None
        try:
            return [host.name for host in in_order(chosen, play.order)]  # type: ignore[arg-type]
        except ValueError:
            raise InputError(f"{play.where.of('order')}: there is no order {play.order}") from None

    def _filled(self, value: Any, play: Play, key: str) -> Any:
        scope = Scope(self.templar, lazily(play.vars), lazily(self.options.extra))
        try:
            return self.templar.fill(value, scope)
        except TemplateFault as fault:
            raise InputError(f"{play.where.of(key)}: {key}: {fault.message}") from None

    def _play(self, play: Play, tasks: TaskRunner) -> bool:
        """Run one play over its batches; say whether the next play may begin."""
        out = self.standing.failed | self.standing.unreachable
        chosen = [host for host in self.hosts_of(play) if host not in out]
        if not chosen:
            self.tell(PlayBegan(play.name, (), self.options.check))
            self.tell(NoHosts())
            return True
        prompted = self._prompted(play)
        serial = self._filled(play.serial, play, "serial")
        try:
            groups = batches(chosen, None if serial in (None, "0") else str(serial))
        except InputError as error:
            raise InputError(f"{play.where.of('serial')}: {error.message}", remedy=error.remedy) from None
        for group in groups:
            ending = self._batch(play, group, chosen, tasks, prompted)
            if ending != "go on":
                return ending == "play ended"
        return True

    def _batch(
        self, play: Play, group: list[str], everyone: list[str], tasks: TaskRunner, prompted: dict[str, Any]
    ) -> Literal["go on", "play ended", "stop"]:
        """Run a play over one batch; say how the run goes on."""
        self.tell(PlayBegan(play.name, tuple(group), self.options.check))
        tasks.store.begin(play, prompted, self._magic(play, group, everyone))
        loader = TaskLoader(self.registry, self.templar, [], play.folder, {**play.vars, **self.options.extra})
        run = PlayRun(play, tuple(group), tasks, loader, self.standing, self.options, self.tell)
        run.started = self.options.start_at is None
        before = len(self.standing.failed | self.standing.unreachable)
        if play.gather_facts:
            run.play = with_facts(play)
        for name in group:
            tasks.record.host(name)
        run.run()
        with self.standing.lock:
            self.standing.failed |= run.lost
            self.standing.ended.clear()
        gone = len(self.standing.failed | self.standing.unreachable) - before
        if gone >= len(group) or run.stopped:
            return "stop"
        return "play ended" if run.over_for_good else "go on"

    def _magic(self, play: Play, group: list[str], everyone: list[str]) -> dict[str, Any]:
        groups: dict[str, list[str]] = {"all": [host.name for host in self.inventory.hosts]}
        for host in self.inventory.hosts:
            for name in host.groups or ("ungrouped",):
                groups.setdefault(name, []).append(host.name)
        return {
            "groups": groups,
            "play_hosts": group,
            "ansible_play_batch": group,
            "ansible_play_hosts": everyone,
            "ansible_play_hosts_all": everyone,
            "ansible_play_name": play.name,
            "playbook_dir": str(play.folder.resolve()),
            "inventory_file": str(self.inventory.path),
            "ansible_check_mode": self.options.check,
            "ansible_diff_mode": self.options.diff,
            "ansible_forks": self.options.forks,
            "ansible_limit": self.options.limit or "",
            "ansible_run_tags": list(self.options.tags) or ["all"],
            "ansible_skip_tags": list(self.options.skip_tags),
        }

    def _prompted(self, play: Play) -> dict[str, Any]:
        """Ask for what a play prompts for; what ``-e`` gives is not asked for."""
        given: dict[str, Any] = {}
        for prompt in play.prompts:
            if prompt.name in self.options.extra:
                continue
            default = self._filled(prompt.default, play, "vars_prompt")
            if self.options.ask is None:
                if default is None:
                    raise InputError(
                        f"{play.where.of('vars_prompt')}: {prompt.name} is asked for, and there is nobody to ask",
                        remedy=f"give it with -e {prompt.name}=...",
                    )
                given[prompt.name] = default
                continue
            given[prompt.name] = self._asked(prompt, default)
        return given

    def _asked(self, prompt: Any, default: Any) -> Any:
        ask = self.options.ask
        assert ask is not None  # noqa: S101 - its caller has looked
        while True:
            text = f"{prompt.text} [{default}]" if default not in (None, "") and not prompt.private else prompt.text
            answer = ask(text, prompt.private)
            if prompt.confirm and ask(f"confirm {prompt.text}", prompt.private) != answer:
                continue
            if not answer and default is not None:
                return default
            return self.templar.secrets.add(answer) if prompt.private else answer


def with_facts(play: Play) -> Play:
    """Return a play whose first task reads its hosts."""
    where = Where(play.where.path, play.where.line)
    always = replace(play.inherited, tags=("always", *play.inherited.tags), when=())
    task = Task(
        "psnet.facts",
        {},
        where,
        name="Gathering Facts",
        inherited=Inherited(always.when, always.tags, (), always.values),
    )
    return replace(play, sections=((task,), *play.sections))
