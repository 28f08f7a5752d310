"""WSMan operations of one host: which shell they concern, its quotas, its faults, replay."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from psnet.lab.wire import resources, soap, wsman_faults
from psnet.lab.wire.api import SessionInfo
from psnet.lab.wire.faults import CmdletFault
from psnet.lab.wire.psrp.shell import PsrpShell
from psnet.lab.wire.stats import HostStats
from psnet.lab.wire.winrs.shell import WinRSShell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from psnet.lab.wire.api import Backend
    from psnet.lab.wire.auth import AuthPolicy, Identity
    from psnet.lab.wire.faults import Injector
    from psnet.lab.wire.http import HttpConnection
    from psnet.lab.wire.quotas import Quotas
    from psnet.lab.wire.shell import Received, Shell
    from psnet.lab.wire.workers import Workers

    Fate = Callable[[str], Awaitable[None]]

log = logging.getLogger(__name__)

_REPLAYED: Final = 16  # answers kept for a client that repeats a MessageID
_REPLAYED_BYTES: Final = 65536  # and about how much of them


class LogonRequired(Exception):  # noqa: N818 - it asks for something, nothing failed
    """A request without a user asks for more than Identify."""


class Answer:
    """An answered request: the envelope, whether it is a fault, and the output that is in it."""

    __slots__ = ("data", "fault", "received")

    def __init__(self, data: bytes, *, fault: bool = False, received: Received | None = None) -> None:
        self.data = data
        self.fault = fault
        self.received = received


class HostService:
    """One host's WSMan service. Lives on the event loop."""

    def __init__(
        self,
        backend: Backend,
        workers: Workers,
        policy: AuthPolicy,
        quotas: Quotas,
        injector: Injector,
        cut: Callable[[str, float], None],
    ) -> None:
        self.backend = backend
        self.name = backend.name
        self.workers = workers
        self.policy = policy
        self.quotas = quotas
        self.injector = injector
        self._cut_for = cut
        self.stats = HostStats()
        self.shells: dict[str, Shell] = {}
        self.connections: set[HttpConnection] = set()
        self.away = False
        self.loop = asyncio.get_running_loop()
        self._answers: OrderedDict[str, asyncio.Future[Answer]] = OrderedDict()

    async def answer(self, data: bytes, identity: Identity, connection: HttpConnection, fate: Fate) -> Answer:
        """Answer one envelope. ``fate`` is asked once the operation is known, and may raise a WSManFault."""
        message_id = ""
        try:
            if len(data) > self.quotas.envelope_bytes:
                raise wsman_faults.envelope_too_large(self.quotas.envelope_bytes)
            root = soap.parse(data)
            if soap.is_identify(root):
                await fate("Identify")
                self.stats.operations["Identify"] += 1
                return Answer(soap.identify_response(self.backend.product_version))
            if not identity.user:
                raise LogonRequired
            request = soap.read_request(root)
            message_id = request.message_id
            await fate(request.verb)
            self._admit(identity)
            return await self._once(request, identity, connection)
        except wsman_faults.WSManFault as fault:
            return self._fault(fault, message_id)

    def _admit(self, identity: Identity) -> None:
        """Refuse an account that the default session configurations do not admit."""
        name = identity.user.rpartition("\\")[2].partition("@")[0].lower()
        for account in self.backend.accounts():
            if account.user.lower() == name and not account.administrator:
                raise wsman_faults.access_denied()

    def _fault(self, fault: wsman_faults.WSManFault, message_id: str) -> Answer:
        self.stats.faults += 1
        return Answer(soap.fault_response(fault, message_id, self.name), fault=True)

    async def _once(self, request: soap.Request, identity: Identity, connection: HttpConnection) -> Answer:
        """Handle a request, or repeat the answer that its MessageID had."""
        key = f"{identity.user.lower()} {request.message_id}"
        while (known := self._answers.get(key)) is not None:
            try:
                return await asyncio.shield(known)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not known.cancelled() or (task is not None and task.cancelling()):
                    raise  # else the first connection was lost, and with it the answer: handle it here
                if self._answers.get(key) is known:
                    del self._answers[key]
        future = self._answers[key] = self.loop.create_future()
        try:
            answer = await self._handle(request, identity, connection)
        except BaseException:
            self._answers.pop(key, None)
            future.cancel()
            raise
        future.set_result(answer)
        self._trim()
        return answer

    def _trim(self) -> None:
        """Forget old answers: all but the newest few, or but the newest when they are large."""
        size = 0
        for key in reversed(list(self._answers)):
            future = self._answers[key]
            if future.done() and not future.cancelled():
                if size > _REPLAYED_BYTES:
                    del self._answers[key]
                size += len(future.result().data) + _REPLAYED_BYTES // _REPLAYED

    async def _handle(self, request: soap.Request, identity: Identity, connection: HttpConnection) -> Answer:
        verb = request.verb
        self.stats.operations[verb] += 1
        try:
            if verb == "Create":
                body = self._create(request, identity, connection)
            elif verb == "Get":
                body = resources.get(self, request)
            elif verb == "Enumerate":
                body = resources.enumerate_(self, request, identity.user)
            else:
                return await self._on_shell(verb, request, identity, connection)
        except wsman_faults.WSManFault as fault:
            return self._fault(fault, request.message_id)
        return Answer(soap.response(request, body))

    async def _on_shell(
        self, verb: str, request: soap.Request, identity: Identity, connection: HttpConnection
    ) -> Answer:
        shell = self.shell_of(request, identity.user)
        shell.touch()
        if verb == "Connect":
            shell.connections.discard(connection)
            body = shell.connect(request)
            shell.connections.add(connection)
            return Answer(soap.response(request, body))
        shell.connections.add(connection)
        if verb == "Receive":
            received = await shell.receive(request)
            return Answer(soap.response(request, received.body), received=received)
        if verb == "Command":
            body = await shell.start(request)
        elif verb == "Send":
            body = shell.send(request)
        elif verb == "Signal":
            body = await shell.signal(request)
        elif verb == "Delete":
            self.remove_shell(shell)
            body = ""
        elif verb == "Disconnect":
            body = shell.disconnect(request)
        elif verb == "Reconnect":
            body = shell.reconnect(request)
        else:
            raise wsman_faults.unknown_action(request.action, request.resource)
        return Answer(soap.response(request, body))

    def shell_of(self, request: soap.Request, user: str) -> Shell:
        """Return the shell that a request selects; another user's shell does not exist for it."""
        shell_id = request.selectors.get("ShellId")
        if not shell_id:
            raise wsman_faults.shell_id_required()
        shell = self.shells.get(shell_id.upper())
        if shell is None or shell.session.user != user:
            raise wsman_faults.unknown_shell(shell_id)
        return shell

    def _create(self, request: soap.Request, identity: Identity, connection: HttpConnection) -> str:
        own = [shell for shell in self.shells.values() if shell.session.user == identity.user]
        if len(own) >= self.quotas.max_shells_per_user:
            raise wsman_faults.too_many_shells(self.quotas.max_shells_per_user)
        self.check_operations(identity.user)
        shell_element = request.body.find(f"{{{soap.RSP}}}Shell")
        wanted = shell_element.get("ShellId") if shell_element is not None else None
        shell_id = (wanted or str(uuid.uuid4())).upper()
        if shell_id in self.shells:
            raise wsman_faults.schema_fault(f"The ShellId {shell_id} is in use.")
        shell = self._new_shell(request, identity, connection, shell_id)
        shell.configure(request.body)
        shell.connections.add(connection)
        self.shells[shell_id] = shell
        self.stats.shells += 1
        return (
            f"<x:ResourceCreated><a:Address>{soap.ANONYMOUS}</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{request.resource}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
            f"</x:ResourceCreated>{shell.describe(created=True)}"
        )

    def _new_shell(self, request: soap.Request, identity: Identity, connection: HttpConnection, shell_id: str) -> Shell:
        options = {name.lower(): value for name, value in request.options.items()}
        session = SessionInfo(
            user=identity.user,
            authentication=identity.method,
            client_address=connection.peer_address,
            no_profile=options.get("winrs_noprofile", "").lower() in {"true", "1"},
        )
        if request.resource.lower() == soap.CMD_URI:
            return WinRSShell(self, session, request, shell_id)
        prefix, _, configuration = request.resource.rpartition("/")
        if prefix.lower() != soap.PWSH or not configuration:
            raise wsman_faults.unknown_resource(request.resource)
        if not self.backend.has_configuration(configuration):
            raise wsman_faults.unknown_configuration(configuration, self.name)
        return PsrpShell(self, session, request, shell_id, configuration)

    def check_operations(self, user: str) -> None:
        """Raise when the user has spent MaxConcurrentOperationsPerUser."""
        limit = self.quotas.max_concurrent_operations_per_user
        if sum(shell.operations for shell in self.shells.values() if shell.session.user == user) >= limit:
            raise wsman_faults.too_many_operations(limit)

    def remove_shell(self, shell: Shell) -> None:
        """Close and forget a shell."""
        self.shells.pop(shell.id, None)
        shell.close()

    def connection_opened(self, connection: HttpConnection) -> None:
        """Count a connection."""
        self.connections.add(connection)
        self.stats.connections += 1
        self.stats.open_connections += 1

    def connection_closed(self, connection: HttpConnection) -> None:
        """Forget a connection."""
        self.connections.discard(connection)
        self.stats.open_connections -= 1
        for shell in self.shells.values():
            shell.connections.discard(connection)

    def cut(self) -> None:
        """Abort every connection."""
        for connection in list(self.connections):
            connection.abort()

    def cmdlet_started(self, name: str) -> None:
        """Apply the faults that wait for a cmdlet. Runs on the pipeline's thread; raises CmdletFault."""
        if not self.injector:
            return
        for fault in self.injector.for_cmdlet(name):
            self.stats.injected += 1
            log.info("%s: fault %s strikes %s", self.name, fault.action, name)
            if fault.action == "fail":
                raise CmdletFault(fault)
            if fault.action == "slow":
                time.sleep(fault.seconds)
            elif fault.action in {"cut", "reboot"}:
                if fault.action == "reboot":
                    self.loop.call_soon_threadsafe(self.restart)
                self.loop.call_soon_threadsafe(self._cut_for, self.name, fault.seconds)
            else:
                self.loop.call_soon_threadsafe(self.cut)

    def restart(self) -> None:
        """End every shell and let the host restart."""
        self.close()
        self.backend.restarted()

    def close(self) -> None:
        """End every shell."""
        for shell in list(self.shells.values()):
            self.remove_shell(shell)
