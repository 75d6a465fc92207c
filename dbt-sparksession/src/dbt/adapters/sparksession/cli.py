"""The command line: it fetches the jars and looks the machine over."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.__version__ import version
from dbt.adapters.sparksession.class_archive import archive_classes
from dbt.adapters.sparksession.jars import fetch_jars, missing_jars
from dbt.adapters.sparksession.jvm import find_archive
from dbt.adapters.sparksession.machine import (
    STATE_DIR,
    Finding,
    find_java,
    jars_command,
    look_around,
    require,
)
from dbt.adapters.sparksession.odd_paths import find_folder
from dbt.adapters.sparksession.place import find_tables

state_dir_option = click.option(
    "--state-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=STATE_DIR,
    show_default=True,
    help="As state_dir in the profile; relative to the folder of the dbt project.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version, prog_name="dbt-sparksession")
def cli() -> None:
    """Prepare a machine for dbt projects with profiles of the type sparksession."""


@cli.command()
@state_dir_option
def jars(state_dir: Path) -> None:
    """Fetch the jars that Spark needs, checked against the sums in jars.lock."""
    state_dir = in_project(state_dir)
    bring_jars(state_dir, click.echo)
    click.echo(f"jars: complete in {state_dir / 'jars'}")


@cli.command()
@state_dir_option
def doctor(state_dir: Path) -> None:
    """Print what this machine has, and what to do about each thing it lacks."""
    state_dir = in_project(state_dir)
    findings = look_around(state_dir, jars_command(state_dir))
    findings += [find_folder(state_dir), find_tables(state_dir)]
    print_findings(findings)
    if not all(finding.is_good for finding in findings):
        sys.exit(1)


def bring_jars(state_dir: Path, say: Callable[[str], None]) -> None:
    """Fetch missing jars, delete those of another lock, and write the class archive.

    Raises
    ------
    DbtRuntimeError
        If there is no Java that will do, or if a jar does not come as it should.
    """
    folder = state_dir / "jars"
    require(find_folder(state_dir), find_folder(folder.resolve()), find_java())
    if missing_jars(folder):
        say("jars: resolving them with Spark (a quarter of a minute)")
    if fetched := fetch_jars(folder, lambda: say("jars: waiting for another process")):
        say(f"jars: {len(fetched)} in {folder}")
    if find_archive(state_dir) is None:
        say("jars: noting which classes a build loads (half a minute, once)")
        try:
            archive_classes(state_dir)
        except (DbtRuntimeError, OSError) as error:
            words = getattr(error, "msg", error)
            say(f"jars: {words}; Spark starts without one too, but slower")


def print_findings(findings: list[Finding]) -> None:
    for finding in findings:
        mark, colour = ("ok", "green") if finding.is_good else ("FIX", "red")
        click.secho(f"{mark:<4}", fg=colour, nl=False)
        click.echo(f"{finding.subject:<11}{finding.found}")
        if not finding.is_good:
            click.echo(f"{'':<15}-> {finding.remedy}")


def in_project(state_dir: Path) -> Path:
    """Return the absolute path of a state folder.

    Raises
    ------
    DbtRuntimeError
        If it is relative and neither this folder nor any above it is a dbt project.
    """
    if state_dir.is_absolute():
        return state_dir
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder / state_dir
    raise DbtRuntimeError(
        f"no dbt_project.yml in {here} or above it: run this in the folder of a dbt "
        "project, or name the state folder by its absolute path with --state-dir"
    )


def main() -> None:
    """Run the command line; an error is one sentence on stderr and exit code 1."""
    try:
        cli(standalone_mode=False)
    except DbtRuntimeError as error:
        click.secho(f"error: {error.msg}", fg="red", err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
