"""PSRP over WinRM on one event loop: a core without sockets, HTTP by httptools, logon and encryption by pyspnego."""
