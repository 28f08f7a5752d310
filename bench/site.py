"""The site that the measured hosts have."""

from __future__ import annotations

from psnet.site import parse_site

#: The site as its file has it.
TEXT = """
name: bench
nats:
  - {name: web, prefix: 172.20.0.0/24, switch: web}
nat_static_mappings:
  - {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
  - {name: https, network: web, protocol: TCP, external_port: 8443, internal_address: 172.20.0.10, internal_port: 443}
firewall_rules:
  - {name: bench-ping, display_name: ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""

SITE = parse_site(TEXT).for_host("any")
