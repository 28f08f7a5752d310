"""PSRP sessions: PsrpSession for threads, AsyncSession for an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from psnet.transport.async_bridge import run_blocking, run_on_loop
from psnet.transport.files import download_script, downloaded_content, prepare_upload
from psnet.transport.output import OnRecord, Output, ScriptRun
from psnet.transport.psrp.conversation import Conversation
from psnet.transport.session import HostSession

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from psnet.transport.policy import Clock
    from psnet.transport.settings import ConnectionSettings


class PsrpSession(HostSession):
    """One runspace pool on one host.

    Its requests are sent by the event loop that all such sessions of the process share.
    """

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        super().__init__(settings, host)
        self.conversation = Conversation(settings, host, clock)

    def execute(self, run: ScriptRun) -> Output:
        """Run a script as one pipeline in the pool."""
        return run_blocking(self.conversation.run(run))

    def stop(self) -> bool:
        """Stop the running pipeline, from any thread, over a connection of its own; return whether one ran."""
        return run_blocking(self.conversation.stop())

    def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        run_blocking(self.conversation.close())


class AsyncSession:
    """The same for an event loop: ``async with psnet.transport.connect(...) as session``; one task at a time."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        self.settings = settings
        self.host = host
        self.conversation = Conversation(settings, host, clock)

    def __repr__(self) -> str:
        return f"AsyncSession({self.host!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(
        self,
        script: str,
        *,
        on_record: OnRecord | None = None,
        feed: Iterable[str] | None = None,
        reading: bool = False,
    ) -> Output:
        """Run a script as one pipeline, as PsrpSession does; ``on_record`` is called on the event loop."""
        return await run_on_loop(self.conversation.run(ScriptRun(script, on_record, feed, reading)))

    async def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        file = prepare_upload(source, remote)
        return file.verify(await self.run(file.script, feed=file.parts()), self.host)

    async def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return downloaded_content(await self.run(download_script(remote)), self.host, remote)

    async def stop(self) -> bool:
        """Stop the running pipeline, from another task; return whether one ran."""
        return await run_on_loop(self.conversation.stop())

    async def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        await run_on_loop(self.conversation.close())
