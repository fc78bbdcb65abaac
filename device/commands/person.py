"""Somebody at the terminal, who may also have a browser on this machine."""

import queue
import sys
import threading


class Person:
    """Answers questions, by typing or through the browser."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[tuple[bool, str]] = queue.SimpleQueue()
        self._typing = False

    def browsed(self, address: str) -> None:
        """The browser was sent to an address that answers the question."""
        self._answers.put((False, address))

    def ask(self, question: str) -> str | None:
        """The answer without spaces around it; None at the end of the input."""
        print(question, end="", flush=True)
        if not self._typing:
            # On a thread, for the browser may be quicker.
            self._typing = True
            threading.Thread(target=self._read, daemon=True).start()
        typed, line = self._answers.get()
        if typed:
            self._typing = False
        if not (typed and line.endswith("\n")):
            print()
        return line.strip() if line else None

    def _read(self) -> None:
        self._answers.put((True, sys.stdin.readline()))
