"""The command line; each command imports what it needs only when it runs."""

import sys
from pathlib import Path

import click

from cinespark import __version__
from cinespark.cli.models import predict, tune
from cinespark.cli.output import say
from cinespark.cli.setup import data, doctor, jars
from cinespark.cli.show import report, show, sql
from cinespark.cli.versions import history, rollback
from cinespark.errors import CineSparkError
from cinespark.paths import STATE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--state-dir",
    "state",
    type=click.Path(file_okay=False, path_type=Path),
    default=STATE,
    show_default=True,
    help="Folder of everything that is made, as state_dir in profiles.yml.",
)
@click.pass_context
def cli(context: click.Context, state: Path) -> None:
    """Bring data, check the machine, and look at what was built and published."""
    context.obj = state


for command in (
    doctor,
    jars,
    data,
    show,
    report,
    sql,
    predict,
    tune,
    history,
    rollback,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; print an error as one sentence and exit with code 1."""
    try:
        cli(standalone_mode=False)
    except CineSparkError as error:
        say(f"error: {error}", err=True, colour="red")
        sys.exit(1)
    except click.exceptions.Abort:
        say("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
