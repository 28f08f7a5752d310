"""The Host Networking Service: v1 documents over HNSCall, and HCN over the same state."""
