"""`emotify wiring`: the picture of the wiring."""

import argparse

from device import wiring
from device.config import config


def run(args: argparse.Namespace) -> int:
    """Print the picture as SVG, with the pins of the configuration."""
    settings = config.load(args.config)
    print(wiring.draw(settings.button, settings.light), end="")
    return 0
