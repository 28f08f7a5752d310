"""What the engine and a host agree upon: files, programs, native types, the questions the engine asks of a host."""
