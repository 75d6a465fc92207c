"""The one way in which commands print, so that no value commands the terminal."""

import time
from typing import TextIO

import click

from cinespark.printable import printable

SECONDS = 10.0  # between the lines of what goes on, where there is no terminal


def say(text: str, *, err: bool = False, colour: str | None = None) -> None:
    """Print a line, with what a terminal would obey written out."""
    click.secho(printable(text), fg=colour, err=err)


class LiveLine:
    """A line that is written over on a terminal, and said now and then elsewhere."""

    def __init__(self, stream: TextIO, first: float = 0.0) -> None:
        """Begin without a line; elsewhere the first one comes after some seconds."""
        self.stream = stream
        self.is_live = stream.isatty()
        self.shown = ""
        self.next = time.monotonic() + first

    def show(self, text: str) -> None:
        """Show a line if it is new and it is time for one, or the last is replaced."""
        now = time.monotonic()
        if text == self.shown or (not self.is_live and now < self.next):
            return
        self.shown, self.next = text, now + SECONDS
        self._write(
            f"\r\x1b[K{printable(text)}" if self.is_live else f"{printable(text)}\n"
        )

    def end(self) -> None:
        """Leave the line as it is."""
        if self.is_live and self.shown:
            self._write("\n")

    def clear(self) -> None:
        """Take the line away, so that the next one stands in its place."""
        if self.is_live and self.shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
