# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``nthhost``."""

from __future__ import annotations

import ipaddress
from typing import Any

from ansible.errors import AnsibleFilterError


def nthhost(value: str, number: int = 0) -> str:
    """Return the address at a place of a prefix; negative places count from its end."""
    try:
        return str(ipaddress.ip_network(value, strict=False)[int(number)])
    except (ValueError, IndexError) as error:
        raise AnsibleFilterError(f"nthhost: {error}") from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        """Return them by name."""
        return {"nthhost": nthhost}
