"""PSRP over WinRM on one event loop: a core without sockets, HTTP by h11, logon and encryption by pyspnego."""
