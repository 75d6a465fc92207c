"""Commands on models: predict with the published one, tune the parameters of any."""

from pathlib import Path

import click

from cinespark.cli.output import say
from cinespark.errors import CineSparkError
from cinespark.paths import exports_of, project_root, state_dir


@click.command()
@click.argument("pairs", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--encoding", help="Of PAIRS: latin-1, utf-16, …  [utf-8]")
@click.option("--delimiter", help="Of PAIRS: comma, semicolon, tab, pipe, colons.")
@click.pass_obj
def predict(
    state: Path | None,
    pairs: Path,
    out: Path,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Predict the stars of the PAIRS of a file, and write them to OUT.

    PAIRS has a header that names the user and the movie, as files of ratings have. OUT
    gets the columns predicted_rating and source: 'personal', or 'user', 'movie' or
    'mean' if only that is known. The published predictor is used; Spark is not needed.
    """
    from cinespark.data.columns_file import said_by_options
    from cinespark.score.predict_file import predict_file
    from cinespark.versions.words import current_vocabulary

    options = said_by_options(encoding, delimiter, None)
    exports = exports_of(state_dir(state))
    count = predict_file(pairs, out, exports, options)
    stars = current_vocabulary(exports).stars
    say(f"{out}: predicted {stars} of {count:,} pairs", err=True)


@click.command()
@click.argument("model", default="bayesian_mf", metavar="MODEL")
@click.option(
    "--trials",
    type=click.IntRange(min=2),
    default=30,
    show_default=True,
    help="How many in all; those of earlier searches count.",
)
@click.option("--target", envvar="DBT_TARGET", help="Target of profiles.yml.")
@click.pass_obj
def tune(state: Path | None, model: str, trials: int, target: str | None) -> None:
    """Search for better parameters of MODEL, a predictor or `blend`.

    Each trial learns from a part of the training rows of the last build and is judged
    on the validation rows; test rows are never used. Trials are runs in MLflow. Ctrl-C
    stops the search, the same command continues it. The result is proposed as vars.
    """
    from rich.progress import Progress

    from cinespark.data.landing import read_manifest
    from cinespark.data.store import CURRENT
    from cinespark.data.vars import own_vars
    from cinespark.evaluate.tuning import STORAGE, tunable, tune
    from cinespark.train.predictors import PREDICTORS

    if model not in tunable():
        raise CineSparkError(
            f"{model} cannot be tuned: name one of {', '.join(sorted(tunable()))}"
        )
    landed = read_manifest(state_dir(state) / "data" / CURRENT)
    variables = own_vars(landed, project_root()) if landed else {}
    is_of_events = variables.get("feedback") == "implicit"
    if is_of_events and model in PREDICTORS:
        raise CineSparkError(
            f"{model} predicts stars, and events have none: tune a ranker, as blend is"
        )
    from cinespark.show.query import open_session
    from cinespark.track.client import open_tracking

    session = open_session(project_root(), target, state)
    folder = Path(str(session.conf.get("spark.sparksession.state_dir")))
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
            variables,
        )
    words = f"{found.metric} {found.now:.4f} with the present vars"
    if not found.changes:
        say(f"{words}, and nothing better in {found.trials} trials")
        return
    say(f"{words}, {found.best:.4f} at best of {found.trials} trials, with")
    for var, (now, value) in found.changes.items():
        say(f"  {var}: {value:.4g}  # now {now:.4g}")
    place = "vars in dbt_project.yml"
    if is_of_events:
        place += ", those that event_settings has in there"
    say(f"put them under {place}, and see what the build says")
