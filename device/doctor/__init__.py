"""`emotify doctor`: checks of everything that a round needs, from the configuration to the unit."""
