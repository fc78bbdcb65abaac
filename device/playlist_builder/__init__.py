"""From a table of one's tracks to the file that the device selects playlists from.

It needs scikit-learn and matplotlib, so the daemon never imports it.
"""
