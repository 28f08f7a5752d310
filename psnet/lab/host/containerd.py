"""containerd on a simulated host: containers of nerdctl and pods of a kubelet, over CNI (reference: cni.md).

No recording of its programs on Windows exists: the forms of their listings come from their source.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.host import cni
from psnet.lab.host.hns import namespaces
from psnet.lab.host.images import IMAGE, listens_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.lab.host.model import Host

KUBERNETES: Final = "k8s.io"
PAUSE: Final = "mcr.microsoft.com/oss/kubernetes/pause:3.9"
FOLDER: Final = "C:\\Program Files\\containerd"
NERDCTL: Final = "C:\\Program Files\\nerdctl"


@dataclass(slots=True)
class Task:
    """A running container of containerd; ``sandbox`` is the id of its pod's pause container, its own for that one.

    ``space`` is containerd's namespace, ``netns`` the GUID of its network namespace, ``endpoint`` its HNS endpoint.
    """

    id: str
    name: str
    space: str
    image: str
    netns: str
    endpoint: str
    isolation: str = "process"
    labels: dict[str, str] = field(default_factory=dict)
    ports: tuple[tuple[int, int, str], ...] = ()
    sandbox: str = ""
    attempt: int = 0

    @property
    def is_sandbox(self) -> bool:
        """Whether it is a pod's pause container."""
        return bool(self.sandbox) and self.sandbox == self.id


class Containerd:
    """containerd of one host: ``tasks`` are the running containers by their id."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.tasks: dict[str, Task] = {}
        for name in cni.PLUGINS:
            host.files.write_text(f"{cni.BIN}\\{name}.exe", "MZ")
        names = ("ctr", "containerd", "crictl")
        for path in (*(f"{FOLDER}\\{name}.exe" for name in names), f"{NERDCTL}\\nerdctl.exe"):
            host.files.write_text(path, "MZ")

    def _id(self, word: str) -> str:
        return hashlib.sha256(f"{self._host.name}/{self._host.seed}/containerd/{word}".encode()).hexdigest()

    def run(
        self,
        name: str,
        *,
        network: str = "nat",
        space: str = "default",
        image: str = IMAGE,
        isolation: str = "process",
        ports: Sequence[tuple[int, int, str]] = (),
        labels: Mapping[str, str] | None = None,
        listens: Sequence[tuple[str, int]] | None = None,
    ) -> Task:
        """Do what nerdctl run does: a network namespace, CNI's ADD, the container with nerdctl's labels.

        Without ``listens`` it listens where its image does and on the published ports. Without a conflist for the
        network ``nat`` nerdctl writes its own first. Raises LabError for what is refused.
        """
        if any(item.name == name and item.space == space for item in self.tasks.values()):
            raise LabError(f'name "{name}" is already used')
        document = self._conflist(network, space)
        published = tuple(ports)
        identifier = self._id(f"{space}/{name}")
        netns = namespaces.create(self._host.hns, (2, 0))
        endpoint = cni.add(self._host, document, identifier, netns, published)
        endpoint.containers.append(identifier)  # rule: hns-shared-containers
        netns.containers.append(identifier)
        said = [
            {"HostPort": outer, "ContainerPort": inner, "Protocol": word, "HostIP": "0.0.0.0"}  # noqa: S104 - nerdctl's own
            for outer, inner, word in published
        ]
        # rule: nerdctl-labels
        own = {
            "nerdctl/name": name,
            "nerdctl/namespace": space,
            "nerdctl/networks": json.dumps([network]),
            "nerdctl/network-namespace": netns.id,
            "nerdctl/platform": "windows/amd64",
        } | ({"nerdctl/ports": json.dumps(said, separators=(",", ":"))} if said else {})
        made = Task(
            identifier, name, space, image, netns.id, endpoint.id, isolation, {**(labels or {}), **own}, published
        )
        self.tasks[identifier] = made
        self._host.listening[identifier] = listens_on(image, published) if listens is None else tuple(listens)
        return made

    def _conflist(self, network: str, space: str) -> dict[str, Any]:
        # rule: nerdctl-reads-all
        found = None
        for folder in (cni.CONF, f"{cni.CONF}\\{space}"):
            for _, document in cni.conflists(self._host, folder):
                found = document if document.get("name") == network else found
        if found is not None:
            return found
        if network != "nat":
            raise LabError(f'network "{network}" not found')
        # rule: nerdctl-default-conflist
        document = {
            "cniVersion": "1.0.0",
            "name": "nat",
            "nerdctlID": hashlib.sha256(b"nat").hexdigest(),
            "nerdctlLabels": {"nerdctl/default-network": "true"},
            "plugins": [
                {
                    "type": "nat",
                    "master": "Ethernet",
                    "ipam": {"type": "", "subnet": "10.4.0.0/24", "routes": [{"gateway": "10.4.0.1"}]},
                }
            ],
        }
        self._host.files.write_text(f"{cni.CONF}\\nerdctl-nat.conflist", json.dumps(document, indent=2))
        return document

    def run_pod(
        self,
        name: str,
        containers: Sequence[str] = ("app",),
        *,
        pod_namespace: str = "default",
        image: str = IMAGE,
        labels: Mapping[str, str] | None = None,
        ports: Sequence[tuple[int, int, str]] = (),
        isolation: str = "process",
        listens: Sequence[tuple[str, int]] | None = None,
    ) -> list[Task]:
        """Do what a kubelet does over CRI: a pause container with a network namespace, and containers that share it."""
        # rule: cri-first-file
        first = next(cni.conflists(self._host, cni.CONF), None)
        if first is None:
            raise LabError(f"cni plugin not initialized: no network config found in {cni.CONF}")
        published = tuple(ports)
        sandbox = self._id(f"pod/{pod_namespace}/{name}")
        netns = namespaces.create(self._host.hns, (2, 0))
        endpoint = cni.add(self._host, first[1], sandbox, netns, published)
        # rule: cri-labels
        own = {
            "io.kubernetes.pod.name": name,
            "io.kubernetes.pod.namespace": pod_namespace,
            "io.kubernetes.pod.uid": self._host.ids.guid(),
        }
        made = [
            Task(
                *(sandbox, name, KUBERNETES, PAUSE, netns.id, endpoint.id, isolation),
                {**(labels or {}), **own, "io.cri-containerd.kind": "sandbox"},
                published,
                sandbox,
            )
        ]
        for word in containers:
            mine = {**own, "io.kubernetes.container.name": word, "io.cri-containerd.kind": "container"}
            identifier = self._id(f"pod/{pod_namespace}/{name}/{word}")
            made.append(
                Task(identifier, word, KUBERNETES, image, netns.id, endpoint.id, isolation, mine, published, sandbox)
            )
        for item in made:
            endpoint.containers.append(item.id)  # rule: hns-shared-containers
            netns.containers.append(item.id)
            self.tasks[item.id] = item
        self._host.listening[made[-1].id] = listens_on(image, published) if listens is None else tuple(listens)
        return made

    def stop(self, name: str) -> None:
        """Stop a container of nerdctl or a whole pod: CNI's DEL takes the endpoint, the network namespace goes."""
        gone = [item for item in self.tasks.values() if item.name == name]
        if not gone:
            raise LabError(f"no container {name} runs on {self._host.name}")
        spaces = {item.netns for item in gone}
        for item in [each for each in self.tasks.values() if each.netns in spaces]:
            cni.delete(self._host, item.endpoint)
            del self.tasks[item.id]
            self._host.listening.pop(item.id, None)
        self._host.hns.namespaces[:] = [item for item in self._host.hns.namespaces if item.id not in spaces]

    def restart(self) -> None:
        """Forget what ran before the host's restart."""
        self.tasks.clear()
        self._host.hns.namespaces.clear()
