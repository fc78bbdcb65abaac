"""Writes the configuration again and again, as `emotify speakers --use` does once."""

from itertools import cycle
from pathlib import Path

from device.config import edit

for words in cycle(["spiders", "divorce"]):
    edit.write(Path("/etc/emotify/config.toml"), "playlists", "avoid", words)
