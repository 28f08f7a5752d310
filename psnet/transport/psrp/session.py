"""The two faces of a PSRP session: PsrpSession for threads, AsyncSession for an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from psnet.transport.files import content_of, get_file, put_file, reading_script, writing
from psnet.transport.psrp.conversation import Conversation
from psnet.transport.steps import blocking, on_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from psnet.transport.output import Output
    from psnet.transport.policy import Clock
    from psnet.transport.records import Record
    from psnet.transport.settings import ConnectionSettings


class PsrpSession:
    """One runspace pool on one host, opened with the first script; use it from one thread at a time.

    Its requests are sent by the event loop that all such sessions of the process share.
    """

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        self.settings = settings
        self.host = host
        self.conversation = Conversation(settings, host, clock)

    def __repr__(self) -> str:
        return f"PsrpSession({self.host!r})"

    def run(
        self,
        script: str,
        *,
        tell: Callable[[Record], None] | None = None,
        feed: Iterable[str] | None = None,
        reading: bool = False,
    ) -> Output:
        """Run a script as one pipeline in the pool.

        ``tell`` hears each record on this thread as it comes; ``feed`` is sent as the script's input. ``reading`` says
        that the script changes nothing: it is run again when its session is lost. Any other is run again only when it
        is known not to have begun. When the connection breaks and the host still runs the pipeline, it is resumed.
        A bare command name is sent as a command to a session configuration of its own (JEA runs no scripts).

        Raises UnreachableError and its kin when no session can be had, SessionLostError when it ends in
        mid-pipeline. Errors of the script itself are in the output.
        """
        return blocking(self.conversation.run(script, tell, feed, reading=reading))

    def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return put_file(self, self.host, source, remote)

    def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return get_file(self, self.host, remote)

    def stop(self) -> bool:
        """Stop the running pipeline, from any thread; return whether one ran.

        The signal goes over a connection of its own: the pipeline's is busy waiting for output.
        """
        return blocking(self.conversation.stop())

    def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        blocking(self.conversation.close())


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
        tell: Callable[[Record], None] | None = None,
        feed: Iterable[str] | None = None,
        reading: bool = False,
    ) -> Output:
        """Run a script as one pipeline, as PsrpSession does; ``tell`` is called on the event loop."""
        return await on_loop(self.conversation.run(script, tell, feed, reading=reading))

    async def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        file = writing(source, remote)
        return file.written(await self.run(file.script, feed=file.parts()), self.host)

    async def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return content_of(await self.run(reading_script(remote)), self.host, remote)

    async def stop(self) -> bool:
        """Stop the running pipeline, from another task; return whether one ran."""
        return await on_loop(self.conversation.stop())

    async def close(self) -> None:
        """Close the pool; a host that is gone already is no reason to fail."""
        await on_loop(self.conversation.close())
