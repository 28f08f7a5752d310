"""An executor of worker processes: assigns hosts to them and reports the hosts of a process that died."""

from __future__ import annotations

import pickle
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from psnet.errors import HostError, PsnetError
from psnet.fleet.messages import Finished, Message, ProgressMessage, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.fleet.operation import Operation
    from psnet.inventories import InventoryHost


@dataclass(frozen=True, slots=True)
class Begin:
    """Command to a worker: run an operation on a host."""

    host: InventoryHost
    operation: Operation[Any]


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Command to a worker: the host's progress is recorded, it continues."""

    ticket: int
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """Stop the pipelines on the hosts."""


Command = Begin | Acknowledge | Halt


class Channel(Protocol):
    """The way to one worker. Neither call waits for the worker."""

    def send(self, command: Command, /) -> None:
        """Send a command; raise OSError when the worker is gone."""

    def close(self) -> None:
        """Close the channel; the worker ends."""


class ChannelExecutor:
    """Workers elsewhere; each host is begun at most once, on the one that has the fewest."""

    def __init__(self, forks: int, send: Callable[[Message], None]) -> None:
        self._forks = forks
        self._send = send
        self._lock = threading.Lock()
        self._hosts: dict[Channel, set[str]] = {}
        self._where: dict[str, Channel] = {}

    def join(self, channel: Channel) -> None:
        """Add a worker's channel."""
        with self._lock:
            self._hosts[channel] = set()

    def capacity(self) -> int:
        """Return the number of forks; 0 when no worker is left."""
        with self._lock:
            return self._forks if self._hosts else 0

    def begin(self, host: InventoryHost, operation: Operation[Any]) -> None:
        """Start on a host where there are the fewest."""
        with self._lock:
            channel = min(self._hosts, key=lambda each: len(self._hosts[each]), default=None)
            if channel is not None:
                self._hosts[channel].add(host.name)
                self._where[host.name] = channel
        if channel is None:
            self._send(WorkerLost((host.name,), "no worker is left; the host was not begun"))
            return
        try:
            channel.send(Begin(host, operation))
        except OSError as error:
            self.channel_lost(channel, str(error))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            self.received(channel, Finished(host.name, 0.0, error=cannot_travel("the operation", host.name, error)))

    def acknowledge(self, host: str, ticket: int, refusal: str | None) -> None:
        """Let a host go on that waits."""
        with self._lock:
            channel = self._where.get(host)
        if channel is not None:
            self._send_to(channel, Acknowledge(ticket, refusal))

    def halt(self) -> None:
        """Stop the pipelines everywhere."""
        with self._lock:
            channels = list(self._hosts)
        for channel in channels:
            self._send_to(channel, Halt())

    def close(self) -> None:
        """Close every channel."""
        with self._lock:
            channels, self._hosts = list(self._hosts), {}
        for channel in channels:
            channel.close()

    def received(self, channel: Channel, message: Message) -> None:
        """Pass on a message of a worker."""
        if isinstance(message, Finished):
            with self._lock:
                self._hosts.get(channel, set()).discard(message.host)
        self._send(message)

    def channel_lost(self, channel: Channel, reason: str) -> None:
        """Say that a worker is gone, with all that it had under way."""
        with self._lock:
            hosts = self._hosts.pop(channel, None)
        if hosts is not None:
            self._send(WorkerLost(tuple(sorted(hosts)), reason))

    def _send_to(self, channel: Channel, command: Command) -> None:
        try:
            channel.send(command)
        except OSError as error:
            self.channel_lost(channel, str(error))


def pack_message(message: Message) -> bytes:
    """Return a message as bytes; an answer that cannot travel becomes an error that says so."""
    try:
        return pickle.dumps(message)
    except Exception as error:
        if isinstance(message, ProgressMessage):
            raise
        name = message.host if isinstance(message, Finished) else ""
        return pickle.dumps(Finished(name, 0.0, error=cannot_travel("the result", name, error)))


def unpack_message(data: bytes) -> Message:
    """Return a message from a worker's bytes. The worker is psnet itself: a child, or a member of the cluster."""
    message: Message = pickle.loads(data)  # noqa: S301 - as above
    return message


def cannot_travel(what: str, host: str, error: Exception) -> PsnetError:
    """Return the error of a host whose operation or result cannot be pickled."""
    return HostError(
        f"{what} cannot travel between processes: {error}",
        host=host,
        step="working on the host",
        remedy="make it a function of a module or a frozen dataclass, or use --executor threads",
    )
