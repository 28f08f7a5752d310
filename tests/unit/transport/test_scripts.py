"""What is said of a script that failed: the remedy belongs to what was being done."""

from __future__ import annotations

import pytest

from psnet.transport.output import Output
from psnet.transport.records import ErrorRecord
from psnet.transport.scripts import script_error


@pytest.mark.parametrize(
    ("step", "remedy"),
    [
        ("observing", "psnet observe --script"),
        ("recording", "psnet record --script"),
        ("applying", "psnet render"),
        ("restarting", "mend what PowerShell says"),
    ],
)
def test_the_remedy_fits_what_was_being_done(step: str, remedy: str) -> None:
    failed = Output(errors=(ErrorRecord("it is out of order", "Some,Error"),), failed=True)
    assert remedy in (script_error(failed, "web01", step).remedy or "")
