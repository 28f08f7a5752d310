"""Workers of a Dask cluster: several machines, the same workers, events and journal.

Dask's own tasks are not used: its scheduler runs a task again when a worker dies, and a host must never be worked on
twice without looking. psnet sits on each worker and is talked to through ``Client.run``.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from psnet._internal.version import VERSION
from psnet.errors import HostError, InputError
from psnet.fleet import dask_worker
from psnet.fleet.channels import Begin, ChannelExecutor, pack_commands, unpack_message
from psnet.fleet.messages import Answer
from psnet.inventory.vault import Vaulted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from distributed import Client

    from psnet.fleet.channels import Command
    from psnet.fleet.messages import Message
    from psnet.inventory import InventoryHost

_CONNECT = "20s"


def dask_executor(
    address: str, run: str, forks: int, hosts: Sequence[InventoryHost], send: Callable[[Message], None]
) -> ChannelExecutor:
    """Return a executor of the workers that a cluster has now. Raises InputError when it cannot be used."""
    parts = urlsplit(address)
    if parts.scheme == "dask":
        _refuse_secrets(hosts)
    client = _client(parts.scheme, f"{parts.hostname}:{parts.port}", parse_qs(parts.query))
    try:
        addresses = _start(client, run, address)
    except BaseException:
        client.close()
        raise
    executor = _DaskExecutor(client, forks, send)
    for worker in addresses:
        executor.join(_DaskChannel(client, executor, run, worker))
    return executor


def _refuse_secrets(hosts: Sequence[InventoryHost]) -> None:
    held = [host.name for host in hosts if holds_secret(host.connection) or holds_secret(host.variables)]
    if held:
        raise InputError(
            f"the secrets of {', '.join(held[:5])}{' and more' if len(held) > 5 else ''} would travel in the clear",  # noqa: PLR2004 - a few names
            remedy="use dask+tls://, or give the secrets by {env: NAME} or {file: PATH}, which workers read themselves",
        )


def holds_secret(value: Any) -> bool:
    """Say whether a value holds a secret itself, rather than where to read it. A vault is encrypted: it may travel."""
    if isinstance(value, SecretStr):
        return True
    if isinstance(value, Vaulted | str | int | float | bool | None):
        return False
    if isinstance(value, dict):
        return any(holds_secret(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(holds_secret(item) for item in value)
    names: Iterable[str] = getattr(type(value), "model_fields", getattr(type(value), "__dataclass_fields__", ()))
    return any(holds_secret(getattr(value, name)) for name in names)


def _client(scheme: str, place: str, query: dict[str, list[str]]) -> Client:
    try:
        from distributed import Client, Security  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError("--executor dask needs Dask", remedy="pip install 'psnet[dask]'") from None
    try:
        if scheme == "dask":
            return Client(f"tcp://{place}", timeout=_CONNECT, set_as_default=False)
        given = {
            f"tls_{name}": query[key][-1]
            for key, name in (("ca", "ca_file"), ("cert", "client_cert"), ("key", "client_key"))
            if key in query
        }
        security = Security(require_encryption=True, **given)
        return Client(f"tls://{place}", timeout=_CONNECT, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise InputError(
            f"the Dask scheduler at {place} cannot be reached: {error or type(error).__name__}",
            remedy="check address and port; dask+tls takes ?ca=FILE&cert=FILE&key=FILE, else Dask's own configuration",
        ) from None


def _start(client: Client, run: str, address: str) -> list[str]:
    """Open a worker on each worker; all must have psnet as it is here."""
    remedy = "install the same psnet on every worker"
    try:
        versions: dict[str, str] = client.run(dask_worker.start, run)
    except Exception as error:  # noqa: BLE001 - whatever Dask or the import over there raises
        raise InputError(f"psnet cannot be used on the workers of {address}: {error}", remedy=remedy) from None
    if not versions:
        raise InputError(f"{address} has no workers", remedy="start some: dask worker ADDRESS")
    here = VERSION
    other = {worker: there for worker, there in versions.items() if there != here}
    if other:
        worker, there = next(iter(other.items()))
        raise InputError(f"the worker {worker} has psnet {there}, this is {here}", remedy=remedy)
    return list(versions)


class _DaskExecutor(ChannelExecutor):
    """A executor that closes its client."""

    def __init__(self, client: Client, forks: int, send: Callable[[Message], None]) -> None:
        super().__init__(forks, send)
        self._client = client

    def close(self) -> None:
        """Let the workers go, and the cluster."""
        super().close()
        self._client.close()


class _DaskChannel:
    """The way to one worker: one thread sends orders, several at a time, another fetches messages."""

    def __init__(self, client: Client, executor: ChannelExecutor, run: str, worker: str) -> None:
        self._client, self._executor, self._run, self._worker = client, executor, run, worker
        self._orders: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._over = False
        for target in (self._send, self._fetch):
            threading.Thread(target=target, name=f"psnet-dask-{worker}", daemon=True).start()

    def order(self, order: Command) -> None:
        """Put an order into the queue."""
        self._orders.put(order)

    def close(self) -> None:
        """Leave the worker."""
        self._over = True
        self._orders.put(None)
        try:
            self._client.run(dask_worker.stop, self._run, workers=[self._worker], on_error="ignore")
        except Exception:  # noqa: BLE001 - the worker or the cluster is gone, which is as good
            return

    def _send(self) -> None:
        while True:
            batch = [self._orders.get()]
            while not self._orders.empty():
                batch.append(self._orders.get())
            given = [order for order in batch if order is not None]
            try:
                if given:
                    self._order_all(given)
            except Exception as error:  # noqa: BLE001 - whatever Dask raises, the worker cannot be reached
                self._gone(error)
                return
            if None in batch:
                return

    def _order_all(self, given: list[Command]) -> None:
        try:
            data = pack_commands(given)
        except Exception as error:  # noqa: BLE001 - one by one, to find the work that cannot travel
            if len(given) > 1:
                for order in given:
                    self._order_all([order])
                return
            self._refused(given, f"it cannot travel: {error}")
            return
        said = self._client.run(dask_worker.carry_out, self._run, data, workers=[self._worker])
        if said.get(self._worker):
            self._refused(given, f"{self._worker} cannot read it: {said[self._worker]}")

    def _refused(self, given: list[Command], why: str) -> None:
        for order in given:
            if isinstance(order, Begin):
                error = HostError(f"the work was not begun: {why}", host=order.host.name, step="working on the host")
                self._executor.heard(self, Answer(order.host.name, 0.0, error=error))

    def _fetch(self) -> None:
        try:
            while not self._over:
                said = self._client.run(dask_worker.fetch, self._run, workers=[self._worker])
                for data in said[self._worker]:
                    self._executor.heard(self, unpack_message(data))
        except Exception as error:  # noqa: BLE001 - whatever Dask raises, the worker cannot be reached
            self._gone(error)

    def _gone(self, error: Exception) -> None:
        if not self._over:
            reason = f"the Dask worker {self._worker} that worked on the host is gone: {type(error).__name__}"
            self._executor.lost(self, reason)
