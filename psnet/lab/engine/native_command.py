"""Console programs in a pipeline: text in, lines out, an exit code; what they write to stderr becomes errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception

from . import net
from .processor import NOTHING, CommandProcessor
from .records import ErrorRecord

if TYPE_CHECKING:
    from psnet.lab.contract.programs import Program

    from .arguments import Argument


class NativeProcessor(CommandProcessor):
    """Runs a ``Program``. Its stderr goes to the error stream line by line, as in a remote session."""

    def prepare(self, arguments: list[Argument]) -> None:
        """Turn the arguments into texts, as Windows PowerShell writes its command line."""
        self.words: list[str] = []
        for argument in arguments:
            joined = argument.name is not None and argument.colon and argument.has_value
            if argument.name is not None:
                value = net.to_string(argument.value) if joined else ""
                self.words.append(f"-{argument.name}{':' if argument.colon else ''}{value}")
            if argument.has_value and not joined:
                self._add(argument.text if argument.text is not None else argument.value)
        self.lines: list[str] = []

    def _add(self, value: Any) -> None:
        items = net.enumerate_collection(value)
        for item in [value] if items is None else items:
            text = net.to_string(item)
            if '"' in text:
                raise net.unsupported(
                    "a double quote in a program's argument, which Windows PowerShell loses", self.line
                )
            if text or self.runspace.language != "5.1":
                self.words.append(text)

    def stamped(self, record: ErrorRecord) -> ErrorRecord:
        """Put the invocation into a record; a program is no activity and no part of an id."""
        made = super().stamped(record)
        made.activity = ""
        return made

    def process(self, value: Any) -> None:
        """Keep a record of input as a line."""
        if value is not NOTHING:
            self.lines.append(net.to_string(value))

    def end(self) -> None:
        """Run the program."""
        program: Program = self.runspace.host.programs[self.command.name.lower().removesuffix(".exe")]
        charges = getattr(self.runspace.host, "charges", None)
        if charges is not None:
            charges.program(self.command.name)
        result = program.run(self.runspace.host, self.words, self.lines)
        for line in result.out:
            self.write(line)
        self.runspace.last_exit_code = result.code
        for position, line in enumerate(result.error):
            exception = make_exception("System.Management.Automation.RemoteException", line)
            error_id = "NativeCommandError" if position == 0 else "NativeCommandErrorMessage"
            self.write_error(ErrorRecord(exception, error_id, "NotSpecified", line))
        self.failed = self.failed or result.code != 0
