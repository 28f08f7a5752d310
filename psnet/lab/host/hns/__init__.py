"""The Host Networking Service."""
