"""What Windows below the container networks does: firewall policy, switch extensions, links, addresses, hypervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.resources import Finding
from psnet.resources.firewall_rule import PSNET_GROUP
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import HostState, NetworkState, SwitchExtension

#: VFP's ids (claim c55), and the word in its name, which is there from 1803 on and is not translated (record a07).
_VFP: Final = ("e9b59cfa-2be1-4b21-828f-b6fbdbddc017", "f74f241b-440f-4433-bb28-00f89ead20d8")
_ON_VFP: Final = ("l2bridge", "l2tunnel", "overlay")
_BUILD_1709: Final = 16299
_NO_LINK: Final = ("disconnected", "disabled", "not present")
_LINK_LOCAL: Final = "169.254."
_NAME_TAKEN: Final = "803b0010"
_DEFAULT_SWITCH: Final = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"
#: Clouds whose networks carry no frames of MAC addresses that they did not give out.
_CLOUDS: Final = ("AWS", "Google Cloud", "Alibaba Cloud", "OpenStack")


def examine_windows(state: HostState) -> Iterator[Finding]:
    """Yield what policy, switches, NICs and the hypervisor do to container networks."""
    yield from _policy(state)
    yield from _extensions(state)
    yield from _links(state)
    yield from _addresses(state)
    yield from _hypervisor(state)
    yield from _rule_types(state)
    yield from _names(state)
    yield from _unread(state)


def _policy(state: HostState) -> Iterator[Finding]:
    """Yield profiles in which rules that are set on the host count for nothing."""
    mine = [rule for rule in state.rules if rule.group == PSNET_GROUP and rule.enabled]
    nats = [item.name for item in state.networks if item.mode in (Mode.NAT, "ics")]
    for profile in state.health.profiles if state.health else ():
        if not profile.enabled:
            continue
        lost = [rule.name for rule in mine if "Any" in str(rule.profiles) or profile.name in str(rule.profiles)]
        if not profile.local_rules or not profile.inbound_rules:
            what = "applies no local firewall rules" if not profile.local_rules else "lets no inbound rule count"
            hit = f"{len(lost)} rules of psnet" if lost else "rules that are set on the host"
            yield Finding(
                id="policy-voids-rules",
                severity="error" if lost or nats else "warning",
                reason=f"the {profile.name} profile {what} (Group Policy or MDM): {hit}, and those that HNS makes for "
                "DNS and DHCP of nat networks, are void in it",
                remedy="ask whoever keeps the policy: 'Apply local firewall rules' to Yes for this profile, or the "
                "same rules in the policy itself",
                source="claim c96; docker/for-win#12517; microsoft/hcsshim#1287",
            )
        if profile.outbound == "Block" and nats:
            yield Finding(
                id="profile-not-for-containers",
                severity="info",
                reason=f"the {profile.name} profile blocks outbound traffic: that holds for the host and not for the "
                f"containers on {', '.join(nats)}, whose traffic HNS governs",
                remedy="declare acls: for the endpoints, with an Allow and a Block of direction Out",
                source="microsoft/Windows-Containers#617",
            )


def _vfp(item: SwitchExtension) -> bool:
    return item.id.lower().strip("{}") in _VFP or "vfp" in item.name.lower()


def _extensions(state: HostState) -> Iterator[Finding]:
    """Yield switches of networks that VFP carries and on which it is off."""
    networks = {item.name.lower(): item for item in state.networks if str(item.mode).lower() in _ON_VFP}
    for item in state.health.extensions if state.health and state.facts.build >= _BUILD_1709 else ():
        network = networks.get(item.switch.lower())
        if network is not None and _vfp(item) and not item.enabled:
            yield Finding(
                id="vfp-off",
                severity="error",
                resource=f"container_network {network.name}",
                reason=f"the extension {item.name or 'VFP'} is off on the switch {item.switch}: a {network.mode} "
                "network has no ACLs, load balancers, routes and NAT without it",
                remedy=f"Enable-VMSwitchExtension -VMSwitchName '{item.switch}' -Name '{item.name or item.id}'",
                source="claim c56",
            )


def _links(state: HostState) -> Iterator[Finding]:
    """Yield NICs without a link that a switch or the default route needs."""
    bound = {item.adapter: item.name for item in state.switches if item.adapter}
    named = {item.adapter.lower(): item.name for item in state.networks if item.adapter}
    for adapter in state.adapters:
        if adapter.status.lower() not in _NO_LINK or adapter.virtual:
            continue
        user = bound.get(adapter.description) or named.get(adapter.name.lower())
        if user is None and adapter.name not in state.uplinks:
            continue
        what = f"the virtual switch {user} is bound to it" if user else "the default route leads over it"
        yield Finding(
            id="no-link",
            severity="error",
            resource=f"container_network {user}" if user else None,
            reason=f"the adapter {adapter.name} is {adapter.status}, and {what}",
            remedy=f"Enable-NetAdapter -Name '{adapter.name}'"
            if adapter.status.lower() == "disabled"
            else "plug it in, or look at its port on the physical switch or the hypervisor",
            source="Get-NetAdapter, Status",
        )


def _addresses(state: HostState) -> Iterator[Finding]:
    """Yield interfaces in use whose address Windows gave itself."""
    up = {item.name for item in state.adapters if item.status.lower() == "up"}
    for item in state.addresses:
        own = item.origin in ("", "WellKnown")  # one that somebody set is meant: cloud agents do so
        if not item.address.startswith(_LINK_LOCAL) or not own or item.interface not in up:
            continue
        yield Finding(
            id="link-local-address",
            severity="warning",
            reason=f"{item.interface} has {item.address}: DHCP did not answer, or a switch took its static address",
            remedy=f"Get-NetIPInterface -InterfaceAlias '{item.interface}' says whether it is for DHCP; a static "
            "address is set again with New-NetIPAddress",
            source="claim c33",
        )


def _hypervisor(state: HostState) -> Iterator[Finding]:
    name = state.facts.hypervisor
    for item in state.networks if name in _CLOUDS else ():
        if item.mode == Mode.TRANSPARENT and item.name != "Default Switch" and _with_endpoints(item, state):
            yield Finding(
                id="transparent-in-cloud",
                severity="warning",
                resource=f"container_network {item.name}",
                reason=f"the host is a virtual machine of {name} ({state.facts.manufacturer} {state.facts.model}): its "
                "network carries no frames of MAC addresses that it did not give out, such as those of containers",
                remedy="use nat; or l2bridge with addresses that the cloud routes to this machine",
                source="hns.md, Network types and Limits; that each of these clouds filters is a guess",
            )


def _with_endpoints(network: NetworkState, state: HostState) -> bool:
    return any(item.network.lower() == network.name.lower() and not item.remote for item in state.endpoints)


def _rule_types(state: HostState) -> Iterator[Finding]:
    """Yield ACLs whose rules nothing enforces: VFP's on switches where it is off."""
    modes = {item.name.lower(): str(item.mode).lower() for item in state.networks}
    for item in state.endpoints:
        mode = modes.get(item.network.lower(), "")
        acls = [one for one in item.policies if one.get("Type") == "ACL" and one.get("RuleType") == "Switch"]
        if mode in ("nat", "transparent") and acls:
            yield Finding(
                id="acl-not-enforced",
                severity="warning",
                resource=f"endpoint {item.name}",
                reason=f"{len(acls)} ACL(s) of {item.name} have the rule type Switch, which VFP enforces; it "
                f"is off on {mode} networks",
                remedy="declare rule_type: Host: those are filters of the Windows Filtering Platform for this endpoint "
                "alone; profiles and rules of the Windows Firewall neither open nor close them",
                source="hcsshim hcn/hcnpolicy.go; claim c56; microsoft/Windows-Containers#617",
            )


def _names(state: HostState) -> Iterator[Finding]:
    """Yield names that HNS holds without listing a network of that name."""
    listed = {item.name.lower() for item in state.networks} | {item.id.lower() for item in state.networks}
    made = {str(entry.get("switch")).lower() for key, entry in state.ledger.items() if key.startswith("nat/")}
    refused = any(_NAME_TAKEN in text.lower() for text in (state.health.hns_refusals if state.health else ()))
    held = [
        item
        for item in (state.switches if state.facts.has_hns and state.health else ())
        if not {item.name.lower(), item.id.lower()} & listed
        and item.name.lower() not in made
        and item.id.lower() != _DEFAULT_SWITCH
    ]
    for item in held:
        yield Finding(
            id="name-held",
            severity="warning" if refused else "info",
            reason=f"the virtual switch {item.name} carries no network that HNS lists, and its name is taken: a "
            "network of that name is refused (0x803b0010)" + (", as HNS's log says" if refused else ""),
            remedy="leave it when it was made by hand for virtual machines; one that a failed creation or docker left "
            f"goes with Remove-VMSwitch -Name '{item.name}'",
            source="claims c84, c132; record q06",
        )
    if refused and not held:
        yield Finding(
            id="name-held",
            severity="info",
            reason="HNS refused a network whose name it holds already (0x803b0010 in its log), and lists none that "
            "explains it"
            if not state.networks
            else "HNS refused a network whose name it holds already (0x803b0010)",
            remedy="choose another name; networks that HNS hides (such as WSL's) are shown by hnsdiag list networks -d",
            source="claim c84; microsoft/hcsshim#850; microsoft/WSL#11811",
        )
    there = {item.id.lower() for item in state.networks}
    for network in state.docker_networks if there else ():
        if network.hns_id.lower() not in there:
            yield Finding(
                id="docker-network-lost",
                severity="warning",
                reason=f"docker has the network {network.name}, and HNS has none with its id {network.hns_id}: its "
                "containers do not start",
                remedy=f"Restart-Service docker makes docker look anew; else docker network rm {network.name} and make "
                "it and its containers again",
                source="claim c133; records q06, q07",
            )


def _unread(state: HostState) -> Iterator[Finding]:
    for part, reason in (state.health.unread if state.health else {}).items():
        yield Finding(
            id="not-read",
            severity="info",
            reason=f"{part} could not be read: {reason}",
            remedy="the findings that rest on it are missing; is the account an administrator?",
        )
