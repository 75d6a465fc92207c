"""The command line; each command imports what it needs only when it runs."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from cinespark import __version__
from cinespark.cli.held import held
from cinespark.cli.models import predict, tune
from cinespark.cli.output import say
from cinespark.cli.serve import serve, token
from cinespark.cli.setup import data, doctor, jars, vars_
from cinespark.cli.show import report, show, sql
from cinespark.cli.stream import stream
from cinespark.cli.topic import kafka, produce
from cinespark.cli.versions import history, maintain, rollback
from cinespark.errors import CineSparkError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--state-dir",
    "state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of everything that is made.  [state_dir in profiles.yml, or var]",
)
@click.pass_context
def cli(context: click.Context, state: Path | None) -> None:
    """Bring data, check the machine, and look at what was built and published."""
    context.obj = state


for command in (
    doctor,
    jars,
    data,
    vars_,
    show,
    report,
    sql,
    predict,
    tune,
    history,
    rollback,
    maintain,
    serve,
    token,
    kafka,
    produce,
    stream,
    held,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; print an error as one sentence and exit with code 1."""
    try:
        cli(standalone_mode=False)
    except CineSparkError as error:
        fail(str(error))
    except OSError as error:
        fail(
            f"{error.filename or 'a file'}: {error.strerror or error}: see to it that "
            "you may read and write there, or name another folder with --state-dir"
        )
    except click.exceptions.Abort:
        say("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def fail(message: str) -> NoReturn:
    """Print an error and end with code 1."""
    say(f"error: {message}", err=True, colour="red")
    sys.exit(1)


if __name__ == "__main__":
    main()
