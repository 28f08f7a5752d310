"""The filters and tests of Ansible's that make sense here, on top of Jinja2's own."""

from psnet.playbook.filters.data import DATA
from psnet.playbook.filters.encode import ENCODE
from psnet.playbook.filters.network import NETWORK
from psnet.playbook.filters.tests import TESTS
from psnet.playbook.filters.text import TEXT

_OWN = {**DATA, **ENCODE, **NETWORK, **TEXT}
#: By short name, and by the name with its collection.
FILTERS = {
    **_OWN,
    **{f"ansible.builtin.{name}": function for name, function in _OWN.items() if name not in NETWORK},
    **{f"ansible.utils.{name}": function for name, function in NETWORK.items()},
}

__all__ = ["FILTERS", "TESTS"]
