"""The appliance: the state machine, the daemon that carries it out, and what both report."""
