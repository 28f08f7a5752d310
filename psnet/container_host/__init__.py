"""A Windows container host as a target: observed, planned for, changed and verified over its own session."""

from psnet.container_host.collect import CollectedHost, collect_host
from psnet.container_host.target import KIND, ContainerHost, examine_host, observe_everything, observe_host, record_host

__all__ = [
    "KIND",
    "CollectedHost",
    "ContainerHost",
    "collect_host",
    "examine_host",
    "observe_everything",
    "observe_host",
    "record_host",
]
