"""Prometheus metrics of ``psnet watch``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Info, generate_latest, start_http_server

from psnet._internal.output import write_whole
from psnet._internal.text import printable
from psnet._internal.version import VERSION
from psnet.errors import InputError
from psnet.journal.drift import pending_by_host

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from psnet.journal import RunRecord


class Metrics:
    """What the last round found. Only hosts that need changes have a series of their own, so that there are few."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._hosts = self._gauge("psnet_hosts", "Hosts that are watched.")
        self._drifted = self._gauge("psnet_drifted_hosts", "Hosts that are not as declared.")
        self._lost = self._gauge("psnet_failed_hosts", "Hosts that could not be planned for.")
        self._pending = Gauge(
            "psnet_changes_pending", "Changes that a host needs; no series: none.", ["host"], registry=self.registry
        )
        self._time = self._gauge("psnet_last_run_timestamp_seconds", "When the last round ended.")
        self._duration = self._gauge("psnet_last_run_duration_seconds", "How long the last round took.")
        Info("psnet", "The psnet that says so.", registry=self.registry).info({"version": VERSION})
        self._runs = Counter("psnet_runs", "Rounds that were made.", registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)

    def update(self, record: RunRecord, seconds: float) -> None:
        """Set the metrics of a finished round of ``psnet watch``; ``seconds`` is its duration."""
        counts = record.counts()
        pending = pending_by_host(record)
        self._hosts.set(len(record.hosts))
        self._drifted.set(counts.get("planned", 0))
        self._lost.set(len(record.hosts) - counts.get("planned", 0) - counts.get("unchanged", 0))
        self._pending.clear()
        for host, number in pending.items():
            self._pending.labels(printable(host)).set(number)
        self._time.set(datetime.fromisoformat(str(record.run["ended"])).timestamp())
        self._duration.set(seconds)
        self._runs.inc()

    def text(self) -> str:
        """Return them in the text format of Prometheus."""
        return generate_latest(self.registry).decode("utf-8")

    def write(self, path: Path) -> None:
        """Write them whole, for the textfile collector of node_exporter; others may read them."""
        write_whole(path, self.text(), public=True)


class MetricsServer:
    """Serves metrics over HTTP at ``HOST:PORT`` (or ``:PORT``, this machine only), as a context manager."""

    def __init__(self, metrics: Metrics, place: str) -> None:
        host, _, port = place.rpartition(":")
        if not port.isdecimal():
            raise InputError(f"--metrics {place} is no address", remedy="write HOST:PORT, such as 127.0.0.1:9105")
        try:
            self._server, self._thread = start_http_server(
                int(port), addr=host.strip("[]") or "127.0.0.1", registry=metrics.registry
            )
        except (OSError, OverflowError) as error:
            raise InputError(f"--metrics {place}: {error}", remedy="choose another address or port") from None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
