"""Reading the facts and the state of one host."""
