"""From a table of tracks to the file of music that the device chooses from.

Runs in a process of its own: it needs scikit-learn, which the daemon never imports.
"""
