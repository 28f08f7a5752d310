"""Recordings: what real hosts answered, as data. Reading, writing and comparing them; nothing here asks a host."""

from psnet.recording.compare import Difference, differences
from psnet.recording.model import Record, dump_recording, load_recording

__all__ = ["Difference", "Record", "differences", "dump_recording", "load_recording"]
