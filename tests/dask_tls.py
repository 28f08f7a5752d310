"""A Dask cluster behind TLS with a client's certificate."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def tls_cluster(folder: Path) -> Iterator[str]:
    """Start two worker processes; yield the address for ``--executor``, with the certificates kept in a folder."""
    from distributed import LocalCluster, Security

    security = Security.temporary()
    for name, text in (
        ("ca", security.tls_ca_file),
        ("cert", security.tls_client_cert),
        ("key", security.tls_client_key),
    ):
        (folder / name).write_text(str(text), encoding="utf-8")
    query = "&".join(f"{name}={folder / name}" for name in ("ca", "cert", "key"))
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        security=security,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tls://",
    ) as running:
        yield f"dask+tls://{running.scheduler_address.removeprefix('tls://')}?{query}"
