"""From recordings to the emotion model that the device runs."""
