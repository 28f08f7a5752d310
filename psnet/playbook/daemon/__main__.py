"""``python -m psnet.playbook.daemon --parent PID --tell FILE``: serve one run of ansible-playbook.

The socket's path is written to FILE when it listens. Where the journal is, PSNET_JOURNAL says; a log, if any is wanted,
goes to the file that PSNET_DAEMON_LOG names.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from psnet._internal.terminal import log_to
from psnet.errors import PsnetError
from psnet.journal.record import Recorder
from psnet.journal.store import open_journal
from psnet.playbook.daemon.run import Run
from psnet.playbook.daemon.server import private_folder, serve


def main() -> int:
    """Serve until the parent is gone or the run has ended."""
    gc.set_threshold(50_000, 20, 20)  # as psnet's commands have it (psnet.cli)
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--tell", type=Path, required=True)
    parser.add_argument("--run", default=None)
    given = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the terminal's; the parent's end is what counts
    where = os.environ.get("PSNET_DAEMON_LOG")
    log_to(logging.FileHandler(where or os.devnull), logging.WARNING, "%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("psnet").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with private_folder() as folder, socket.socket(socket.AF_UNIX) as listener:
        os.umask(0o077)
        path = folder / "socket"
        listener.bind(str(path))
        listener.listen(128)
        half = given.tell.with_suffix(".half")
        half.write_text(str(path), encoding="utf-8")
        half.replace(given.tell)
        serve(Run(lambda: Recorder(open_journal()), given.run), listener, given.parent)
    return 0


def end_now(code: int) -> NoReturn:
    """End the process whatever its threads wait for: the record is committed by now.

    Python's own ending closes what threads still use, and waits for them: the journal's connection for a statement of a
    thread that itself waits for the journal's lock, up to half a minute after the play has ended.
    """
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        end_now(main())
    except PsnetError as error:
        sys.exit(str(error))
