"""The site that the measured hosts have."""

from __future__ import annotations

from psnet.site import parse_site

SITE = parse_site("""
name: bench
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24}
nat_static_mappings:
  - {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
""").for_host("any")
