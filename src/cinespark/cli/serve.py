"""Commands of the service: serve, and the tokens of those who ask it."""

from pathlib import Path

import click

from cinespark.cli.output import say
from cinespark.errors import CineSparkError
from cinespark.paths import exports_of, project_root, state_dir, state_of_profile


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
    "--rate",
    default="6000/minute",
    show_default=True,
    help="Requests of one token, or of one address without one; or none.",
)
@click.option(
    "--failed-rate",
    default="30/minute",
    show_default=True,
    help="Wrong tokens of one address; or none.",
)
@click.option(
    "--proxies",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Proxies before it, each adding to X-Forwarded-For.",
)
@click.option("--log-requests", is_flag=True, help="Log a line for each request.")
@click.option(
    "--log-lists",
    is_flag=True,
    help="Keep which movies were shown to whom, for the table list_outcomes.",
)
@click.option(
    "--kafka",
    is_flag=True,
    help="Send ratings to a topic of Kafka (docs/streaming.md), not to segments.",
)
@click.pass_obj
def serve(
    state: Path | None,
    host: str,
    port: int,
    workers: int,
    names: tuple[str, ...],
    rate: str,
    failed_rate: str,
    proxies: int,
    log_requests: bool,
    log_lists: bool,
    kafka: bool,
) -> None:
    """Answer over HTTP from what is published, and follow what is published next.

    On this machine's own addresses reading is open until there are tokens; any other
    address wants one first: `cinespark token create`.
    """
    from cinespark.serve.rates import Rates
    from cinespark.serve.server import Binding
    from cinespark.serve.server import serve as run

    rates = Rates(rate, failed_rate)
    binding = Binding(
        host, port, workers, names, proxies, rates, log_requests, log_lists, kafka
    )
    try:
        root = project_root()
    except CineSparkError as error:
        if state is None:
            raise
        require_broker(state.absolute(), kafka)
        # versions that were copied here are served without a project
        run(state.absolute() / "exports", state.absolute(), binding, None, str(error))
        return
    folder = state_dir(state)
    require_broker(folder, kafka)
    reason = why_no_builds(root, folder)
    project = None if reason else root
    run(exports_of(folder), folder, binding, project, reason)


def require_broker(folder: Path, is_wanted: bool) -> None:
    """Raise if a broker is wanted and none is known; it need not answer yet."""
    if is_wanted:
        from cinespark.topic.settings import kafka_settings

        kafka_settings(folder, "any")


def why_no_builds(root: Path, folder: Path) -> str:
    """Return why a service of this state folder cannot build, empty if it can."""
    own = root / state_of_profile(root)
    if own.resolve() == folder.resolve():
        return ""
    return (
        f"the profile of {root} builds into {own}, and this is served from {folder}: "
        "serve it without --state-dir, or name that folder in the profile's state_dir"
    )


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
    from cinespark.serve.tokens import read_tokens, revoke_token

    folder = state_dir(state) / "serve"
    revoke_token(folder, name)
    say(f"{name} is revoked")
    if not read_tokens(folder):
        say("no token is left: on this machine anybody may read again")
