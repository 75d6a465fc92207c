"""Commands that show what was built and published: show, report and sql."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from cinespark.cli.options import as_format
from cinespark.cli.output import say
from cinespark.paths import data_of, exports_of, project_root, state_dir


@click.command()
@click.option("--user", "user_id", help="Id of the user.  [the first]")
@click.option(
    "--why",
    "place",
    type=click.IntRange(min=1),
    metavar="RANK",
    help="Lay out one place of the user's list: what its score is the sum of, with the "
    "ratings behind it and their lines in the landing file, or in a segment of what "
    "people sent.",
)
@click.option(
    "--movie", "title", help="Show the movies most like the one of this title."
)
@click.option("--leaderboard", is_flag=True, help="Show how good each judged model is.")
@click.option("--quality", is_flag=True, help="Show the last results of the checks.")
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
    state: Path | None,
    user_id: str | None,
    place: int | None,
    title: str | None,
    leaderboard: bool,
    quality: bool,
    n: int,
    schema: str,
    form: str,
) -> None:
    """Print a user's published recommendations, or what an option asks for.

    Only published files are read; neither Spark nor Java is needed.
    """
    asked = [user_id is not None, title is not None, leaderboard, quality]
    if sum(asked) > 1:
        raise click.UsageError(
            "--user, --movie, --leaderboard and --quality exclude each other"
        )
    if place is not None and any(asked[1:]):
        raise click.UsageError(
            "--why is of a place of a user's list: give it with --user, or alone for "
            "the first user"
        )
    folder = state_dir(state)
    exports = exports_of(folder)
    if quality:
        shown = last_quality(folder / "quality", schema, exports)
    elif leaderboard:
        shown = leaderboard_of(exports)
    elif title is not None:
        shown = similar_to(exports, title, n)
    elif place is not None:
        shown = why_of(folder, exports, user_id, place)
    else:
        shown = recommendations_for(exports, user_id, n)
    if form == "table":
        shown.print()
    else:
        from cinespark.show.formats import as_csv, as_json

        say(as_json(shown.rows) if form == "json" else as_csv(shown.rows))


@dataclass(frozen=True)
class Shown:
    """Rows to show, and how to print them as a table."""

    rows: Sequence[Mapping[str, object]]
    print: Callable[[], None]


def last_quality(folder: Path, schema: str, exports: Path) -> Shown:
    from cinespark.check.results import last_results
    from cinespark.show.terminal import print_quality

    rows = last_results(folder, schema, exports)
    return Shown(rows, partial(print_quality, rows))


def leaderboard_of(exports: Path) -> Shown:
    from cinespark.show.terminal import print_leaderboard
    from cinespark.versions.leaderboard_file import last_leaderboard, words_of

    rows = last_leaderboard(exports)
    return Shown(rows, partial(print_leaderboard, rows, words_of(rows)))


def similar_to(exports: Path, title: str, n: int) -> Shown:
    from cinespark.show.similar import named, similar_movies
    from cinespark.show.terminal import print_similar
    from cinespark.versions.words import current_vocabulary

    movie, rows = similar_movies(exports, title, n)
    words = current_vocabulary(exports)
    return Shown(rows, partial(print_similar, named(movie), rows, words))


def recommendations_for(exports: Path, user_id: str | None, n: int) -> Shown:
    from cinespark.show.terminal import print_recommendations
    from cinespark.versions.lists import (
        cut_short,
        first_user,
        recommendations_of,
        titles_now,
    )
    from cinespark.versions.words import current_vocabulary

    user_id = first_user(exports) if user_id is None else user_id.strip()
    rows = recommendations_of(exports, user_id, n)
    words, titles = current_vocabulary(exports), titles_now(exports, rows)
    note = cut_short(exports, len(rows), n)
    return Shown(rows, partial(print_recommendations, rows, words, titles, note))


def why_of(state: Path, exports: Path, user_id: str | None, place: int) -> Shown:
    from cinespark.data.progress import progress
    from cinespark.show.print_why import print_why
    from cinespark.show.why import why
    from cinespark.versions.lists import first_user

    user_id = first_user(exports) if user_id is None else user_id.strip()
    reading = partial(progress, of_bytes=True)
    places = data_of(state), state / "data", state
    found = why(exports, *places, user_id, place, reading)
    return Shown(found.terms, partial(print_why, found))


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
    help="Also write each chart as a PNG file into this folder.",
)
@click.pass_obj
def report(
    state: Path | None, schema: str, out: Path | None, pictures: Path | None
) -> None:
    """Draw the tables of the last build as one page that needs no network.

    Spark is not needed; the marts are read as files.
    """
    from cinespark.report.build import write_pictures, write_report

    folder = state_dir(state)
    file = out or folder / "report" / "index.html"
    sections = write_report(folder, schema, file, exports_of(folder))
    charts = sum(
        figure.chart is not None for section in sections for figure in section.figures
    )
    say(f"report: {charts} charts in {file}")
    for section in sections:
        if section.missing:
            say(f"report: {section.topic.title}: {section.missing}", err=True)
    if pictures is not None:
        written = write_pictures(sections, pictures)
        say(f"report: {len(written)} pictures in {pictures}")


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
@click.option("--write", is_flag=True, help="Run it even if it does more than read.")
@as_format
@click.pass_obj
def sql(
    state: Path | None,
    /,
    query: str,
    target: str | None,
    limit: int,
    write: bool,
    form: str,
) -> None:
    """Run one QUERY on the tables in the schema of a target; null is shown as ∅.

    For example: cinespark sql "select * from eda_popular_genres". A statement that does
    more than read is refused without --write.
    """
    from cinespark.show.query import as_csv, as_json, ask
    from cinespark.show.terminal import print_answer

    answer = ask(project_root(), target, state, query, limit, write=write)
    if form == "json":
        say(as_json(answer))
    elif form == "csv" and answer.columns:
        say(as_csv(answer))
    elif answer.columns:
        print_answer(answer.columns, answer.is_number, answer.cells)
    if answer.has_more:
        more = f"there are more rows than these {limit}: --limit {10 * limit}"
        say(more, err=True)
