"""The stand-in for Spotify on a fixed port, until it is ended.

python spotify.py PORT [restricted] [slow-clock]

With "restricted" its speaker takes no commands, with "slow-clock" it says that it is three days
ago.
It logs in by itself, into /var/lib/emotify.
"""

import signal
import sys
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from device.simulation.spotify import SimulatedSpeaker, SpotifyStandIn

port, *faults = sys.argv[1:]
speaker = SimulatedSpeaker("Living room", restricted="restricted" in faults)
if "slow-clock" in faults:
    days_ago = formatdate(time.time() - 3 * 24 * 3600, usegmt=True)
    BaseHTTPRequestHandler.date_time_string = lambda *_: days_ago
with SpotifyStandIn([speaker], port=int(port)) as spotify:
    spotify.account(Path("/var/lib/emotify/token.json"))
    signal.pause()
