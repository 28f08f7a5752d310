"""Simulated Windows container hosts: a PowerShell engine, a host model and a WinRM endpoint."""
