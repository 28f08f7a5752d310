"""Sessions over WinRS, where PSRP is closed: powershell.exe -EncodedCommand (pywinrm)."""

from __future__ import annotations

import base64
import codecs
import contextlib
import re
import sys
import threading
import uuid
from html import unescape
from typing import TYPE_CHECKING

from winrm.exceptions import WinRMOperationTimeoutError

from psnet.errors import SessionLostError
from psnet.transport.budget import Meter
from psnet.transport.failures import explain, is_shell_lost, is_transient, not_begun
from psnet.transport.files import FileScript
from psnet.transport.output import OnRecord, Output, ScriptRun
from psnet.transport.records import ErrorRecord, Record
from psnet.transport.retry import repeat
from psnet.transport.session import RepeatingSession
from psnet.transport.winrm_http import open_protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from winrm.protocol import Protocol

    from psnet.transport.policy import Clock
    from psnet.transport.settings import ConnectionSettings
    from psnet.transport.winrm_http import PywinrmTransport

# A command line holds 8,191 characters, fewer than a script: a short one reads it from standard input, the script in
# Base64 first, then a line for each object of its input.
_BOOTSTRAP = """$ProgressPreference = 'SilentlyContinue'
$lines = @($input)
$text = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($lines[0]))
$script = [scriptblock]::Create($text)
if ($lines.Count -gt 1) { $lines[1..($lines.Count - 1)] | & $script } else { & $script }
"""
_SENT_AT_ONCE = 96 * 1024  # in Base64 it fits into the 150 KB that pywinrm says it takes
_ERROR = re.compile(r"<S S=\"Error\">(.*?)</S>", re.DOTALL)
_ARGUMENTS = (
    "-NoProfile",
    "-NonInteractive",
    "-ExecutionPolicy",
    "Bypass",
    "-EncodedCommand",
    base64.b64encode(_BOOTSTRAP.encode("utf-16-le")).decode(),
)
_CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WinrmSession(RepeatingSession):
    """One WinRS shell on one host; use it from one thread at a time."""

    def __init__(self, settings: ConnectionSettings, host: str, clock: Clock | None = None) -> None:
        super().__init__(settings, host, clock)
        self._protocol: Protocol | None = None
        self._shell: str | None = None
        self._lock = threading.Lock()
        self._running: str | None = None
        self._stopped = False

    def run_once(self, run: ScriptRun) -> Output:
        """Run a script in powershell.exe; its output comes back as lines of text, in one stream beside its errors.

        A command whose answer was lost counts as begun.
        """
        self.may_repeat = False
        protocol, shell = self._open()
        meter = Meter(self.settings.budget, self.clock, files=isinstance(run.script, FileScript))
        _link(protocol).count(meter)
        framed = FramedScript(run.on_record, meter)
        code = 0
        begun = False
        try:
            command = protocol.run_command(shell, "powershell.exe", _ARGUMENTS)
            begun = True
            with self._lock:
                self._running, self._stopped = command, False
            self._send(protocol, shell, command, framed.script(run.script, feeds=run.feed is not None), run.feed or ())
            done = False
            while not done:
                with contextlib.suppress(WinRMOperationTimeoutError):
                    out, err, code, done = protocol.get_command_output_raw(shell, command)
                    framed.feed(out, err)
            protocol.cleanup_command(shell, command)
        except Exception as error:
            self._shell = None
            _link(protocol).count(Meter.for_closing(self.clock))
            if not self._stopped or not begun:
                shown = explain(error, self.settings, self.host, "running a command", opened=True)
                lost = isinstance(shown, SessionLostError)
                never = not begun and (not_begun(error) or is_shell_lost(error))
                self.may_repeat = never or (run.feed is None and run.reading and lost)
                raise shown from error
        finally:
            with self._lock:
                self._running = None
        return framed.output(code, stopped=self._stopped)

    def stop(self) -> bool:
        """End the running command, from any thread; return whether one ran. The signal has its own connection."""
        with self._lock:
            command, shell = self._running, self._shell
            if command is None or shell is None:
                return False
            self._stopped = True
        protocol = open_protocol(self.settings, self.host, self.clock)
        try:
            protocol.cleanup_command(shell, command)
        except Exception as error:
            raise explain(error, self.settings, self.host, "stopping a command", opened=False) from error
        finally:
            protocol.transport.close_session()
        return True

    def close(self) -> None:
        """Delete the shell."""
        shell, self._shell = self._shell, None
        if self._protocol is not None:
            with contextlib.suppress(Exception):  # nothing is lost when a shell cannot be given back
                _link(self._protocol).count(Meter.for_closing(self.clock))
                if shell is not None:
                    self._protocol.close_shell(shell, close_session=False)
            self._protocol.transport.close_session()
            self._protocol = None

    def _send(self, protocol: Protocol, shell: str, command: str, script: str, feed: Iterable[str]) -> None:
        waiting = f"{base64.b64encode(script.encode()).decode()}\r\n".encode()
        for line in feed:
            waiting += f"{line}\r\n".encode()
            while len(waiting) > _SENT_AT_ONCE:
                protocol.send_command_input(shell, command, waiting[:_SENT_AT_ONCE])
                waiting = waiting[_SENT_AT_ONCE:]
        while len(waiting) > _SENT_AT_ONCE:
            protocol.send_command_input(shell, command, waiting[:_SENT_AT_ONCE])
            waiting = waiting[_SENT_AT_ONCE:]
        protocol.send_command_input(shell, command, waiting, end=True)

    def _open(self) -> tuple[Protocol, str]:
        if self._protocol is not None and self._shell is not None:
            return self._protocol, self._shell
        try:
            protocol, shell = repeat(self._opened, self.settings.retry, self.clock, again=is_transient, what=self.host)
        except Exception as error:
            raise explain(error, self.settings, self.host, "connecting", opened=False) from error
        self._protocol, self._shell = protocol, shell
        return protocol, shell

    def _opened(self) -> tuple[Protocol, str]:
        protocol = open_protocol(self.settings, self.host, self.clock)
        return protocol, protocol.open_shell(codepage=65001)


def _link(protocol: Protocol) -> PywinrmTransport:
    link: PywinrmTransport = protocol.transport  # type: ignore[assignment]  # open_protocol has put it there
    return link


class FramedScript:
    """A script between two markers, so that what a profile or a banner prints is told apart, and its output."""

    def __init__(self, on_record: OnRecord | None, meter: Meter) -> None:
        self._meter = meter
        self._marker = f"psnet-{uuid.uuid4().hex}"
        self._on_record = on_record
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._markers = 0
        self._lines: list[str] = []
        self._errors = b""

    def script(self, script: str, *, feeds: bool) -> str:
        """Return the script with its frame."""
        source = "$input | " if feeds else ""
        return f"'{self._marker}'\n{source}& {{\n{script}\n}}\n'{self._marker}'\n"

    def feed(self, out: bytes, err: bytes) -> None:
        """Take what came on the two streams."""
        self._errors += err
        *whole, self._rest = (self._rest + self._decoder.decode(out)).split("\n")
        self._meter.check_pending(len(self._rest))
        self._meter.count_values(len(whole), sum(map(sys.getsizeof, whole)))
        for line in whole:
            text = line.removesuffix("\r")
            if text == self._marker:
                self._markers += 1
            elif self._markers == 1:
                self._lines.append(text)
                if self._on_record is not None:
                    self._on_record(Record("output", text))

    def output(self, code: int, *, stopped: bool) -> Output:
        """Return what came; a script whose second marker is missing has failed."""
        errors = read_clixml_errors(self._errors.decode("utf-8", "replace"))
        for record in errors if self._on_record is not None else ():
            self._on_record(Record("error", record))  # type: ignore[misc]  # the loop is empty when it is None
        failed = stopped or code != 0 or self._markers < 2  # noqa: PLR2004 - two markers
        return Output(tuple(self._lines), errors, failed=failed, stopped=stopped)


def read_clixml_errors(text: str) -> tuple[ErrorRecord, ...]:
    """Return the errors in what powershell.exe wrote to standard error: CLIXML, or plain text.

    Standard error carries formatted text only, so the id is taken from its FullyQualifiedErrorId lines.
    """
    if not text.strip():
        return ()
    if text.lstrip().startswith("#< CLIXML"):
        parts = [unescape(part) for part in _ERROR.findall(text)]
        text = _CONTROL.sub(lambda match: chr(int(match[1], 16)), "".join(parts))
    if not text.strip():
        return ()
    ids = re.findall(r"FullyQualifiedErrorId\s*:\s*(\S+(?:\s\S+)*?)\s*(?:\r?\n|$)", text)
    return (ErrorRecord(message=text.strip(), error_id=ids[0] if ids else ""),)
