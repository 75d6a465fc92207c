"""Commands that show tables and lists: show, report and sql."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cinespark.cli.options import as_format
from cinespark.paths import project_root, state_dir


@click.command()
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
    from cinespark.show import terminal

    state = state_dir(state)
    exports = state / "exports"
    printed: Callable[[list[dict[str, Any]]], None]
    if quality:
        from cinespark.check.last_results import last_results

        rows = last_results(state / "quality", schema, exports)
        printed = terminal.print_quality
    elif leaderboard:
        from cinespark.versions.leaderboard_file import last_leaderboard

        rows, printed = last_leaderboard(exports), terminal.print_leaderboard
    elif title is not None:
        from functools import partial

        from cinespark.show.similar import named, similar_movies

        movie, rows = similar_movies(exports, title, n)
        printed = partial(terminal.print_similar, named(movie))
    else:
        from cinespark.versions.lists import check_user, first_user, recommendations_of

        user_id = first_user(exports) if user_id is None else check_user(user_id)
        rows = recommendations_of(exports, user_id, n).to_pylist()
        printed = terminal.print_recommendations
    if form == "table":
        printed(rows)
    else:
        from cinespark.show.formats import as_csv, as_json

        click.echo(as_json(rows) if form == "json" else as_csv(rows))


@click.command()
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
    from cinespark.report.build import write_pictures, write_report

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


@click.command()
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
    from cinespark.show.query import as_csv, as_json, ask
    from cinespark.show.terminal import print_answer

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
