"""`emotify status`: print the status of the daemon on this machine."""

import argparse

from device.appliance.status import Status


def run(args: argparse.Namespace) -> int:
    """Print the status; exit status 0 only when there is no problem."""
    status = Status.of_daemon()
    if status is None:
        print("Emotify is not running: `emotify run`, or `systemctl status emotify`.")
        return 1
    print(f"Emotify runs ({status.phase}).")
    for line in filter(None, (status.said, status.login)):
        print(line)
    if status.problem and status.problem != status.said:
        print(status.problem)
    return 1 if status.problem or status.login else 0
