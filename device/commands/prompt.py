"""Questions in the terminal, which a browser on this machine can answer as well."""

import queue
import sys
import threading


class Prompt:
    """Asks questions; the answer is typed, or comes from the browser."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[tuple[bool, str]] = queue.SimpleQueue()
        self._is_reading = False

    def answer(self, address: str) -> None:
        """Answer the question with the redirect address of the browser."""
        self._answers.put((False, address))

    def ask(self, question: str) -> str | None:
        """The answer without spaces around it; None at the end of the input."""
        print(question, end="", flush=True)
        if not self._is_reading:
            # In a thread, because the browser may be faster.
            self._is_reading = True
            threading.Thread(target=self._read, daemon=True).start()
        typed, line = self._answers.get()
        if typed:
            self._is_reading = False
        if not (typed and line.endswith("\n")):
            print()
        return line.strip() if line else None

    def _read(self) -> None:
        self._answers.put((True, sys.stdin.readline()))
