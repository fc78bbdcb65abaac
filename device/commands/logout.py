"""`emotify logout`: forget the login to Spotify."""

import argparse

from device import assembly
from device.clock import SystemClock
from device.config import config


def run(args: argparse.Namespace) -> int:
    """Remove the token, and all that is left of older ones."""
    account = assembly.account(config.load(args.config), SystemClock())
    print("Logged out." if account.log_out() else "Nobody was logged in.")
    print("Spotify's own list of permitted apps is at https://www.spotify.com/account/apps")
    return 0
