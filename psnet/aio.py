"""psnet for programs with an event loop of their own: ``import psnet.aio``.

``async with psnet.aio.connect("psrp://admin@web01") as host: await host.apply(site)``; a fleet is done at the same time
with ``await asyncio.gather(*(host.plan(site) for host in psnet.aio.hosts("hosts.yaml", "web*")))``.
"""

from psnet.api.asynchronous import AsyncHost, connect, hosts

__all__ = ["AsyncHost", "connect", "hosts"]
