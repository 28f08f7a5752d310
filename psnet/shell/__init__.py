"""psnet for people at a prompt: fleets, hosts and their things as objects, cmdlets as methods."""
