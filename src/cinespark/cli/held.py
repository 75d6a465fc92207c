"""Commands on ratings of the stream that a build holds back: held."""

import getpass
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cinespark.cli.options import as_format
from cinespark.cli.output import say
from cinespark.paths import state_dir
from cinespark.vocabulary import count

if TYPE_CHECKING:
    from cinespark.stream.holds import Hold

Place = tuple[Path | None, str]  # the state folder and the schema, as they were given


@click.group(invoke_without_command=True)
@click.option(
    "--schema",
    default="cinespark",
    show_default=True,
    help="The schema that was built.",
)
@as_format
@click.pass_context
def held(context: click.Context, schema: str, form: str) -> None:
    """List the ratings of the stream that the last build holds back, by flood.

    They are part of no list until somebody releases or rejects them. Spark is not
    needed.
    """
    if context.invoked_subcommand is not None:
        context.obj = context.obj, schema  # of the subcommand
        return
    from dataclasses import asdict

    from cinespark.show.formats import as_csv, as_json
    from cinespark.stream.holds import holds

    found = holds(state_dir(context.obj), schema)
    if form == "table":
        print_holds(found)
    else:
        rows = [asdict(hold) for hold in found]
        say(as_json(rows) if form == "json" else as_csv(rows))


def deciding(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what it chooses holds by, and what is noted of the decision."""
    options: list[Callable[[Any], Any]] = [
        click.argument("ids", nargs=-1, metavar="[HOLD]..."),
        click.option("--user", help="All floods of this user."),
        click.option("--movie", help="All floods of this movie."),
        click.option("--all", "everything", is_flag=True, help="All that wait."),
        click.option("--by", "who", help="Who decides.  [who is logged in]"),
        click.option("--why", help="A remark that is kept with the decision."),
        click.pass_obj,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@held.command()
@deciding
def release(place: Place, **given: Any) -> None:
    """Let ratings count from the next build on: HOLDs, or by user, movie or all.

    What comes into the same window later is held again.
    """
    from cinespark.stream.decisions import RELEASED

    decide(place, RELEASED, "they count from the next `dbt build` on", **given)


@held.command()
@deciding
def reject(place: Place, **given: Any) -> None:
    """Reject ratings from the next build on: HOLDs, or by user, movie or all.

    They are in `rejected_rows` then, with who rejected them. A HOLD that was rejected
    can be released.
    """
    from cinespark.stream.decisions import REJECTED

    decide(place, REJECTED, "the next `dbt build` has them in rejected_rows", **given)


def decide(
    place: Place,
    decision: str,
    then: str,
    *,
    ids: tuple[str, ...],
    user: str | None,
    movie: str | None,
    everything: bool,
    who: str | None,
    why: str | None,
) -> None:
    """Note a decision on the holds that were chosen in one of three ways."""
    from cinespark.stream.holds import decide as note
    from cinespark.stream.holds import holds, named, of_one, waiting

    ways = [bool(ids), user is not None or movie is not None, everything]
    if sum(ways) != 1:
        raise click.UsageError("name HOLDs, or give --user, --movie or --all")
    state, schema = place
    folder = state_dir(state)
    found = holds(folder, schema)
    if everything:
        chosen = waiting(found)
        if not chosen:
            say("nothing waits for a decision")
            return
    else:
        chosen = named(found, ids) if ids else of_one(found, user, movie)
    note(folder, chosen, decision, (who or "").strip() or user_here(), why)
    ratings = count(sum(hold.ratings for hold in chosen), "rating")
    say(f"{decision}: {ratings} of {count(len(chosen), 'flood')}; {then}")


def user_here() -> str:
    """Return who is logged in, by number where the number has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def print_holds(found: "list[Hold]") -> None:
    """Print holds as a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from cinespark.show.terminal import Column, filled
    from cinespark.stream.holds import waiting

    if not found:
        say("nothing is held")
        return
    columns = [
        Column("hold", [hold.hold_id for hold in found]),
        Column("status", [hold.status for hold in found]),
        Column("next build", [hold.decided for hold in found]),
        Column("ratings", [f"{hold.ratings:,}" for hold in found], right=True),
        Column("why", [hold.reason for hold in found]),
    ]
    Console().print(filled(Table(box=box.SIMPLE_HEAD), columns))
    ratings = count(sum(hold.ratings for hold in waiting(found)), "rating")
    say(
        f"to decide on: {ratings}; `cinespark held release` or `reject` takes a hold, "
        "--user, --movie or --all"
    )
