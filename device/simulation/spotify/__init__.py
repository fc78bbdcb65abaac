"""A local stand-in for Spotify: accounts service, Web API, and speakers with a state."""

from device.simulation.spotify.answer import Answer
from device.simulation.spotify.faults import Delay, FallAsleep, Fault, Trouble
from device.simulation.spotify.server import NowPlaying, Request, SpotifyStandIn
from device.simulation.spotify.state import SimulatedSpeaker

__all__ = [
    "Answer",
    "Delay",
    "FallAsleep",
    "Fault",
    "NowPlaying",
    "Request",
    "SimulatedSpeaker",
    "SpotifyStandIn",
    "Trouble",
]
