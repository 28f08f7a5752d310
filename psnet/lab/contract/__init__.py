"""The interface between the engine and a host: files, programs, native types, and what the engine asks of a host."""
