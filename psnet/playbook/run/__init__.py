"""Running playbooks."""

from psnet.playbook.run.book import PlaybookRun
from psnet.playbook.run.state import RunOptions

__all__ = ["PlaybookRun", "RunOptions"]
