"""The REST endpoint of a lab's controller over TLS, in a thread of its own for as long as the lab runs."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from psnet.lab.sdn.rest import make_app

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.wire.tls import Authority, ClientCertificate

CLIENT = "sdn-client"


class SdnServer:
    """Serves one controller at each of its nodes: ``url`` is the first one's, ``client`` a certificate for them all."""

    def __init__(self, controller: Controller, authority: Authority, name: str, address: str = "127.0.0.1") -> None:
        self.client: ClientCertificate = authority.client(CLIENT)
        self.ca_path = authority.ca_path
        certificate = x509.load_pem_x509_certificate(self.client.certificate.read_bytes())
        self.thumbprint = certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - what Windows calls it by
        self.nodes = [_Node(controller, authority, address) for _ in range(controller.nodes)]
        self.url = self.nodes[0].url
        controller.urls = [*(node.url for node in self.nodes), f"https://{name}"]
        controller.thumbprints = {self.thumbprint}

    def start(self) -> None:
        """Begin to answer; connections that come before wait in the queue."""
        for node in self.nodes:
            node.start()

    def stop(self) -> None:
        """Stop answering."""
        for node in self.nodes:
            node.stop()


class _Node:
    """One node of a controller: all show the same resources."""

    def __init__(self, controller: Controller, authority: Authority, address: str) -> None:
        # asyncio turns Nagle off where the protocol is named: each answer took 40 ms longer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind((address, 0))
        self._socket.listen(128)
        self.url = f"https://{address}:{self._socket.getsockname()[1]}"
        required = controller.authentication == "X509"
        config = uvicorn.Config(
            make_app(controller),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ssl_certfile=authority.server_pem,
            ssl_ca_certs=str(authority.ca_path),
            ssl_cert_reqs=ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="psnet-lab-sdn", daemon=True
        )

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, as a node that goes down; may be called twice."""
        self._server.should_exit = True
        self._server.force_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._socket.close()
