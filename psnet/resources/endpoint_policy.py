"""What policies of an endpoint have in common: they belong to an endpoint, and replace those of their type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.endpoint import Endpoint, check_endpoint_backend
from psnet.resources.endpoint_creation import TYPES, declared_routes
from psnet.resources.endpoint_target import TargetName, check_target, endpoint_reference, find_endpoint
from psnet.resources.policy_text import plain_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import EndpointState


class EndpointPolicy(Resource):
    """Policies of one type on one endpoint; policies of other types stay as they are."""

    policy_type: ClassVar[str]

    endpoint: TargetName = Field(
        description="an endpoint, container or pod by name, a container's id, or an address; with container:, pod:, "
        "label:KEY=VALUE, address: or endpoint: in front, that alone"
    )

    @property
    def identity(self) -> Identity:
        """The endpoint: it has one set of policies of each type."""
        return Identity(self.kind, self.endpoint)

    def requires(self) -> tuple[Identity, ...]:
        """Return the endpoint, for those that psnet makes itself."""
        return (Identity(Endpoint.kind, self.endpoint.removeprefix("endpoint:")),)

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the endpoint: its policies go with it."""
        return self.requires()

    def policies_of(self, endpoint: EndpointState) -> list[dict[str, Any]]:
        """Return the policies of this type that an endpoint has."""
        if self.policy_type == "ROUTE":
            return declared_routes(endpoint)
        return [item for item in endpoint.policies if item.get("Type") == self.policy_type]

    def policies(self) -> list[dict[str, Any]]:
        """Return the policies as HNS v1 writes them (reference: hns.md, Bodies that work)."""
        raise TypeError(f"{type(self).__name__} has no policies")

    def policies_on(self, context: Context) -> list[dict[str, Any]]:
        """Return the policies in the form that this host's HNS version accepts."""
        _ = context
        return self.policies()

    def observe(self, context: Context) -> Observed | None:
        """Compare the endpoint's policies of this type with the declared ones, in their order."""
        found = find_endpoint(self.endpoint, context)
        if found is None:
            return None
        present = self.policies_of(found)
        if not present:
            return None
        gone = {"id": found.id, "name": endpoint_reference(self.endpoint, context)}
        wanted = self.policies_on(context)
        differs = [plain_policy(item) for item in present] != [plain_policy(item) for item in wanted]
        change = FieldChange(field="policies", old=present, new=wanted)
        return Observed(
            differences=(change,) if differs else (),
            replace=False,
            goes_along=self.with_endpoint(context),
            remove=gone,
            remove_all=gone,
        )

    def with_endpoint(self, context: Context) -> bool:
        """Say whether it goes into the create document of its endpoint: that of a declared one, for such a kind."""
        return self.kind in TYPES and context.find_named(*self.requires()[0]) is not None

    def folder(self, context: Context) -> str:
        """Return the folder of its templates: set on an endpoint that is there, or made with it."""
        return "endpoint" if self.with_endpoint(context) else "any"

    def delivery_description(self, context: Context) -> str:
        """Return how the policies reach the endpoint: set on it, or created with it."""
        return f"in the create document of {self.requires()[0]}" if self.with_endpoint(context) else ""

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it: its backend, its endpoint."""
        yield from check_endpoint_backend(self, self.kind, context)
        yield from check_target(self, self.endpoint, context)
        if self.kind in TYPES and not self.with_endpoint(context) and find_endpoint(self.endpoint, context) is not None:
            yield Finding(
                id="policy-after-creation",
                severity="info",
                resource=str(self.identity),
                reason="public code sends it when an endpoint is made and never later: that HNS carries it out on one "
                "that is there already is a guess",
                remedy="measure it once, or declare the endpoint",
                source="hcn.md 4",
            )

    def isolation(self, context: Context) -> str | None:
        """Return how the endpoint is attached on the host, None when it is not there."""
        found = find_endpoint(self.endpoint, context)
        return found.kind if found else None

    def network_mode(self, context: Context) -> str | None:
        """Return the mode of the endpoint's network."""
        found = find_endpoint(self.endpoint, context)
        declared = context.find(self.requires()[0])
        name = found.network if found else getattr(declared, "network", None)
        wanted = context.network(name) if name else None
        if wanted is not None:
            return str(wanted.mode)
        network = context.find(Identity("container_network", name)) if name else None
        return str(getattr(network, "mode", "")) or None

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its place on the endpoint: a container's name and its id are one endpoint."""
        found = find_endpoint(self.endpoint, context)
        yield Claim(
            f"{self.policy_type} policies",
            "of",
            (found.id if found else self.endpoint.removeprefix("endpoint:")).lower(),
        )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        return {
            "name": endpoint_reference(self.endpoint, context),
            "type": self.policy_type,
            "policies": self.policies_on(context),
        }

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record that psnet set them."""
        return {"endpoint": self.endpoint}
