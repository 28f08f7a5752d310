"""Recordings in the lab: a host that answers as one says, and a host brought into the situation that one shows."""

from psnet.lab.recording.play import played_host
from psnet.lab.recording.reconstruction import reconstruct_host

__all__ = ["played_host", "reconstruct_host"]
