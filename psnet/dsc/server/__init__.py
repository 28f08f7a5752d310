"""A pull server for DSC: protocol v2 ([MS-DSCPM]) over TLS, with a status page for people."""

from psnet.dsc.server.connections import serve
from psnet.dsc.server.run import ServerFolder, Tls, listen, make_server, running
from psnet.dsc.server.tls import self_signed

__all__ = ["ServerFolder", "Tls", "listen", "make_server", "running", "self_signed", "serve"]
