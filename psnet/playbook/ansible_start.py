"""Starts ansible-playbook with a standard output that may fail: the run goes on, and its end says so.

Run by ansible-core's own Python, which need not have psnet: this file uses the standard library alone. What
ansible-core does itself when standard output takes nothing is a traceback, or a warning a task and exit code 0.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.path and __file__.startswith(sys.path[0]):
    del sys.path[0]  # this folder: its modules have names of the standard library's

import errno
import io
import os
import runpy


class KeptOutput(io.RawIOBase):
    """A descriptor whose first failure is kept; from then on what is written goes nowhere."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return os.isatty(self._descriptor)

    def write(self, data: bytes) -> int:  # type: ignore[override]  # a buffer of any kind, as RawIOBase has it
        """Write some bytes; return how many are done with."""
        try:
            return os.write(self._descriptor, data)
        except OSError as error:
            if self.failure is None:
                self.failure = error
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._descriptor)
            return len(data)


def start(program: str) -> int:
    """Run a Python program with the rest of the command line; return its exit code, 1 where its output was lost."""
    raw = KeptOutput(sys.stdout.fileno())
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=sys.stdout.encoding, errors=sys.stdout.errors, line_buffering=raw.isatty()
    )
    code: object = 0
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    ended_with = code if isinstance(code, int) else int(code is not None)
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    if raw.failure is None:
        return ended_with
    if raw.failure.errno != errno.EPIPE:
        sys.stderr.write(f"error: {os.strerror(raw.failure.errno or 0).lower()}: what was printed is not whole\n")
    return ended_with or 1


if __name__ == "__main__":
    del sys.argv[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))  # noqa: PTH100, PTH120 - as Python itself would
    sys.exit(start(sys.argv[0]))
