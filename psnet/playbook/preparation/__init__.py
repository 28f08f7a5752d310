"""psnet play: finding ansible-core, setting it up, and what can be said of a playbook before it runs."""
