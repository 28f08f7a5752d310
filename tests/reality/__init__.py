"""Recordings of real hosts, and what the lab makes of them."""
