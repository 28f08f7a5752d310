"""Workers in processes of their own on this machine: each has its interpreter lock, and threads for its share."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from typing import TYPE_CHECKING

from psnet.fleet.channel_executor import Acknowledge, Begin, ChannelExecutor, pack_message, unpack_message
from psnet.fleet.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from psnet.fleet.channel_executor import Command
    from psnet.fleet.messages import Message

_PATIENCE = 5.0
_LEAVE = b""


def process_executor(count: int, forks: int, hosts: int, send: Callable[[Message], None]) -> ChannelExecutor:
    """Return an executor of ``count`` processes (0: one a processor), never more than there are forks or hosts."""
    executor = ChannelExecutor(forks, send)
    number = max(1, min(count or os.cpu_count() or 1, forks, hosts))
    with _ignoring_ctrl_c():
        for place in range(number):
            executor.join(_ProcessChannel(executor, place))
    return executor


class _ProcessChannel:
    """The pipe to one child; a thread reads it."""

    def __init__(self, executor: ChannelExecutor, place: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._executor = executor
        self._process = context.Process(target=worker_main, args=(theirs,), name=f"psnet-worker-{place}", daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._receive, name=f"psnet-receive-{place}", daemon=True).start()

    def send(self, command: Command) -> None:
        """Write a pickled command into the worker's pipe; raises OSError."""
        self._ours.send_bytes(pickle.dumps(command))

    def close(self) -> None:
        """Let the child end, and with it the thread that reads it."""
        with contextlib.suppress(OSError):
            self._ours.send_bytes(_LEAVE)
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()

    def _receive(self) -> None:
        try:
            while True:
                self._executor.received(self, unpack_message(self._ours.recv_bytes()))
        except (EOFError, OSError):
            self._process.join(_PATIENCE)
            how = f"exit code {self._process.exitcode}"
            self._executor.channel_lost(self, f"the process that worked on the host ended ({how})")


def worker_main(pipe: Connection) -> None:
    """Be a worker process: execute commands until the pipe closes. Ctrl-C is handled by the run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = threading.Lock()

    def send(message: Message) -> None:
        data = pack_message(message)
        with lock, contextlib.suppress(OSError):  # the run is gone
            pipe.send_bytes(data)

    worker = Worker(send)
    try:
        while data := pipe.recv_bytes():
            execute(worker, pickle.loads(data))  # noqa: S301 - from the process that started this one
    except (EOFError, OSError):
        worker.close("the run is gone")


def execute(worker: Worker, command: Command) -> None:
    """Execute a command at a worker."""
    if isinstance(command, Begin):
        worker.begin(command.host, command.operation)
    elif isinstance(command, Acknowledge):
        worker.acknowledge(command.ticket, command.refusal)
    else:
        worker.halt()


@contextlib.contextmanager
def _ignoring_ctrl_c() -> Iterator[None]:
    """Start children that ignore Ctrl-C, which the terminal sends to them too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
