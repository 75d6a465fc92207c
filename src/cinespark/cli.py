"""The command line: a thin edge; each command imports what it needs when it runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cinespark import __version__
from cinespark.errors import CineSparkError
from cinespark.paths import STATE, project_root, state_dir

as_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="What to print.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--state-dir",
    "state",
    type=click.Path(file_okay=False, path_type=Path),
    default=STATE,
    show_default=True,
    help="Folder of all that is made, as state_dir in profiles.yml.",
)
@click.pass_context
def cli(context: click.Context, state: Path) -> None:
    """Bring data, check the machine and show what was published."""
    context.obj = state


@cli.command()
@click.pass_obj
def doctor(state: Path) -> None:
    """Print what this machine has, and what to do about each thing it lacks."""
    from cinespark.environment import look_around

    findings = look_around(state_dir(state))
    for finding in findings:
        mark, colour = ("ok", "green") if finding.is_good else ("FIX", "red")
        click.secho(f"{mark:<4}", fg=colour, nl=False)
        click.echo(f"{finding.subject:<11}{finding.found}")
        if not finding.is_good:
            click.echo(f"{'':<15}-> {finding.remedy}")
    if not all(finding.is_good for finding in findings):
        sys.exit(1)


@cli.command()
@click.pass_obj
def jars(state: Path) -> None:
    """Bring the jars Spark needs into var/jars, checked against committed sums."""
    from concurrent.futures import ThreadPoolExecutor

    from cinespark.class_archive import archive_classes, archive_path
    from cinespark.environment import find_java, require
    from cinespark.jars import fetch_jars, missing_jars
    from cinespark.registry import DATABASE
    from cinespark.tracking import open_tracking

    require(find_java())
    state = state_dir(state)
    folder = state / "jars"
    if missing_jars(folder):
        click.echo("jars: resolving them with Spark (a quarter of a minute)")
        click.echo(f"jars: {len(fetch_jars(folder))} in {folder}")
    with ThreadPoolExecutor() as others:
        is_new = not (state / DATABASE).is_file()
        database = others.submit(open_tracking, state) if is_new else None
        if not archive_path(state).is_file():
            click.echo("jars: noting which classes a build loads (half a minute, once)")
            archive_classes(state, project_root())
        if database is not None:  # made here, so that no build waits for it
            database.result()


@cli.command()
@click.argument("dataset", metavar="[NAME|FOLDER]", default="ml-100k")
@click.option("--users", type=int, help="How many users the sample has.  [600]")
@click.option("--movies", type=int, help="How many movies the sample has.  [1000]")
@click.option("--ratings", type=int, help="How many ratings it has.  [40000]")
@click.option("--seed", type=int, help="Another seed, another sample.  [1]")
@click.option("--refresh", is_flag=True, help="Fetch or make it anew.")
@click.pass_obj
def data(state: Path, /, dataset: str, refresh: bool, **sizes: int | None) -> None:
    """Bring a data set into var/data and make it the current one.

    NAME is ml-100k (the default), ml-latest-small, ml-1m, ml-25m or ml-32m,
    from GroupLens, or sample, which is made up. FOLDER holds ratings.csv and
    movies.csv of your own, maybe tags.csv, links.csv and users.csv; it is copied.
    """
    from cinespark.data.bring import bring, summary
    from cinespark.data.sample_params import SampleParams

    given = {name: size for name, size in sizes.items() if size is not None}
    folder = state_dir(state) / "data"
    sample = SampleParams(**given) if given else None
    manifest = bring(dataset, folder, click.echo, sample=sample, refresh=refresh)
    here = Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    click.echo(summary(manifest, str(shown)))


@cli.command()
@click.option("--user", "user_id", type=int, help="Id of the user.  [the first]")
@click.option("--movie", "title", help="The movies most like the one of this title.")
@click.option("--leaderboard", is_flag=True, help="How good each judged model is.")
@click.option("--quality", is_flag=True, help="The last results of the checks.")
@click.option(
    "--n",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="How many movies, best first.",
)
@click.option(
    "--schema",
    default="cinespark",
    show_default=True,
    help="With --quality: the schema that was built.",
)
@as_format
@click.pass_obj
def show(
    state: Path,
    user_id: int | None,
    title: str | None,
    leaderboard: bool,
    quality: bool,
    n: int,
    schema: str,
    form: str,
) -> None:
    """Print a user's published recommendations, or what else the options name.

    It reads what is published; neither Spark nor Java is needed.
    """
    asked = [user_id is not None, title is not None, leaderboard, quality]
    if sum(asked) > 1:
        raise click.UsageError(
            "--user, --movie, --leaderboard and --quality exclude each other"
        )
    from cinespark import terminal

    state = state_dir(state)
    exports = state / "exports"
    printed: Callable[[list[dict[str, Any]]], None]
    if quality:
        from cinespark.quality import last_results

        rows = last_results(state / "quality", schema, exports)
        printed = terminal.print_quality
    elif leaderboard:
        from cinespark.leaderboard import last_leaderboard

        rows, printed = last_leaderboard(exports), terminal.print_leaderboard
    elif title is not None:
        from functools import partial

        from cinespark.similar import named, similar_movies

        movie, rows = similar_movies(exports, title, n)
        printed = partial(terminal.print_similar, named(movie))
    else:
        from cinespark.published import check_user, first_user, recommendations_of

        user_id = first_user(exports) if user_id is None else check_user(user_id)
        rows = recommendations_of(exports, user_id, n).to_pylist()
        printed = terminal.print_recommendations
    if form == "table":
        printed(rows)
    else:
        from cinespark.formats import as_csv, as_json

        click.echo(as_json(rows) if form == "json" else as_csv(rows))


@cli.command()
@click.option(
    "--schema",
    default="cinespark",
    show_default=True,
    help="The schema that was built.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page.  [report/index.html in the state folder]",
)
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each chart as a PNG file into this folder too.",
)
@click.pass_obj
def report(state: Path, schema: str, out: Path | None, pictures: Path | None) -> None:
    """Draw the tables of the last build as one page that needs no network.

    Spark is not needed: the marts are read as files.
    """
    from cinespark.report.make import write_pictures, write_report

    state = state_dir(state)
    file = out or state / "report" / "index.html"
    sections = write_report(state, schema, file)
    charts = sum(
        figure.chart is not None for section in sections for figure in section.figures
    )
    click.echo(f"report: {charts} charts in {file}")
    for section in sections:
        if section.missing:
            click.echo(f"report: {section.topic.title}: {section.missing}", err=True)
    if pictures is not None:
        written = write_pictures(sections, pictures)
        click.echo(f"report: {len(written)} pictures in {pictures}")


@cli.command()
@click.argument("pairs", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.pass_obj
def predict(state: Path, pairs: Path, out: Path) -> None:
    """Predict the stars of the PAIRS of a CSV file, and write them to OUT.

    PAIRS has a header with user_id or userId and movie_id or movieId. OUT gets
    predicted_rating and source: 'personal', or 'user', 'movie' or 'mean' where only
    that is known. It is the published predictor; Spark is not needed.
    """
    from cinespark.pairs import predict_file

    count = predict_file(pairs, out, state_dir(state) / "exports")
    click.echo(f"{out}: predicted stars of {count:,} pairs", err=True)


@cli.command()
@as_format
@click.pass_obj
def history(state: Path, form: str) -> None:
    """List the published versions, newest first, and why each was published."""
    from dataclasses import asdict

    from cinespark.formats import as_csv, as_json
    from cinespark.history import history, rows_of
    from cinespark.terminal import print_history

    entries = history(state_dir(state) / "exports")
    if form == "table":
        print_history(entries)
    elif form == "json":
        click.echo(as_json([asdict(one) for one in entries]))
    else:
        click.echo(as_csv(rows_of(entries)))


@cli.command()
@click.argument("version", required=False)
@click.pass_obj
def rollback(state: Path, version: str | None) -> None:
    """Make VERSION current again, or without it the one that was current before.

    Every file is checked first. The alias in MLflow's registry follows. It lasts until
    the next build, which publishes what its data and parameters give.
    """
    from cinespark.exports import rollback
    from cinespark.registry import ALIAS, DATABASE, point_alias_at

    state = state_dir(state)

    def promote(manifest: dict[str, Any]) -> None:
        number = manifest.get("registered_version")
        if point_alias_at(state / DATABASE, number):
            click.echo(f"the alias {ALIAS} names model version {number}")
        else:
            click.echo(f"no model was registered, so the alias {ALIAS} stays")

    before, now = rollback(
        state / "exports",
        version,
        promote,
        on_wait=lambda: click.echo("waiting for a build to publish", err=True),
    )
    if before == now:
        click.echo(f"{now} is current already")
    else:
        click.echo(f"{now} is current now, it was {before or 'none'}")
    click.echo("the next `dbt build` publishes again what its data and parameters give")


@cli.command()
@click.argument("model", default="bayesian_mf", metavar="MODEL")
@click.option(
    "--trials",
    type=click.IntRange(min=2),
    default=30,
    show_default=True,
    help="How many there are to be in the end; those of earlier searches count.",
)
@click.option("--target", envvar="DBT_TARGET", help="Target of profiles.yml.")
@click.pass_obj
def tune(state: Path, model: str, trials: int, target: str | None) -> None:
    """Search for better parameters of MODEL, a predictor or `blend`.

    Each trial learns from a part of the training rows of the last build and is judged
    on the validation rows; test rows have no say. Trials are runs in MLflow. Ctrl-C
    stops, the same command goes on. What is found is proposed as vars.
    """
    from rich.progress import Progress

    from cinespark.tune import KNOBS, STORAGE, tune

    if model not in KNOBS:
        raise CineSparkError(
            f"{model} cannot be tuned: name one of {', '.join(sorted(KNOBS))}"
        )
    from cinespark.query import open_session
    from cinespark.tracking import open_tracking

    session = open_session(project_root(), target, state)
    folder = state_dir(state)
    with Progress(transient=True) as progress:
        task = progress.add_task(f"{model}: the present parameters", total=trials)

        def advance(done: int, best: float) -> None:
            progress.update(task, completed=done, description=f"{model}: {best:.4f}")

        found = tune(
            model,
            trials,
            session,
            project_root(),
            open_tracking(folder),
            folder / STORAGE,
            advance,
        )
    words = f"{found.metric} {found.now:.4f} with the present vars"
    if not found.changes:
        click.echo(f"{words}, and nothing better in {found.trials} trials")
        return
    click.echo(f"{words}, {found.best:.4f} at best of {found.trials} trials, with")
    for var, (now, value) in found.changes.items():
        click.echo(f"  {var}: {value:.4g}  # now {now:.4g}")
    click.echo("put them under vars in dbt_project.yml, and see what the build says")


@cli.command()
@click.argument("query")
@click.option("--target", envvar="DBT_TARGET", help="Target of profiles.yml.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="How many rows at most.",
)
@as_format
@click.pass_obj
def sql(state: Path, /, query: str, target: str | None, limit: int, form: str) -> None:
    """Run one QUERY on the tables, in the schema of a target; a null is shown as ∅.

    For example: cinespark sql "select * from eda_popular_genres"
    """
    from cinespark.query import as_csv, as_json, ask
    from cinespark.terminal import print_answer

    answer = ask(project_root(), target, state, query, limit)
    if form == "json":
        click.echo(as_json(answer))
    elif form == "csv" and answer.columns:
        click.echo(as_csv(answer))
    elif answer.columns:
        print_answer(answer.columns, answer.is_number, answer.cells)
    if answer.has_more:
        more = f"there are more rows than these {limit}: --limit {10 * limit}"
        click.echo(more, err=True)


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
