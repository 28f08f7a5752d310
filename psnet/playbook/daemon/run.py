"""One run: what the messages ask for, done."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.run_id import new_run_id
from psnet._internal.text import untrusted
from psnet.errors import InputError, JournalError, PsnetError, UnreachableError
from psnet.inventories.connection import connection_of
from psnet.inventories.load import InventoryHost, load_inventory
from psnet.playbook.daemon.host_worker import HostWorker, TaskRequest, failed_result
from psnet.playbook.daemon.protocol import VERSION
from psnet.playbook.daemon.recap import ChangeRecap
from psnet.playbook.daemon.task_items import TaskItem, read_task_item
from psnet.playbook.daemon.validation import problems_of
from psnet.playbook.modules import Registry
from psnet.playbook.recorder import PlayRecorder
from psnet.playbook.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.fleet import Listener
    from psnet.inventories import Inventory

log = logging.getLogger("psnet.playbook")
#: What a script itself says is the user's own; everything else that a task tells is masked.
_OWN_WORDS: Final = frozenset({"output", "result", "ansible_facts"})


class Run:
    """One run of ansible-playbook. Safe from any thread."""

    def __init__(self, journal: Callable[[], Listener], identifier: str | None = None) -> None:
        self.secrets = Secrets()
        self.tally = ChangeRecap()
        self.registry = Registry()
        self._journal = journal
        self._id = identifier or new_run_id()
        self._record: PlayRecorder | None = None
        self._workers: dict[str, HostWorker] = {}
        self._unreachable: set[str] = set()
        self._inventories: dict[str, Inventory] = {}
        self._lock = threading.Lock()
        self._ended = False
        self._over = threading.Event()
        self._told: dict[str, Any] = {}
        self._ways: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "hello": self._hello,
            "task": self._task,
            "check": self._check,
            "stop": self._stop,
            "stats": self._stats,
            "bye": self._bye,
            "interrupt": self._interrupt,
        }

    @property
    def ended(self) -> bool:
        """Whether the run is over, and its record closed."""
        return self._over.is_set()

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a message; whatever goes wrong is one, too."""
        way = self._ways.get(str(message.get("op")))
        if way is None:
            return {"error": f"psnet does not know the message {message.get('op')}"}
        try:
            return way(message)
        except JournalError as error:
            return {"error": str(error)}
        except PsnetError as error:
            return {"result": self._masked(failed_result(error))}
        except Exception as error:  # an action plug-in waits for an answer
            log.exception("%s failed", message.get("op"))
            said = self.secrets.masked(f"{type(error).__name__}: {error}")
            return {"error": f"psnet failed: {said}; its log has the place"}

    # -- messages -------------------------------------------------------------------------------

    def _hello(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if message.get("version") != VERSION:
            said = f"the collection speaks version {message.get('version')} of psnet's protocol, psnet {VERSION}"
            return {"error": f"{said}: update the older one"}
        with self._lock:
            if self._record is None:
                journal = self._journal()
                self._record = PlayRecorder(self._id, [journal, self.tally], self.secrets)
                self._record.begin(
                    str(message.get("playbook") or ""),
                    str(message.get("inventory") or ""),
                    dict(message.get("options") or {}),
                    [str(name) for name in message.get("hosts") or ()],
                )
        return {"run": self._id, "version": VERSION}

    def _task(self, message: Mapping[str, Any]) -> dict[str, Any]:
        record = self._record
        if record is None:
            return {"error": "the run has not begun: say hello first"}
        self.secrets.add_all(list(message.get("secrets") or ()))
        name = str(message["host"])
        item = read_task_item(message["item"], self.registry)
        if not item.module.feeds and self.secrets.contains(dict(item.given)):
            said = "a secret stands in the arguments, which plans and the journal would show"
            return {"result": {"changed": False, "failed": True, "msg": said, "remedy": "take it out of the task"}}
        needs = item.module.needs(item.args) - set(message.get("variables") or ())
        if needs and message.get("variables") is None:
            return {"needs": sorted(needs)}
        variables = untrusted(dict(message.get("variables") or {}))  # Ansible has filled what may be filled
        reached = message.get("reached")
        if reached is None and (others := item.module.reaches(item.args, name, variables, item.where)):
            return {"reaches": sorted(others)}
        with self._lock:
            if self._ended:
                return {"error": "the run was interrupted"}
            worker = self._workers.setdefault(name, HostWorker(name, record, self.secrets))
        request = TaskRequest(
            item,
            tuple(self._ahead(message)),
            bool(message.get("check")),
            bool(message.get("diff")),
            variables,
            {other: self._target(other, {**message, "target": target}) for other, target in (reached or {}).items()},
        )
        try:
            result = worker.run_task(self._target(name, message), request)
        except UnreachableError as error:
            self._unreachable.add(name)
            return {"unreachable": self.secrets.masked(str(error))}
        self.tally.record_findings(name, result)
        return {"result": self._masked(result), "done": worker.keys()}

    def _ahead(self, message: Mapping[str, Any]) -> list[TaskItem]:
        """Return the items that may go along; a wrong one, and all after it, will be told when their task comes."""
        task_items: list[TaskItem] = []
        for said in message.get("ahead") or ():
            try:
                item = read_task_item(said, self.registry)
            except InputError:
                break
            if item.wanted is None or self.secrets.contains(dict(item.given)):
                break
            task_items.append(item)
        return task_items

    def _check(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"problems": problems_of(message.get("tasks") or (), self.registry)}

    def _stop(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Stop what runs on one host: nobody waits for it any more."""
        worker = self._workers.get(str(message.get("host")))
        if worker is not None:
            worker.stop()
        return {}

    def _stats(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Remember the counts so far; another playbook of the same run may follow."""
        self._told = dict(message.get("counts") or {})
        return {"recap": self._recap(whole=False)}

    def _bye(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self.end(interrupted=False)
        return {}

    def _interrupt(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"recap": self.end(interrupted=True)}

    # -- ending ---------------------------------------------------------------------------------

    def parent_exited(self) -> None:
        """End the run after its parent process has exited; it counts as interrupted when a task was running."""
        self.end(interrupted=any(worker.busy for worker in self._workers.values()))

    def end(self, *, interrupted: bool) -> list[str]:
        """End the run, once: stop what runs, give sessions back, close the record; return the recap."""
        with self._lock:
            again, self._ended = self._ended, True
        if again:
            self._over.wait(10)  # whoever ends it has the record to close yet
            return []
        try:
            return self._end(interrupted=interrupted)
        finally:
            self._over.set()

    def _end(self, *, interrupted: bool) -> list[str]:
        workers = list(self._workers.values())
        if interrupted:
            _at_once([worker.stop for worker in workers], 0.4)
            _at_once([worker.wait for worker in workers], 0.3)
        lines = self._recap(whole=interrupted)
        if self._record is not None:
            told = {worker.name: self._counts(worker.name) for worker in workers}
            self._record.end(told, interrupted=interrupted)
        if not interrupted:
            _at_once([worker.close for worker in workers], 2.0)
        return lines

    def _recap(self, *, whole: bool) -> list[str]:
        unclaimed = {worker.name: worker.unclaimed() for worker in self._workers.values() if worker.unclaimed()}
        lines = self.tally.lines(unclaimed, whole=whole or bool(unclaimed))
        return [str(self.secrets.masked(line)) for line in lines]

    def _counts(self, name: str) -> dict[str, int]:
        own = self.tally.counts(name)
        if name in self._unreachable:
            own["unreachable"] = 1
        given = self._told.get(name)
        if not isinstance(given, dict):
            return own
        return {
            "changed": given.get("changed", 0),
            "failed": given.get("failures", 0),
            "unreachable": given.get("unreachable", 0),
        }

    # -- hosts ----------------------------------------------------------------------------------

    def _target(self, name: str, message: Mapping[str, Any]) -> InventoryHost:
        """Return the host with its connection: psnet's own inventory's, and over it what Ansible's variables say."""
        variables: dict[str, Any] = dict(message.get("target") or {})
        folder = Path(str(message.get("folder") or "."))
        path = variables.pop("psnet_inventory", None)
        if path is None:
            return InventoryHost(name, (), {}, connection_of(name, variables), folder, "the inventory")
        with self._lock:
            if path not in self._inventories:
                self._inventories[path] = load_inventory(path)
        own = self._inventories[path][name]
        given = connection_of(name, variables) if variables else {}
        return InventoryHost(name, (), {}, {**own.connection, **given}, own.folder, own.path)

    def _masked(self, result: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value if key in _OWN_WORDS else self.secrets.masked(value) for key, value in result.items()}


def _at_once(works: list[Callable[[], Any]], seconds: float) -> None:
    """Do some things at the same time, and wait for them no longer than so many seconds."""

    def quietly(work: Callable[[], Any]) -> None:
        try:
            work()
        except PsnetError as error:
            log.info("%s", error.message)

    threads = [threading.Thread(target=quietly, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
