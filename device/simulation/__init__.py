"""A complete second implementation of everything at the edge: the house without the hardware."""
