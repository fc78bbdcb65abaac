"""The stand-in for Spotify on a fixed port, with a login in the state folder, until it is ended.

python spotify.py PORT STATE
"""

import signal
import sys
from pathlib import Path

from device.simulation.spotify import SpotifyStandIn

with SpotifyStandIn(port=int(sys.argv[1])) as spotify:
    spotify.account(Path(sys.argv[2]) / "token.json")
    signal.pause()
