"""Service insertion: traffic of interfaces that an appliance sees, for example as a port mirror.

Fields: the page New-NetworkControllerServiceInsertion, and "Use Network Virtual Appliances on a virtual network".
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.base import SdnResource, child, ref, refuse_duplicates, without_nones
from psnet.sdn.values import ALL_PORTS, ANY, AclPorts, AclPrefix, AclProtocol, Name, port_range


class InsertionRule(Model):
    """Which traffic is meant (ServiceInsertionRuleProperties); ports and subnets left out: all."""

    name: Name
    protocol: AclProtocol = "All"
    source_ports: AclPorts = ALL_PORTS
    destination_ports: AclPorts = ALL_PORTS
    source_subnets: Annotated[tuple[AclPrefix, ...], Field(min_length=1)] = (ANY,)
    destination_subnets: Annotated[tuple[AclPrefix, ...], Field(min_length=1)] = (ANY,)
    description: str | None = Field(default=None, max_length=140)

    def rest(self) -> dict[str, Any]:
        """Return it as the REST API writes it: ports are text, as in the page's example."""
        (first, last), (low, high) = port_range(self.source_ports), port_range(self.destination_ports)
        return child(
            self.name,
            without_nones(
                description=self.description,
                protocol=self.protocol,
                sourcePortRangeStart=str(first),
                sourcePortRangeEnd=str(last),
                destinationPortRangeStart=str(low),
                destinationPortRangeEnd=str(high),
                sourceSubnets=list(self.source_subnets),
                destinationSubnets=list(self.destination_subnets),
            ),
        )


class InsertionElement(Model):
    """An interface of the appliance, in its place among them (ServiceInsertionElementProperties)."""

    name: Name
    interface: Name
    order: Annotated[int, Field(ge=1)]
    description: str | None = Field(default=None, max_length=140)

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        interface = ref(f"/networkInterfaces/{self.interface}")
        return child(
            self.name, without_nones(description=self.description, networkInterface=interface, order=self.order)
        )


class ServiceInsertion(SdnResource):
    """What an appliance sees of the IP configurations that name it; rules and elements that are not declared go."""

    kind: ClassVar[str] = "sdn_service_insertion"
    section: ClassVar[str] = "service_insertions"
    collection: ClassVar[str] = "serviceInsertions"
    noun: ClassVar[str] = "ServiceInsertion"

    priority: Annotated[int, Field(ge=1)]
    rules: Annotated[tuple[InsertionRule, ...], Field(min_length=1)]
    elements: Annotated[tuple[InsertionElement, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_duplicates((item.name for item in self.rules), "the rule")
        refuse_duplicates((item.name for item in self.elements), "the element")
        refuse_duplicates((str(item.order) for item in self.elements), "an element of the order")
        return self

    def title(self) -> str:
        """Return the name and where traffic goes."""
        return f"{self.name} -> {', '.join(item.interface for item in self.elements)}"

    def properties(self) -> dict[str, Any]:
        """Return ServiceInsertionProperties."""
        return {
            "priority": self.priority,
            "serviceInsertionRules": [item.rest() for item in self.rules],
            "serviceInsertionElements": [item.rest() for item in self.elements],
        }
