"""PSRP: runspace pools and pipelines on the server side."""
