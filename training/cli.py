"""``emotify-train``: from recordings to the model and its card, and from tracks to playlists."""

import argparse
import sys
from collections.abc import Sequence

from device.errors import EmotifyError
from training import (
    baseline,
    chain,
    compare,
    encoded,
    encoder,
    evaluate,
    playlists,
    quantise,
    report,
    train,
)

COMMANDS = (
    encoder,
    encoded,
    baseline,
    train,
    quantise,
    evaluate,
    compare,
    report,
    chain,
    playlists,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``emotify-train``; the exit status."""
    parser = argparse.ArgumentParser(
        prog="emotify-train",
        description="Make the model and the playlists that Emotify comes with.",
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    try:
        return args.run(args)
    except EmotifyError as error:
        print(f"emotify-train: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("emotify-train: stopped; what is finished is kept.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
