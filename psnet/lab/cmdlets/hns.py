"""The inbox module HostNetworkingService, from 1709 on: Get- and Remove-Hns* (it never had New-)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.json import from_json
from psnet.lab.dotnet.tostring import member_value, to_string
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext


def _call(ctx: CmdletContext, method: str, path: str) -> Any:
    answer = json.loads(ctx.host.hns.call(method, path, ""))
    if not answer["Success"]:
        raise HostRefusal("HnsFailed", answer["Error"], "NotSpecified", "System.Exception")
    return answer.get("Output")


def _get(ctx: CmdletContext, p: Parameters, kind: str) -> Iterator[Any]:
    only(p, "Id")
    found = _call(ctx, "GET", f"/{kind}/{p.get('Id') or ''}")
    for item in found if isinstance(found, list) else [found]:
        yield from_json(json.dumps(item), language=ctx.runspace.language)


def _remove(ctx: CmdletContext, p: Parameters, kind: str) -> Iterator[Any]:
    only(p, "InputObjects")
    for item in p.list("InputObjects") or []:
        member = item.members.get("id") if isinstance(item, PSObject) else None
        if member is None:
            raise UnsupportedError(f"an object without an ID for {ctx.processor.command_name}")
        _call(ctx, "DELETE", f"/{kind}/{to_string(member_value(item, member))}")
    yield from ()


@cmdlet("Get-HnsNetwork")
def get_hns_network(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return networks as HNS v1 has them."""
    yield from _get(ctx, p, "networks")


@cmdlet("Get-HnsEndpoint")
def get_hns_endpoint(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return endpoints."""
    yield from _get(ctx, p, "endpoints")


@cmdlet("Get-HnsPolicyList")
def get_hns_policy_list(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return policy lists."""
    yield from _get(ctx, p, "policylists")


@cmdlet("Remove-HnsNetwork")
def remove_hns_network(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove networks."""
    yield from _remove(ctx, p, "networks")


@cmdlet("Remove-HnsEndpoint")
def remove_hns_endpoint(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove endpoints."""
    yield from _remove(ctx, p, "endpoints")


@cmdlet("Remove-HnsPolicyList")
def remove_hns_policy_list(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Remove policy lists."""
    yield from _remove(ctx, p, "policylists")
