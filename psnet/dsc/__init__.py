"""Desired State Configuration: the declaration as MOF documents."""
