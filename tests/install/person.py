"""A person at a terminal of the box, who runs a command and answers what it asks.

    python person.py login     sudo emotify login: opens the address, agrees, pastes the answer
    python person.py doctor    sudo emotify doctor: presses the button, sees the right colours

The output goes to stdout; the exit status is that of the command.
"""

import os
import pty
import re
import subprocess
import sys
import urllib.request


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Gives back the redirect itself, whose address leads nowhere on this machine."""

    def redirect_request(self, *_):
        return None


def agreed(output: str) -> str:
    """The address that the browser is sent to by the page of the login."""
    address = re.findall(r"http://127\.0\.0\.1:\d+/authorize\S+", output)[-1]
    try:
        urllib.request.build_opener(NoRedirect).open(address)
    except urllib.error.HTTPError as redirect:
        return redirect.headers["Location"]
    raise SystemExit("The login page sent the browser nowhere.")


def press(_: str) -> None:
    subprocess.run(["emotify", "press"], check=True, stdout=subprocess.DEVNULL)


ANSWERS = {
    "Paste it here: ": agreed,
    "Which speaker should play?": lambda _: "living",
    "Press the button now": press,
    "[Y/n] ": lambda _: "y",
}


def main(command: str) -> int:
    process, terminal = pty.fork()
    if process == 0:
        os.execvp("emotify", ["emotify", command])
    output, answered = "", 0
    while True:
        try:
            output += os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            break
        for question, answer in ANSWERS.items():
            if question in output[answered:]:
                answered = len(output)
                if words := answer(output):
                    os.write(terminal, f"{words}\n".encode())
    print(output)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
