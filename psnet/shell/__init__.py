"""Interactive use: fleets, hosts and their things as objects, cmdlets as methods."""
