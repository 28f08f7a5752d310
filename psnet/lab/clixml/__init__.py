"""Engine values <-> CLIXML, as PSSerializer writes it and as PSRP carries it."""

from psnet.lab.clixml.reader import deserialize, read_element
from psnet.lab.clixml.serializer import serialize, serialize_element

__all__ = ["deserialize", "read_element", "serialize", "serialize_element"]
