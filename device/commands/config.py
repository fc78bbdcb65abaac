"""`emotify config`: print the configuration."""

import argparse

from device.config import config


def run(args: argparse.Namespace) -> int:
    """Print every key with its value, secrets masked."""
    found = config.load(args.config)
    print(f"# {args.config}" if args.config else "# no file: these are the defaults")
    print(found)
    return 0
