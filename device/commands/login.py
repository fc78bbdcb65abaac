"""`emotify login`: log in to Spotify without a screen."""

import argparse
import getpass
import re
import shutil
import socket
import sys
from pathlib import Path

from device import assembly
from device.clock import SystemClock
from device.commands.prompt import Prompt
from device.commands.speakers import table
from device.config import config, edit
from device.config.config import Config
from device.errors import AccountError, SpeakerError
from device.spotify import library
from device.spotify.account import Login
from device.spotify.callback import Callback
from device.spotify.pkce import DASHBOARD
from device.spotify.speakers import find_speaker


def run(args: argparse.Namespace) -> int:
    """Print the address, read the redirect address, store the token, choose a speaker."""
    prompt = Prompt()
    file, settings = args.config, config.load(args.config)
    if not settings.spotify.client_id:
        file = edit.write(file, "spotify", "client_id", _new_app(prompt, settings))
        settings = config.load(file)
    extra_scopes = library.SCOPE if args.playlists else ""
    login = assembly.account(settings, SystemClock()).begin_login(extra_scopes)
    with Callback(settings.spotify.redirect_uri, prompt.answer) as callback:
        _explain(login, settings.spotify.redirect_uri, callback.port)
        _finish(login, prompt)
    print("\nLogged in. The login lasts six months.\n")
    _choose_speaker(prompt, file, settings)
    return 0


def _new_app(prompt: Prompt, settings: Config) -> str:
    print(
        "To play on a speaker, Spotify requires an app of your own, which is free and takes a "
        "minute.\n\n"
        f"   Open {DASHBOARD} and log in (with Premium), press\n"
        '   "Create app", give it any name, and enter this as the Redirect URI, exactly:\n\n'
        f"       {settings.spotify.redirect_uri}\n\n"
        "   Tick Web API and save. The app's page then shows its Client ID. Add other people who\n"
        "   will log in under the app's User Management.\n"
    )
    while True:
        client_id = prompt.ask("Paste the Client ID here: ")
        if client_id is None:
            raise AccountError(
                f"There is no client id: create an app at {DASHBOARD} and put its Client ID "
                "into [spotify] client_id, or run `emotify login` in a terminal."
            )
        if re.fullmatch(r"[0-9a-f]{32}", client_id):
            print()
            return client_id
        print("   A Client ID is 32 digits and letters from a to f; copy it whole.")


def _explain(login: Login, redirect_uri: str, port: int) -> None:
    user, host = getpass.getuser(), socket.gethostname()
    print(f"1. Open this address in any browser, and press Agree:\n\n   {login.address}\n")
    _draw(login.address)
    print(
        "2. A browser on this machine needs nothing more. A browser on another machine shows a\n"
        "   page that does not load, which is expected: copy the whole address of that page; it\n"
        "   begins with\n"
        f"   {redirect_uri}\n"
        f"   (Or forward the port before step 1: ssh -L {port}:127.0.0.1:{port} {user}@{host})\n"
    )


def _draw(address: str) -> None:
    """Draw a QR code, if the terminal is wide enough."""
    if not sys.stdout.isatty():
        return
    import segno

    code = segno.make(address, error="l")
    if code.symbol_size(border=2)[0] <= shutil.get_terminal_size().columns:
        code.terminal(compact=True, border=2)
        print()


def _finish(login: Login, prompt: Prompt) -> None:
    while True:
        address = prompt.ask("3. Paste it here: ")
        if address is None:
            raise AccountError(
                "Nothing was pasted, and nobody is logged in: run `emotify login` in a terminal."
            )
        try:
            return login.finish(address)
        except AccountError as error:
            print(f"   {error}")


def _choose_speaker(prompt: Prompt, file: Path | None, settings: Config) -> None:
    speakers = assembly.player(settings, SystemClock()).speakers()
    print(f"The account's speakers:\n\n{table(speakers)}\n")
    while any(speaker.usable for speaker in speakers):
        name = prompt.ask("Which speaker should play? (its name; Enter to decide later) ")
        if not name:
            break
        try:
            speaker = find_speaker(speakers, name)
        except SpeakerError as error:
            print(f"   {error}")
            continue
        written = edit.write(file, "player", "speaker", speaker.name)
        print(f'"{speaker.name}" is the speaker now, in {written}')
        return
    print("To choose a speaker later: emotify speakers --use NAME")
