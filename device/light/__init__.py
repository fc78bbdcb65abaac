"""The light: an RGB LED that shows the state, the mood and the faults."""
