"""`emotify logout`: delete the login to Spotify."""

import argparse

from device import assembly
from device.clock import SystemClock
from device.config import config


def run(args: argparse.Namespace) -> int:
    """Delete the token and older ones."""
    account = assembly.account(config.load(args.config), SystemClock())
    print("Logged out." if account.log_out() else "Nobody was logged in.")
    print("Spotify lists the apps with access at https://www.spotify.com/account/apps")
    return 0
