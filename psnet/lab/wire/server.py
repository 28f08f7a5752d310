"""The lab's server: many simulated hosts, one event loop in one background thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from psnet.errors import LabError
from psnet.lab.contract.lifecycle import Startable
from psnet.lab.wire.auth import AuthPolicy
from psnet.lab.wire.endpoint import Endpoint
from psnet.lab.wire.faults import FaultPlan, Injector
from psnet.lab.wire.listener import Listener, allow_files
from psnet.lab.wire.ntlm import NtlmStore
from psnet.lab.wire.quotas import Quotas
from psnet.lab.wire.service import HostService
from psnet.lab.wire.tls import Authority
from psnet.lab.wire.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from typing import Any

    from psnet.lab.wire.api import Backend, LabHostLike
    from psnet.lab.wire.sdn_server import SdnServer
    from psnet.lab.wire.stats import HostStats
    from psnet.lab.wire.tls import ClientCertificate

    BackendMaker = Callable[[LabHostLike], Backend]

_T = TypeVar("_T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HostEndpoint:
    """Where a host listens; ``ca_path`` is the CA of its HTTPS certificate, a port is None when unused."""

    host: str
    address: str
    path: str
    http_port: int | None
    https_port: int | None
    ca_path: Path
    auth: tuple[str, ...]

    @property
    def http_url(self) -> str:
        """The plain endpoint (message encryption required)."""
        return f"http://{self.address}:{self.http_port}/{self.path}"

    @property
    def https_url(self) -> str:
        """The TLS endpoint."""
        return f"https://{self.address}:{self.https_port}/{self.path}"


@dataclass(slots=True)
class _Host:
    service: HostService
    listeners: list[Listener] = field(default_factory=list)
    away_until: float = 0.0
    shut: bool = False  # its firewall lets WinRM in no more


class LabServer(Startable):
    """Serves hosts until ``stop``; also a context manager.

    ``ports`` gives hosts fixed (http, https) ports, 0 for any; without ``own_ports`` all hosts share one
    port of each kind (``ports["*"]``) and are told apart by path (``/hosts/NAME/wsman``). ``backend`` makes
    the backend of a host, by default from the lab's engine.
    """

    def __init__(  # noqa: PLR0913 - each is a setting with a default
        self,
        hosts: Sequence[LabHostLike],
        *,
        backend: BackendMaker | None = None,
        http: bool = True,
        tls: bool = True,
        own_ports: bool = True,
        ports: Mapping[str, tuple[int, int]] | None = None,
        address: str = "127.0.0.1",
        policy: AuthPolicy | None = None,
        quotas: Quotas | None = None,
        faults: FaultPlan | None = None,
    ) -> None:
        names = [host.name.lower() for host in hosts]
        if len(set(names)) != len(names):
            raise LabError("two hosts of the lab have the same name")
        if not http and not tls:
            raise LabError("the lab needs HTTP or HTTPS")
        self._lab_hosts = tuple(hosts)
        self._make = backend or _engine_backend
        self._http, self._tls, self._own_ports = http, tls, own_ports
        self._ports = {name.lower(): pair for name, pair in (ports or {}).items()}
        self._address = address
        self._policy = policy or AuthPolicy()
        self._quotas = quotas or Quotas()
        self._plan = faults or FaultPlan()
        self._hosts: dict[str, _Host] = {}
        self._shared: list[Listener] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._workers = Workers()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._authority: Authority | None = None
        self._closed = False
        self.beat_seconds = 1.0  # how often hosts look whether something is due
        self.endpoints: dict[str, HostEndpoint] = {}
        self.controllers: dict[str, SdnServer] = {}

    def start(self) -> None:
        """Open every port; returns when all hosts answer."""
        if self._thread is not None:
            raise LabError("the lab is already running")
        allow_files(len(self._lab_hosts) * 4)
        self._folder = tempfile.TemporaryDirectory(prefix="psnet-lab-")
        folder = Path(self._folder.name)
        self._authority = Authority(folder)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="psnet-lab-wire", daemon=True)
        self._thread.start()
        try:
            self._call(self._open(NtlmStore(folder)))
            self._serve_controllers(self._authority)
        except BaseException:
            self.stop()
            raise

    def _serve_controllers(self, authority: Authority) -> None:
        """Open the REST endpoint of every host that manages a Network Controller."""
        for host in self._lab_hosts:
            controller = getattr(host, "sdn", None)
            if controller is not None:
                from psnet.lab.wire.sdn_server import SdnServer  # noqa: PLC0415 - most labs have no controller

                made = self.controllers[host.name] = SdnServer(controller, authority, host.name, self._address)
                made.start()

    def stop(self) -> None:
        """Cut every connection, stop every pipeline, close every port. May be called twice."""
        if self._closed or self._loop is None or self._thread is None:
            return
        self._closed = True
        for controller in self.controllers.values():
            controller.stop()
        self._call(self._close())
        left = self._workers.close()
        if left:
            log.warning("%d pipelines of the lab did not heed their stop", left)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._folder is not None:
            self._folder.cleanup()

    def cut(self, host: str, seconds: float) -> None:
        """Cut every connection of a host and refuse new ones for a time, as a re-bound uplink does.

        Safe on any thread; returns at once.
        """
        self._host(host)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cut, host, seconds)

    def reboot(self, host: str, seconds: float) -> None:
        """Restart a host: shells end, connections are cut, it is away for a time. Safe on any thread."""
        service = self._host(host).service
        if self._loop is not None:
            self._loop.call_soon_threadsafe(service.restart)
            self._loop.call_soon_threadsafe(self._cut, host, seconds)

    def _uplink_away(self, host: str) -> None:
        if self._plan.uplink_seconds:
            self.cut(host, self._plan.uplink_seconds)

    def stats(self, host: str) -> HostStats:
        """Return a snapshot of a host's counters."""
        service = self._host(host).service
        return self._call(_now(service.stats.copy))

    def client_certificate(self, user: str) -> ClientCertificate:
        """Issue a client certificate for the account that is mapped to ``user``."""
        if self._authority is None:
            raise LabError("the lab is not running")
        return self._authority.client(user)

    def service(self, host: str) -> HostService:
        """Return a host's WSMan service, to look at in tests; it belongs to the event loop."""
        return self._host(host).service

    def _host(self, name: str) -> _Host:
        found = self._hosts.get(name.lower())
        if found is None:
            raise LabError(f"the lab has no host {name!r}")
        return found

    def _call(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        assert self._loop is not None  # noqa: S101 - callers have checked
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _open(self, store: NtlmStore) -> None:
        assert self._authority is not None  # noqa: S101 - start made it
        routes: dict[str, HostService] = {}
        self._beating = asyncio.create_task(self._beat())
        for lab_host in self._lab_hosts:
            backend = self._make(lab_host)
            service = HostService(
                backend,
                self._workers,
                self._policy,
                self._quotas,
                Injector(self._plan, backend.name),
                self._cut,
            )
            backend.watch(service.cmdlet_started, partial(self._uplink_away, lab_host.name))
            self._heed_firewall(lab_host)
            manager = getattr(lab_host, "lcm", None)
            if manager is not None:
                manager.restart = partial(self.reboot, lab_host.name, self._plan.reboot_seconds)
            self._hosts[lab_host.name.lower()] = _Host(service)
            routes[f"/hosts/{quote(lab_host.name.lower())}/wsman"] = service
        if self._own_ports:
            for name, host in self._hosts.items():
                pair = self._ports.get(name, (0, 0))
                host.listeners = await self._listen({"/wsman": host.service}, store, pair)
                self._announce(host.service.name, "wsman", host.listeners)
            return
        self._shared = await self._listen(routes, store, self._ports.get("*", (0, 0)))
        for path, service in routes.items():
            self._announce(service.name, path[1:], self._shared)

    async def _beat(self) -> None:
        """Let every Local Configuration Manager do what has come due by its host's clock."""
        managers = [found for host in self._lab_hosts if (found := getattr(host, "lcm", None)) is not None]
        while managers and not self._closed:
            await asyncio.sleep(self.beat_seconds)
            for manager in managers:
                if manager.due():
                    self._workers.submit(manager.tick)

    async def _listen(
        self, routes: Mapping[str, HostService], store: NtlmStore, ports: tuple[int, int]
    ) -> list[Listener]:
        assert self._authority is not None  # noqa: S101 - start made it
        assert self._loop is not None  # noqa: S101 - start made it
        listeners = []
        for wanted, port, secure in ((self._http, ports[0], False), (self._tls, ports[1], True)):
            if wanted:
                binding = self._authority.channel_binding if secure else None
                endpoint = Endpoint(routes, store, self._cut, binding)
                context = self._authority.context if secure else None
                listener = Listener(endpoint, self._address, port, context)
                listeners.append(listener)
                await listener.open(self._loop)
        return listeners

    def _announce(self, name: str, path: str, listeners: list[Listener]) -> None:
        assert self._authority is not None  # noqa: S101 - start made it
        ports = [listener.port for listener in listeners]
        policy = self._policy
        offered = {
            "negotiate": policy.negotiate,
            "ntlm": policy.negotiate,
            "kerberos": policy.keytab is not None,
            "credssp": policy.credssp,
            "basic": policy.basic and (self._tls or policy.basic_over_http),
            "certificate": policy.certificate and self._tls,
        }
        self.endpoints[name] = HostEndpoint(
            host=name,
            address=self._address,
            path=path,
            http_port=ports[0] if self._http else None,
            https_port=ports[-1] if self._tls else None,
            ca_path=self._authority.ca_path,
            auth=tuple(method for method, on in offered.items() if on),
        )

    def _heed_firewall(self, host: LabHostLike) -> None:
        """Let the host's firewall decide whether WinRM is there, from the first rule that changes that on."""
        firewall, lets_in = getattr(host, "firewall", None), getattr(host, "lets_winrm_in", None)
        if firewall is None or lets_in is None or not lets_in():
            return
        known = [True]

        def changed() -> None:
            now = lets_in()
            if now is not known[0] and self._loop is not None and not self._closed:
                known[0] = now
                self._loop.call_soon_threadsafe(self._shut, host.name, not now)

        firewall.changed = changed

    def _shut(self, name: str, shut: bool) -> None:  # noqa: FBT001 - called by the event loop
        """Close a host's WinRM to everybody, or open it again, on the event loop."""
        host = self._host(name)
        host.shut = shut
        if shut:
            self._cut(name, 0)
        else:
            self._come_back(host)

    def _cut(self, name: str, seconds: float) -> None:
        """Cut a host, on the event loop; the longest of several cuts counts."""
        assert self._loop is not None  # noqa: S101 - we are on it
        host = self._host(name)
        now = self._loop.time()
        host.away_until = max(host.away_until, now + seconds)
        host.service.away = True
        for listener in host.listeners:
            listener.down()
        host.service.cut()
        self._loop.call_later(host.away_until - now, self._come_back, host)

    def _come_back(self, host: _Host) -> None:
        assert self._loop is not None  # noqa: S101 - we are on it
        if self._loop.time() < host.away_until - 0.001 or self._closed or host.shut:
            return
        host.service.away = False
        for listener in host.listeners:
            self._loop.create_task(listener.open(self._loop))

    async def _close(self) -> None:
        for host in self._hosts.values():
            host.service.close()
            for listener in host.listeners:
                listener.close()
        for listener in self._shared:
            listener.close()
        for host in self._hosts.values():
            host.service.cut()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        await asyncio.sleep(0)


async def _now(function: Callable[[], _T]) -> _T:
    return function()


def _engine_backend(host: LabHostLike) -> Backend:
    from psnet.lab.wire.engine_backend import EngineBackend  # noqa: PLC0415 - the wire alone needs no engine

    return EngineBackend(host)
