"""The command line: a thin edge; each command imports what it needs when it runs."""

import sys

import click

from cinespark import __version__
from cinespark.errors import CineSparkError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Bring data, check the machine and show what was published."""


def main() -> None:
    """Run the command line; an error is one sentence on stderr and exit code 1."""
    try:
        cli(standalone_mode=False)
    except CineSparkError as error:
        click.secho(f"error: {error}", fg="red", err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
