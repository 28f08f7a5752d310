"""Workers in processes of their own on this machine: each has its interpreter lock, and threads for its share."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from typing import TYPE_CHECKING

from psnet.fleet.desk import Desk
from psnet.fleet.lanes import Acknowledge, Begin, LaneCrew, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from psnet.fleet.lanes import Order
    from psnet.fleet.messages import Message

_PATIENCE = 5.0
_LEAVE = b""


def process_crew(count: int, forks: int, hosts: int, send: Callable[[Message], None]) -> LaneCrew:
    """Return a crew of ``count`` processes (0: one a processor), never more than there are forks or hosts."""
    crew = LaneCrew(forks, send)
    number = max(1, min(count or os.cpu_count() or 1, forks, hosts))
    with _deaf_to_ctrl_c():
        for place in range(number):
            crew.join(_ProcessLane(crew, place))
    return crew


class _ProcessLane:
    """The pipe to one child; a thread hears it."""

    def __init__(self, crew: LaneCrew, place: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._crew = crew
        self._process = context.Process(target=work, args=(theirs,), name=f"psnet-worker-{place}", daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._hear, name=f"psnet-hear-{place}", daemon=True).start()

    def order(self, order: Order) -> None:
        """Write into the pipe."""
        self._ours.send_bytes(pickle.dumps(order))

    def close(self) -> None:
        """Let the child end, and with it the thread that hears it."""
        with contextlib.suppress(OSError):
            self._ours.send_bytes(_LEAVE)
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()

    def _hear(self) -> None:
        try:
            while True:
                self._crew.heard(self, unpacked(self._ours.recv_bytes()))
        except (EOFError, OSError):
            self._process.join(_PATIENCE)
            how = f"exit code {self._process.exitcode}"
            self._crew.lost(self, f"the process that worked on the host ended ({how})")


def work(pipe: Connection) -> None:
    """Be a worker process: carry out orders until the pipe closes. Ctrl-C is for the run to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = threading.Lock()

    def send(message: Message) -> None:
        data = packed(message)
        with lock, contextlib.suppress(OSError):  # nobody is there to hear it
            pipe.send_bytes(data)

    desk = Desk(send)
    try:
        while data := pipe.recv_bytes():
            obey(desk, pickle.loads(data))  # noqa: S301 - from the process that started this one
    except (EOFError, OSError):
        desk.close("the run is gone")


def obey(desk: Desk, order: Order) -> None:
    """Carry out an order at a desk."""
    if isinstance(order, Begin):
        desk.begin(order.host, order.work)
    elif isinstance(order, Acknowledge):
        desk.acknowledge(order.ticket, order.refusal)
    else:
        desk.halt()


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start children that never hear Ctrl-C, which the terminal sends to them too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
