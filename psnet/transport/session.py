"""What the sessions of all protocols have in common: how they are called, files, and their repr."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from psnet.transport.files import get_file, put_file
from psnet.transport.output import OnRecord, Output, ScriptRun
from psnet.transport.policy import Clock
from psnet.transport.retry import repeat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.transport.settings import ConnectionSettings


class HostSession(ABC):
    """A session on one host, opened with the first script; use it from one thread at a time, save for ``stop``."""

    def __init__(self, settings: ConnectionSettings, host: str) -> None:
        self.settings = settings
        self.host = host

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.host!r})"

    def run(
        self,
        script: str,
        *,
        on_record: OnRecord | None = None,
        feed: Iterable[str] | None = None,
        reading: bool = False,
    ) -> Output:
        """Run a script as one pipeline.

        ``on_record`` is called on this thread with each record as it comes; ``feed`` is sent as the script's input.
        ``reading`` says that the script changes nothing: it is run again when its session is lost. Any other is run
        again only when it is known not to have begun. When the connection breaks and the host still runs the
        pipeline, it is resumed (over PSRP). A bare command name is sent as a command to a session configuration of its
        own (JEA runs no scripts).

        Raises UnreachableError and its kin when no session can be had, SessionLostError when it ends in
        mid-pipeline. Errors of the script itself are in the output.
        """
        return self.execute(ScriptRun(script, on_record, feed, reading))

    @abstractmethod
    def execute(self, run: ScriptRun) -> Output:
        """Run a script and return its output; raises as ``run`` says."""

    def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return put_file(self, self.host, source, remote)

    def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return get_file(self, self.host, remote)

    @abstractmethod
    def stop(self) -> bool:
        """Stop the running pipeline, from any thread; return whether one ran.

        The signal goes over a connection of its own: the pipeline's is busy waiting for output.
        """

    @abstractmethod
    def close(self) -> None:
        """Give the connection back; a host that is gone already is no reason to fail."""


class RepeatingSession(HostSession):
    """A session that repeats a script as its settings say, when what failed may be run once more."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        super().__init__(settings, host)
        self.clock = clock or Clock()
        self.may_repeat = False  #: set by ``run_once`` as it fails

    def execute(self, run: ScriptRun) -> Output:
        """Run a script and return its output; raises as ``run`` says."""
        return repeat(
            lambda: self.run_once(run),
            self.settings.retry,
            self.clock,
            again=lambda _: self.may_repeat,
            what=self.host,
        )

    @abstractmethod
    def run_once(self, run: ScriptRun) -> Output:
        """Try a script once; when it fails, ``may_repeat`` says whether it is known not to have changed anything."""
