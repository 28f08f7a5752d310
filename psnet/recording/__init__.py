"""Recordings: what real hosts answered, as data. Reading, writing and comparing them; nothing here asks a host."""

from psnet.recording.compare import Difference, differences
from psnet.recording.match import compare_recordings
from psnet.recording.model import Record, dump_recording, load_recording
from psnet.recording.redact import Redaction, redacted

__all__ = [
    "Difference",
    "Record",
    "Redaction",
    "compare_recordings",
    "differences",
    "dump_recording",
    "load_recording",
    "redacted",
]
