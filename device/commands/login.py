"""`emotify login`: log in to Spotify from a box without a screen."""

import argparse

from device import assembly, config
from device.clock import SystemClock
from device.commands.speakers import table
from device.errors import AccountError
from device.spotify.account import Login


def run(args: argparse.Namespace) -> int:
    """Print the address, take the one that the browser was sent to, and store the token."""
    settings = config.load(args.config)
    login = assembly.account(settings, SystemClock()).begin_login()
    print(
        "1. Open this address in any browser, and press Agree:\n\n"
        f"   {login.address}\n\n"
        "2. The browser then shows a page that does not load. That is as it should be: copy its\n"
        f"   whole address, which begins with {settings.spotify.redirect_uri}\n"
    )
    _finish(login)
    print("\nLogged in. The login lasts six months. The account's speakers:\n")
    print(table(assembly.player(settings, SystemClock()).speakers()))
    return 0


def _finish(login: Login) -> None:
    while True:
        try:
            pasted = input("3. Paste it here: ")
        except EOFError:
            raise AccountError(
                "Nothing was pasted, and nobody is logged in: run `emotify login` in a terminal."
            ) from None
        try:
            return login.finish(pasted)
        except AccountError as error:
            print(f"   {error}")
