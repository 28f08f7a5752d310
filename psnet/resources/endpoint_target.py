"""Which endpoint of a host a declaration means: by the endpoint's name, or its container, pod, label or address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from psnet.resources.base import Context, Finding, Identity, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import ContainerState, EndpointState

_SHORT: Final = 12
_KINDS: Final = ("endpoint", "container", "pod", "label", "address")
_SHOWN: Final = 12
_PREFIX: Final = "|".join(_KINDS)
TargetName = Annotated[
    str,
    Field(min_length=1, max_length=300, pattern=rf"^((?:{_PREFIX}):)?[A-Za-z0-9][A-Za-z0-9_. :/=-]*$"),
]


def matching_endpoints(word: str, context: Context) -> tuple[EndpointState, ...]:
    """Return every endpoint on the host that a word means, those of other hosts left out.

    A plain word is the name of an endpoint, a container's name or id (or its first 12 digits), a pod's name, alone or
    behind its namespace (``shop/web``), or an address. ``container:``, ``pod:``, ``label:KEY=VALUE``, ``address:`` and
    ``endpoint:`` in front say which.
    """
    kind, _, rest = word.partition(":")
    if kind not in _KINDS or not rest:
        kind, rest = "", word
    return context.cached(f"endpoints of {kind}:{rest}", lambda: tuple(_matching(kind, rest, context)))


def _matching(kind: str, word: str, context: Context) -> Iterator[EndpointState]:
    declared = context.find(Identity("endpoint", word)) if kind in ("", "endpoint") else None
    word = word.lower()
    ids: set[str] = set()
    for container in context.state.containers:
        if _means(kind, word, container):
            ids.update(each.lower() for each in container.endpoints)
    for item in context.state.endpoints:
        named = kind in ("", "endpoint") and item.name.lower() == word
        if declared is not None:  # a plan's own endpoint goes by its name alone
            if named and item.owner is None:
                yield item
            continue
        held = kind in ("", "container") and any(
            word in (each.lower(), each[:_SHORT].lower()) for each in item.containers
        )
        addressed = kind in ("", "address") and item.address == word
        if not item.remote and (named or held or addressed or item.id.lower() in ids):
            yield item


def _means(kind: str, word: str, item: ContainerState) -> bool:
    if kind in ("", "container") and word in (item.name.lower(), item.id.lower(), item.id[:_SHORT].lower()):
        return True
    pods = (f"{item.pod}".lower(), f"{item.pod_namespace}/{item.pod}".lower())
    if kind in ("", "pod") and item.pod and word in pods:
        return True
    if kind == "label":
        key, equals, value = word.partition("=")
        return any(name.lower() == key and (not equals or text.lower() == value) for name, text in item.labels.items())
    return False


def find_endpoint(word: str, context: Context) -> EndpointState | None:
    """Return the one endpoint that a word means; None when there is none, or several."""
    found = matching_endpoints(word, context)
    return found[0] if len(found) == 1 else None


def endpoint_reference(word: str, context: Context) -> str:
    """Return how a script finds an endpoint on the host: by the id that HNS gave it, or the name that it will have.

    Names are not unique on a host (claim c60); an endpoint that psnet makes may get a new id along with the change.
    """
    found = find_endpoint(word, context)
    plain = word.removeprefix("endpoint:")
    declared = context.find(Identity("endpoint", plain)) is not None
    return plain if found is None or declared else found.id


def check_target(resource: Resource, word: str, context: Context) -> Iterator[Finding]:
    """Yield a refusal that lists the candidates when no endpoint is meant, or several are."""
    if context.find(Identity("endpoint", word.removeprefix("endpoint:"))) is not None:
        return
    found = matching_endpoints(word, context)
    if len(found) == 1:
        return
    if found:
        listed = "; ".join(describe(item, context) for item in found[:_SHOWN])
        yield Finding(
            id="endpoint-ambiguous",
            severity="error",
            resource=str(resource.identity),
            reason=f"{word} means {len(found)} endpoints: {listed}",
            remedy="say which: container:NAME, pod:NAMESPACE/NAME, address:ADDRESS or a container's id",
            source="claim c60",
        )
        return
    there = [item for item in context.state.endpoints if not item.remote]
    names = "; ".join(describe(item, context) for item in there[:_SHOWN]) or "none"
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    plain = word.partition(":")[0] not in _KINDS
    yield Finding(
        id="endpoint-missing",
        severity="error",
        resource=str(resource.identity),
        reason=f"no endpoint, container or pod {word} is declared or on the host",
        remedy=(f"{context.did_you_mean('endpoint', word)}declare endpoints: - name: {word}; " if plain else "")
        + f"on the host there are: {names}{more}",
    )


def describe(item: EndpointState, context: Context) -> str:
    """Return an endpoint as its candidates are listed: what people call its containers, its address, its network."""
    held = [each for each in context.state.containers if item.id in each.endpoints]
    pods = {f"pod:{each.pod_namespace}/{each.pod}" for each in held if each.pod}
    names = sorted(pods) or [f"container:{each.name}" for each in held]
    called = ", ".join(names) or (f"container:{item.containers[0][:_SHORT]}" if item.containers else item.name)
    return f"{called} ({item.address or 'no address'} on {item.network})"
