"""`emotify press`: press the button of the running daemon from the command line."""

import argparse
import os
import signal

from device.appliance.status import Status
from device.errors import NotRunningError


def run(args: argparse.Namespace) -> int:
    """Press the button once; what follows is on the light, in the journal and in the status.

    Raises
    ------
    NotRunningError
        When no daemon runs here, or it belongs to another user.
    """
    status = Status.of_daemon()
    if status is None:
        raise NotRunningError("Emotify is not running: `sudo systemctl start emotify`.")
    try:
        os.kill(status.pid, signal.SIGUSR1)
    except PermissionError:
        raise NotRunningError("The daemon belongs to another user: `sudo emotify press`.") from None
    except ProcessLookupError:
        raise NotRunningError("Emotify has just ended: `systemctl status emotify`.") from None
    print("Pressed: say a sentence. `emotify status` says what became of it.")
    return 0
