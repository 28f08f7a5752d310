"""A lab with a Network Controller: its management host, and the hosts that it pushes policy to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.labhost import LabHost
from psnet.lab.sdn.controller import Controller
from psnet.lab.sdn.vfpctrl import install

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.wire.sdn_server import SdnServer

NAME: Final = "nc01"
#: The credential with which the controller reaches the lab's hosts.
CREDENTIAL: Final = "lab-hosts"


def management_host(
    hosts: Sequence[LabHost], password: str, *, name: str = NAME, os: str = "2022", seed: int = 0, **settings: Any
) -> LabHost:
    """Return the management host of a new controller; ``hosts`` are its servers, which it pushes policy to.

    ``settings`` are those of ``Controller``. Raises LabError for a name that is taken, or a Windows without the module.
    """
    if any(host.name.lower() == name.lower() for host in hosts):
        raise LabError(f"a host of the lab is called {name} already", remedy="give the controller another name")
    made = LabHost(name, os, seed=seed + 1000)
    made.password = password
    controller = Controller(made.clock, seed=f"{name}/{seed}", **settings)
    controller.hosts = list(hosts)
    install(controller)
    _register(controller)
    made.manage(controller)
    return made


def _register(controller: Controller) -> None:
    """Register every host as a server, as the deployment of a Network Controller does."""
    usual, controller.seconds = controller.seconds, 0.0
    if controller.hosts:
        controller.put(f"/credentials/{CREDENTIAL}", {"properties": {"type": "X509Certificate", "value": "0" * 40}})
    for host in controller.hosts:
        connection = {
            "managementAddresses": [host.name],
            "credential": {"resourceRef": f"/credentials/{CREDENTIAL}"},
            "credentialType": "X509Certificate",
        }
        controller.put(f"/servers/{host.name}", {"properties": {"connections": [connection]}})
    controller.seconds = usual


def variables(server: SdnServer, certificate: str, key: str, authority: str) -> dict[str, str | list[str]]:
    """Return the inventory's variables of a management host; the files are given by their names in the inventory."""
    return {
        "sdn_rest_url": server.url,
        "sdn_node_urls": [node.url for node in server.nodes],
        "sdn_ca_file": authority,
        "sdn_client_certificate": certificate,
        "sdn_client_key": key,
        "sdn_certificate_thumbprint": server.thumbprint,
    }
