"""Commands that prepare a machine and data: doctor, jars, data and vars."""

import sys
from pathlib import Path

import click

from cinespark.cli.output import say
from cinespark.errors import CineSparkError
from cinespark.paths import project_root, state_dir, var_of_project


@click.command()
@click.pass_obj
def doctor(state: Path | None) -> None:
    """Print what this machine has, and what to do about what it lacks."""
    from cinespark.cli.doctor import look_around
    from dbt.adapters.sparksession.cli import print_findings

    findings = look_around(state_dir(state))
    print_findings(findings)
    if not all(finding.is_good for finding in findings):
        sys.exit(1)


@click.command()
@click.pass_obj
def jars(state: Path | None) -> None:
    """Bring the jars that Spark needs into var/jars, checked against committed sums."""
    from concurrent.futures import ThreadPoolExecutor

    from dbt_common.exceptions import DbtRuntimeError

    from cinespark.names import DATABASE
    from cinespark.track.client import open_tracking
    from dbt.adapters.sparksession.cli import bring_jars
    from dbt.adapters.sparksession.machine import find_java, require

    folder = state_dir(state)
    try:
        require(find_java())
        with ThreadPoolExecutor() as others:
            is_new = not (folder / DATABASE).is_file()
            database = others.submit(open_tracking, folder) if is_new else None
            bring_jars(folder, say)
            if database is not None:  # made here, so that no build waits for it
                database.result()
    except DbtRuntimeError as error:
        raise CineSparkError(str(error.msg)) from error


@click.command()
@click.argument("dataset", metavar="[NAME|FOLDER|FILE]", default="ml-100k")
@click.option("--users", type=int, help="How many users the sample has.  [600]")
@click.option("--movies", type=int, help="How many movies the sample has.  [1000]")
@click.option("--ratings", type=int, help="How many ratings it has.  [40000]")
@click.option("--seed", type=int, help="Another seed, another sample.  [1]")
@click.option("--refresh", is_flag=True, help="Fetch or make it again.")
@click.option("--explain", is_flag=True, help="Say how each file will be read.")
@click.option(
    "--genome",
    is_flag=True,
    help="Bring the genome scores, too: how well each tag fits a movie.",
)
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns mean.  [columns.yml beside the files]",
)
@click.option("--encoding", help="Of all files: latin-1, utf-16, …  [utf-8]")
@click.option("--delimiter", help="Of all: comma, semicolon, tab, pipe, colons.")
@click.option("--time", help="How times are: seconds, milliseconds, iso, none.")
@click.option(
    "--ids",
    type=click.Choice(["int", "bigint", "string"]),
    help="What ids are, of users and items alike.  [found out]",
)
@click.option(
    "--feedback",
    type=click.Choice(["explicit", "implicit"]),
    help="Whether there are ratings or events.  [found out]",
)
@click.pass_obj
def data(
    state: Path | None,
    /,
    dataset: str,
    refresh: bool,
    explain: bool,
    genome: bool,
    columns: Path | None,
    encoding: str | None,
    delimiter: str | None,
    time: str | None,
    ids: str | None,
    feedback: str | None,
    **sizes: int | None,
) -> None:
    """Bring a data set into var/data and make it the current one.

    NAME is ml-100k (the default), ml-latest-small, ml-1m, ml-25m or ml-32m,
    from GroupLens, or sample, which is made up. FOLDER holds your own ratings or
    events and what was rated, and perhaps tags, links and users, or FILE does, alone
    or packed; they are copied. docs/your-own-data.md says what is read.
    """
    from cinespark.data.bring import bring
    from cinespark.data.columns_file import said_by_options
    from cinespark.data.explain import explain_files
    from cinespark.data.sample_params import SampleParams
    from cinespark.data.summary import summary

    options = said_by_options(encoding, delimiter, time, ids, feedback)
    if explain:
        say(explain_files(Path(dataset).expanduser(), options, columns, genome))
        return
    given = {name: size for name, size in sizes.items() if size is not None}
    folder = state_dir(state) / "data"
    sample = SampleParams(**given) if given else None
    manifest = bring(
        dataset,
        folder,
        say,
        sample=sample,
        refresh=refresh,
        options=options,
        columns=columns,
        with_genome=genome,
    )
    here = Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    say(summary(manifest, str(shown), var_of_project(project_root(), "item_noun")))


@click.command("vars")
@click.argument("given", metavar="[YAML]", default="")
@click.pass_obj
def vars_(state: Path | None, given: str) -> None:
    """Print the dbt vars of the current data set as JSON, for dbt build --vars.

    Those of YAML, with braces or without, go before the data set's own.
    """
    from cinespark.data.vars import vars_to_build_with

    data = state_dir(state) / "data"
    say(vars_to_build_with(data, given, project_root()))
