"""Commands of the service: serve, and the tokens of those who ask it."""

from pathlib import Path

import click

from cinespark.cli.output import say
from cinespark.paths import exports_of, state_dir


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Processes that answer.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="A name under which it is asked, besides localhost; several are possible.",
)
@click.option(
    "--log-lists",
    is_flag=True,
    help="Keep which movies were shown to whom, for the table list_outcomes.",
)
@click.pass_obj
def serve(
    state: Path | None,
    host: str,
    port: int,
    workers: int,
    names: tuple[str, ...],
    log_lists: bool,
) -> None:
    """Answer over HTTP from what is published, and follow what is published next.

    On this machine's own addresses reading is open until there are tokens; any other
    address wants one first: `cinespark token create`.
    """
    from cinespark.serve.server import Binding
    from cinespark.serve.server import serve as run

    folder = state_dir(state)
    binding = Binding(host, port, workers, names, log_lists)
    run(exports_of(folder), folder, binding)


@click.group()
def token() -> None:
    """Make, list and revoke the tokens of those who ask the service."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(["read", "write", "admin"]),
    default=["read"],
    show_default=True,
    help="What it is for; several are possible.",
)
@click.option("--user", help="The only user whom it may read.")
@click.pass_obj
def create(
    state: Path | None, name: str, scopes: tuple[str, ...], user: str | None
) -> None:
    """Make a token NAME and print it: nobody can see it again."""
    from cinespark.serve.tokens import create_token

    say(create_token(state_dir(state) / "serve", name, scopes, user))


@token.command(name="list")
@click.pass_obj
def list_(state: Path | None) -> None:
    """List the tokens there are, by name."""
    from cinespark.serve.tokens import read_tokens

    for one in read_tokens(state_dir(state) / "serve"):
        whom = f", user {one.user_id}" if one.user_id is not None else ""
        say(f"{one.name}: {', '.join(one.scopes)}{whom}, made {one.created_at}")


@token.command()
@click.argument("name")
@click.pass_obj
def revoke(state: Path | None, name: str) -> None:
    """Make the token NAME worthless, at once."""
    from cinespark.serve.tokens import revoke_token

    revoke_token(state_dir(state) / "serve", name)
    say(f"{name} is revoked")
