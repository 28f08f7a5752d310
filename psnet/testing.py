"""Pytest plug-in of psnet; simulated hosts as fixtures."""
