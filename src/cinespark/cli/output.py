"""The one way in which commands print, so that no value commands the terminal."""

import click

from cinespark.printable import printable


def say(text: str, *, err: bool = False, colour: str | None = None) -> None:
    """Print a line, with what a terminal would obey written out."""
    click.secho(printable(text), fg=colour, err=err)
