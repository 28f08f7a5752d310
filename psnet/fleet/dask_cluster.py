"""Connect to a Dask cluster: address, TLS, the workers' versions and resources, and which values may be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import SecretStr

from psnet._internal.version import VERSION
from psnet.errors import InputError
from psnet.inventories.vault import Vaulted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from distributed import Client

    from psnet.inventories import InventoryHost

_CONNECT: Final = "20s"


def refuse_secrets(hosts: Sequence[InventoryHost]) -> None:
    """Raise InputError that names the hosts whose secrets would be sent to a cluster without TLS."""
    held = [host.name for host in hosts if contains_secret(host.connection) or contains_secret(host.variables)]
    if held:
        raise InputError(
            f"the secrets of {', '.join(held[:5])}{' and more' if len(held) > 5 else ''} would travel in the clear",  # noqa: PLR2004 - a few names
            remedy="use dask+tls://, or give the secrets by {env: NAME} or {file: PATH}, which workers read themselves",
        )


def contains_secret(value: Any) -> bool:
    """Say whether a value holds a secret itself, rather than where to read it. A vault is encrypted: it may travel."""
    if isinstance(value, SecretStr):
        return True
    if isinstance(value, Vaulted | str | int | float | bool | None):
        return False
    if isinstance(value, dict):
        return any(contains_secret(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(contains_secret(item) for item in value)
    names: Iterable[str] = getattr(type(value), "model_fields", getattr(type(value), "__dataclass_fields__", ()))
    return any(contains_secret(getattr(value, name)) for name in names)


def connect(scheme: str, place: str, query: dict[str, list[str]]) -> Client:
    """Return a client of the scheduler at ``place`` (host:port). Raises InputError when it cannot be reached."""
    try:
        from distributed import Client, Security  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError("--executor dask needs Dask", remedy="pip install 'psnet[dask]'") from None
    try:
        if scheme == "dask":
            return Client(f"tcp://{place}", timeout=_CONNECT, set_as_default=False)
        given = {
            f"tls_{name}": query[key][-1]
            for key, name in (("ca", "ca_file"), ("cert", "client_cert"), ("key", "client_key"))
            if key in query
        }
        security = Security(require_encryption=True, **given)
        return Client(f"tls://{place}", timeout=_CONNECT, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise InputError(
            f"the Dask scheduler at {place} cannot be reached: {error or type(error).__name__}",
            remedy="check address and port; dask+tls takes ?ca=FILE&cert=FILE&key=FILE, else Dask's own configuration",
        ) from None


def resources_of(texts: Sequence[str]) -> dict[str, float]:
    """Return Dask's abstract resources for ``NAME=N,NAME=N``. Raises InputError for what is no such list."""
    try:
        pairs = [pair.rpartition("=") for text in texts for pair in text.split(",")]
        return {name: float(number) for name, _, number in pairs}
    except ValueError:
        raise InputError(
            f"resources={','.join(texts)} is no list of Dask resources", remedy="write ?resources=NAME=N,NAME=N"
        ) from None


def check_versions(client: Client, address: str) -> None:
    """Raise InputError unless there are workers, all with psnet as it is here."""
    remedy = "install the same psnet on every worker"
    workers = cast("dict[str, Any]", client.get_versions(packages=["psnet"]))["workers"]
    if not workers:
        raise InputError(f"{address} has no workers", remedy="start some: dask worker ADDRESS")
    for worker, said in workers.items():
        version = said["packages"]["psnet"] if isinstance(said, dict) else None
        if version is None:
            raise InputError(f"psnet cannot be used on the worker {worker}: it is not installed there", remedy=remedy)
        if version != VERSION:
            raise InputError(f"the worker {worker} has psnet {version}, this is {VERSION}", remedy=remedy)
